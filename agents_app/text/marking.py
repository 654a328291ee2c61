"""Inert HTML of stored text with parts of it marked."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents_app.text.marks import show
from agents_app.text.matching import Spans

BEFORE_HIT = 300


def marked(text: str, spans: Spans, *, limit: int) -> SafeString:
    """At most `limit` characters; where the first part lies beyond them, what stands around it."""
    if not spans:
        return show(text, limit=limit)
    start = max(0, spans[0][0] - BEFORE_HIT) if spans[0][1] > limit else 0
    left_out = format_html(
        '<span class="mark mark--cut">{} characters before …</span>', f"{start:,}"
    )
    return (left_out if start else SafeString()) + _between(text, spans, start, start + limit)


def _between(text: str, spans: Spans, start: int, end: int) -> SafeString:
    pieces: list[SafeString] = []
    at = start
    for first, last in spans:
        if first < at or last > end:
            continue
        pieces += [
            show(text[at:first]),
            format_html('<mark class="hit">{}</mark>', show(text[first:last])),
        ]
        at = last
    pieces.append(show(text[at:], limit=max(end - at, 0)))
    return format_html_join("", "{}", ((piece,) for piece in pieces))
