"""Stored text as inert HTML, with the words that were searched for marked in it."""

import re
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents_app.text.marks import show

BEFORE_HIT = 300
MOST_HITS = 200


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws text of at most `limit` characters; `needle` is what hits are marked for."""

    limit: int
    needle: re.Pattern[str] | None = None

    def draw(self, text: str, *, limit: int | None = None) -> SafeString:
        """`text` as HTML; where the first hit lies beyond the limit, the part around it."""
        room = min(limit or self.limit, self.limit)
        first = self.needle.search(text) if self.needle else None
        if first is None:
            return show(text, limit=room)
        start = max(0, first.start() - BEFORE_HIT) if first.end() > room else 0
        left_out = format_html(
            '<span class="mark mark--cut">{} characters before …</span>', f"{start:,}"
        )
        return (left_out if start else SafeString()) + self._marked(text, start, start + room)

    def _marked(self, text: str, start: int, end: int) -> SafeString:
        pieces: list[SafeString] = []
        at = start
        for number, hit in enumerate(self.needle.finditer(text, start, min(end, len(text)))):  # type: ignore[union-attr]
            if number == MOST_HITS:
                break
            pieces += [
                show(text[at : hit.start()]),
                format_html('<mark class="hit">{}</mark>', show(hit[0])),
            ]
            at = hit.end()
        pieces.append(show(text[at:], limit=max(end - at, 0)))
        return format_html_join("", "{}", ((piece,) for piece in pieces))


def needle(words: str) -> re.Pattern[str] | None:
    """What to mark for a search; letters in any case."""
    return re.compile(re.escape(words), re.IGNORECASE) if words else None
