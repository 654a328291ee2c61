"""The words that a call wrote into memory, to be marked in the message that led to it.

A link carries only the revision's id, which names the row with the call; its words are read anew.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents_app.conversations.queries.bodies import anchor
from agents_app.revisions.effects import Effect, effects
from agents_app.text.diff import compare_shown
from agents_app.text.masking.policy import searchable
from agents_app.text.matching import Finder, shared

_CALL: Final = re.compile(r"call:(?P<message>.+):\d+")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a call wrote: into which blocks, and what finds its words in another text."""

    message_id: str
    labels: tuple[str, ...]
    finder: Finder | None

    @property
    def is_telling(self) -> bool:
        """Whether there are words to look for."""
        return self.finder is not None


def wording(revision_id: str | None) -> Wording | None:
    """None for what is no call, or for one that wrote nothing that is known. Few statements."""
    named = _CALL.fullmatch(revision_id or "")
    call = anchor(named["message"]) if named else None
    if call is None:
        return None
    found = effects(call["agent_id"], [call["id"]])
    own = [one for effect in found.values() for one in effect if one.revision_id == revision_id]
    if not own:
        return None
    written = "\n".join(line for effect in own for line in _lines(effect))
    return Wording(call["id"], tuple(one.label for one in own), shared(written))


def _lines(effect: Effect) -> Iterator[str]:
    """Lines that are new or changed, without what the reader may not see."""
    for row in compare_shown(effect.before or "", effect.after or "").rows:
        if row.kind in ("added", "changed"):
            yield searchable("".join(span.text for span in row.new))
