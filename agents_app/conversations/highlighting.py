"""Stored text as inert HTML, with the words that were looked for marked in it."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from agents_app.text.marking import marked
from agents_app.text.masking import policy
from agents_app.text.matching import Finder


@dataclass(frozen=True, slots=True)
class Pen:
    """Draws text of at most `limit` characters; `finder` says what is marked in it."""

    limit: int
    finder: Finder | None = None

    def draw(self, text: str, *, limit: int | None = None) -> SafeString:
        """`text` as HTML; where the first mark lies beyond the limit, the part around it.

        What is masked is masked before anything is looked for in it.
        """
        room = min(limit or self.limit, self.limit)
        if not self.finder:
            return marked(text, (), limit=room)
        shown = policy.shown(text)
        return marked(shown, policy.outside_masks(shown, self.finder(shown)), limit=room)
