"""Where each line of a value comes from: carried through the revisions by comparing neighbours."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from agents_app.revisions.revision import Revision
from agents_app.revisions.telling import OTHER as OTHER_SIDE
from agents_app.text.diff import Row, Span, Step, compare, lines
from agents_app.text.linechanges import as_steps, line_changes
from agents_app.text.masking import policy

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
    texts: list[str] = field(default_factory=list)
    origins: Sequence[Origin] = ()
    revision: Revision | None = None
    first: dict[str, Origin] = field(default_factory=dict)

    def feed(
        self, revision: Revision, *, value: str | None = None, changes: Sequence[int] | None = None
    ) -> None:
        """The next value; one that is not known, or the other side of a conflict, is passed over.

        `value` stands in for one that is not at hand, with how its lines differ where that is known.
        """
        value = revision.value if value is None else value
        if value is None or revision.id.endswith(OTHER_SIDE):
            return
        if value != self.value:
            changes = line_changes(self.value, value) if changes is None else changes
            self.origins = self._carried(revision, value, changes)
        self.value, self.revision = value, revision

    def lines(self) -> list[Line]:
        """As the reader may see them: the value is masked as a whole, so that no line tells of another."""
        texts = zip(lines(self.value), lines(policy.shown(self.value)), self.origins, strict=True)
        return [
            Line(number, shown, _shown_origin(origin, is_masked=shown != text))
            for number, (text, shown, origin) in enumerate(texts, 1)
        ]

    def _carried(self, revision: Revision, value: str, changes: Sequence[int]) -> list[Origin]:
        """Origins of the new lines: those kept are handed on, the others looked at one by one."""
        old, new = self.texts, lines(value)
        self.texts = new
        steps = as_steps(changes, len(old))
        ignored = (
            self.ignore_rewrites and _much(changes, len(old)) and is_rewrite(self.value, value)
        )
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


def _shown_origin(origin: Origin, *, is_masked: bool) -> Origin:
    """Without the words that changed where the line, or the one before it, holds something masked."""
    if not (origin.was or origin.spans):
        return origin
    was = "".join(span.text for span in origin.was)
    if not is_masked and policy.shown(was) == was:
        return origin
    return replace(origin, spans=(), was=())


def _changed(old: list[str], new: list[str]) -> dict[int, Row]:
    """Rows of lines that changed only in part, by number among the new ones."""
    if not old or not new:
        return {}
    rows = compare("\n".join(old), "\n".join(new)).rows
    return {row.new_number: row for row in rows if row.new_number and row.kind == "changed"}


def _much(changes: Sequence[int], count: int) -> bool:
    """Whether enough lines changed for a rewrite at all; spares comparing two long texts."""
    return sum(changes[1::4]) - sum(changes[::4]) >= REWRITTEN * count


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
