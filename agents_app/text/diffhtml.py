"""Spans of a compared line as inert HTML, white space drawn when it is asked for."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents_app.text.diff import Span
from agents_app.text.marks import show

LONGEST_SPAN: Final = 65_536
_BLANKS: Final = re.compile(r"([ \t\r\u00a0]+)")
_DRAWN: Final = str.maketrans({" ": "·", "\t": "→\t", "\r": "␍", "\u00a0": "⍽"})


def drawn(spans: Iterable[Span], tag: str = "ins", *, whitespace: bool = False) -> SafeString:
    """The line: changed parts in `tag` ("ins" or "del"), everything else plain."""
    return format_html_join("", "{}", ((one,) for one in _parts(list(spans), tag, whitespace)))


def _parts(spans: list[Span], tag: str, whitespace: bool) -> Iterator[SafeString]:  # noqa: FBT001
    whole = len(spans) == 1 and spans[0].changed
    for number, span in enumerate(spans, 1):
        text = span.text
        if number == len(spans) and not whitespace and not (span.changed and not whole):
            text = text.removesuffix("\r")
        inner = visible(text) if whitespace else show(text, limit=LONGEST_SPAN)
        yield _changed(inner, tag) if span.changed and not whole else inner


def _changed(inner: SafeString, tag: str) -> SafeString:
    if tag == "del":
        return format_html("<del>{}</del>", inner)
    return format_html("<ins>{}</ins>", inner)


def visible(text: str) -> SafeString:
    """Inert HTML in which blanks, tabs and carriage returns are drawn."""
    parts = _BLANKS.split(text[:LONGEST_SPAN])
    html = format_html_join("", "{}", ((_drawn(part, blank=n % 2 == 1),) for n, part in enumerate(parts)))
    left = len(text) - LONGEST_SPAN
    return html if left <= 0 else format_html("{}{}", html, show(" " * (left + 1), limit=1))


def _drawn(part: str, *, blank: bool) -> SafeString:
    if blank:
        return format_html('<span class="blank">{}</span>', part.translate(_DRAWN))
    return show(part)
