"""Where each line of a value comes from: carried through the revisions by comparing neighbours."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from agents_app.memory.telling import OTHER_SIDE
from agents_app.revisions.revision import Revision
from agents_app.text.diff import Row, Span, Step, compare, lines, opcodes

TELLING_LENGTH: Final = 6
REWRITTEN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Origin:
    """The revision that brought a line, and the line before it where it only changed.

    `returned` is the revision that brought it back after it had vanished. `through` counts ignored
    rewrites that the line was followed through.
    """

    revision: Revision
    spans: tuple[Span, ...] = ()
    was: tuple[Span, ...] = ()
    before: Revision | None = None
    returned: Revision | None = None
    through: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the value with where it comes from."""

    number: int
    text: str
    origin: Origin


@dataclass(slots=True)
class Blame:
    """Feeds on revisions, oldest first; `origins` belong to the lines of the value fed last."""

    ignore_rewrites: bool = False
    value: str = ""
    origins: Sequence[Origin] = ()
    revision: Revision | None = None
    first: dict[str, Origin] = field(default_factory=dict)

    def feed(self, revision: Revision) -> None:
        """The next value; one that is not known, or the other side of a conflict, is passed over."""
        if revision.value is None or revision.id.endswith(OTHER_SIDE):
            return
        if revision.value != self.value:
            self.origins = self._carried(revision, lines(self.value), lines(revision.value))
        self.value, self.revision = revision.value, revision

    def lines(self) -> list[Line]:
        texts = zip(lines(self.value), self.origins, strict=True)
        return [Line(number, text, origin) for number, (text, origin) in enumerate(texts, 1)]

    def _carried(self, revision: Revision, old: list[str], new: list[str]) -> list[Origin]:
        """Origins of the new lines: those kept are handed on, the others looked at one by one."""
        steps = opcodes(old, new)[0]
        ignored = self.ignore_rewrites and is_rewrite(self.value, revision.value)
        moved = self._gone(old, steps)
        found: list[Origin] = []
        for tag, low, high, start, end in steps:
            if tag == "equal":
                found += self.origins[low:high]
                continue
            changed = _changed(old[low:high], new[start:end])
            for index, text in enumerate(new[start:end], 1):
                row = changed.get(index)
                earlier = self.origins[low + row.old_number - 1] if row and row.old_number else None
                found.append(self._origin(revision, text, row, earlier, moved, ignored=ignored))
        return found

    def _gone(self, old: list[str], steps: Sequence[Step]) -> dict[str, list[Origin]]:
        """Lines that went from their place and may stand elsewhere now."""
        found: dict[str, list[Origin]] = {}
        for tag, low, high, _, _ in steps:
            for index in range(low, high) if tag != "equal" else ():
                if old[index].strip():
                    found.setdefault(old[index], []).append(self.origins[index])
        return found

    def _origin(
        self, revision: Revision, text: str, row: Row | None, earlier: Origin | None,
        moved: dict[str, list[Origin]], *, ignored: bool,
    ) -> Origin:  # fmt: skip
        if moved.get(text):
            return moved[text].pop(0)
        if text in self.first:
            first = self.first[text]
            return replace(first, returned=first.returned or revision)
        if row is not None and earlier is not None and ignored:
            found = replace(earlier, through=earlier.through + 1)
        elif row is not None:
            found = Origin(revision, row.new, row.old, self.revision)
        else:
            found = Origin(revision, before=self.revision)
        if len(text.strip()) >= TELLING_LENGTH:
            self.first[text] = found
        return found


def _changed(old: list[str], new: list[str]) -> dict[int, Row]:
    """Rows of lines that changed only in part, by number among the new ones."""
    if not old or not new:
        return {}
    rows = compare("\n".join(old), "\n".join(new)).rows
    return {row.new_number: row for row in rows if row.new_number and row.kind == "changed"}


def is_rewrite(old: str | None, new: str | None) -> bool:
    """Whether at least half of what a text said is gone from the next one, and something else is there."""
    before, after = Counter(lines(old)), Counter(lines(new))
    gone = (before - after).total()
    return before.total() > 1 and bool(after - before) and gone >= REWRITTEN * before.total()


def blamed(revisions: Iterable[Revision], *, until: str | None, ignore_rewrites: bool) -> Blame:
    """The blame of the value that revision `until` left, or the last known one."""
    found = Blame(ignore_rewrites=ignore_rewrites)
    for one in revisions:
        found.feed(one)
        if until is not None and one.id == until:
            break
    return found
