"""Spans of a compared line as inert HTML, white space drawn when it is asked for."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents_app.text.diff import Span
from agents_app.text.marks import show

LONGEST_SPAN: Final = 65_536
_BLANKS: Final = re.compile(r"([ \t\r\u00a0]+)")
_DRAWN: Final = str.maketrans({" ": "·", "\t": "→\t", "\r": "␍", "\u00a0": "⍽"})
_ELEMENTS: Final = {"ins": "<ins>{}</ins>", "del": "<del>{}</del>"}


def drawn(spans: Sequence[Span], element: str = "ins", *, whitespace: bool = False) -> SafeString:
    """The line as inline HTML: the changed parts of a line in `element`, "ins" or "del".

    A line that is new or gone as a whole has no such parts. The carriage return of a CRLF is drawn
    where it is the change itself, or with all `whitespace`.
    """
    return format_html_join(
        "", "{}", ((part,) for part in _parts(spans, element, whitespace=whitespace))
    )


def visible(text: str) -> SafeString:
    """Inert HTML in which blanks, tabs and carriage returns are drawn; a very long text is cut instead."""
    if len(text) > LONGEST_SPAN:
        return show(text, limit=LONGEST_SPAN)
    parts = enumerate(_BLANKS.split(text))
    return format_html_join(
        "", "{}", ((_blank(part) if n % 2 else show(part),) for n, part in parts)
    )


def _parts(spans: Sequence[Span], element: str, *, whitespace: bool) -> Iterator[SafeString]:
    whole = len(spans) == 1
    for number, span in enumerate(spans, 1):
        part = span.changed and not whole
        ends = number == len(spans) and not part
        text = span.text.removesuffix("\r") if ends and not whitespace else span.text
        inner = visible(text) if whitespace else show(text, limit=LONGEST_SPAN)
        yield format_html(_ELEMENTS[element], inner) if part else inner


def _blank(run: str) -> SafeString:
    return format_html('<span class="blank">{}</span>', run.translate(_DRAWN))
