"""What a history gives away about the quality of a memory: churn, flip-flops, rewrites that lost text."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from agents_app.memory.telling import OTHER_SIDE
from agents_app.revisions.revision import Revision
from agents_app.text.diff import lines
from agents_app.text.words import words

RECENT: Final = timedelta(days=30)
SHORTEST: Final = 40  # characters; of less than that nothing much can be lost
LONGEST: Final = 50_000  # characters whose words are compared; of more, their lines
LOST: Final = 0.5


@dataclass(frozen=True)
class FlipFlop:
    """A value that was left (`first` brought it, `away` was the first other one) and came back."""

    first: Revision
    away: Revision
    back: Revision


@dataclass(frozen=True)
class Loss:
    """A write after which more than half of the words before it were gone; `share` is 0 to 1."""

    before: Revision
    revision: Revision
    share: float


@dataclass(frozen=True)
class Signs:
    """Writes with a known value after the first; `recent` are those of the last 30 days."""

    writes: int
    recent: int
    added: int
    removed: int
    flip_flops: Sequence[FlipFlop]
    losses: Sequence[Loss]


def signs(revisions: Sequence[Revision], now: datetime) -> Signs:
    """Of a history, oldest first."""
    known = [one for one in revisions if one.value is not None and not one.id.endswith(OTHER_SIDE)]
    later = known[1:]
    return Signs(
        writes=len(later),
        recent=sum(1 for one in later if _after(one, now - RECENT)),
        added=sum(one.added for one in later),
        removed=sum(one.removed for one in later),
        flip_flops=flip_flops(known),
        losses=losses(known),
    )


def flip_flops(known: Sequence[Revision]) -> list[FlipFlop]:
    """A to B to A; an empty value that comes back is none."""
    found: list[FlipFlop] = []
    last: dict[str, int] = {}
    for index, one in enumerate(known):
        value = one.value or ""
        place = last.get(value)
        if value.strip() and place is not None and index - place > 1:
            found.append(FlipFlop(known[place], known[place + 1], one))
        last[value] = index
    return found


def losses(known: Sequence[Revision]) -> list[Loss]:
    found = []
    for before, one in pairwise(known):
        if one.removed and (share := lost(before.value or "", one.value or "")) > LOST:
            found.append(Loss(before, one, share))
    return found


def lost(old: str, new: str) -> float:
    """The share of words (of lines, in a long text) that the later text has no more, 0 to 1."""
    if len(old) < SHORTEST:
        return 0.0
    before, after = Counter(_parts(old)), Counter(_parts(new))
    total = sum(len(part) * count for part, count in before.items())
    gone = sum(len(part) * count for part, count in (before - after).items())
    return gone / total if total else 0.0


def _parts(text: str) -> list[str]:
    if len(text) > LONGEST:
        return lines(text)
    return [word for word in words(text.casefold()) if not word.isspace()]


def _after(one: Revision, moment: datetime) -> bool:
    if not isinstance(one.at, datetime):
        return False
    at = one.at if one.at.tzinfo else one.at.replace(tzinfo=UTC)
    return at >= moment
