"""Stored text as inert HTML, with the words that were looked for marked in it."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from agents_app.text.marking import marked
from agents_app.text.matching import Finder


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws text of at most `limit` characters; `finder` says what is marked in it."""

    limit: int
    finder: Finder | None = None

    def draw(self, text: str, *, limit: int | None = None) -> SafeString:
        """`text` as HTML; where the first mark lies beyond the limit, the part around it."""
        room = min(limit or self.limit, self.limit)
        return marked(text, self.finder(text) if self.finder else (), limit=room)
