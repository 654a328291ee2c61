"""Scores rebuilt histories against recorded ones: what was recovered, in order, and what was invented."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from agents_app.revisions.revision import Revision

SURE: Final = ("observed", "verified")
DIRECT: Final = frozenset({"tool_return_value", "trace", "current"})
TARGET: Final = 0.99


@dataclass(slots=True)
class Score:
    """Counts over blocks; `misses` are block, index in the record (-1: only ours) and what is wrong.

    `marked` counts every value for which the record names any evidence, `determinable` those that
    this evidence determines (see `reachable`), `baseless` the marked ones that it does not: calls
    that need a value before them which nothing stored shows.
    """

    marked: int = 0
    marked_recovered: int = 0
    determinable: int = 0
    recovered: int = 0
    baseless: int = 0
    sure: int = 0
    invented: int = 0
    unsure: int = 0
    unsure_wrong: int = 0
    edits: int = 0
    caused: int = 0
    misses: list[tuple[str, int, str]] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def meets_targets(self) -> bool:
        recovered = self.recovered >= TARGET * self.determinable
        return recovered and not self.invented and self.caused >= TARGET * self.edits

    def line(self) -> str:
        return (
            f"recovered {self.recovered} of {self.determinable} determinable in order "
            f"({_share(self.recovered, self.determinable)}); "
            f"of all marked {self.marked_recovered} of {self.marked}, where {self.baseless} are calls "
            f"on a value that nothing shows; "
            f"invented {self.invented} of {self.sure} observed or verified; "
            f"{self.unsure_wrong} of {self.unsure} others wrong; "
            f"cause right {self.caused} of {self.edits} ({_share(self.caused, self.edits)})"
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "–"


def score(block_id: str, truth: Sequence[dict[str, Any]], found: Sequence[Revision]) -> Score:
    """`truth` are the recorded revisions of one block, oldest first."""
    result = Score()
    matched = _in_order([one["value"] for one in truth], [one.value for one in found])
    within_reach = reachable(truth)
    for index, one in enumerate(truth):
        marked = one["determinable"] != ["none"]
        result.marked += marked
        result.marked_recovered += marked and index in matched
        result.baseless += marked and index not in within_reach
        if index in within_reach:
            result.determinable += 1
            result.recovered += index in matched
            if index not in matched:
                result.misses.append((block_id, index, "value, " + " ".join(one["determinable"])))
    _grades(result, block_id, {one["value"] for one in truth}, found)
    _causes(result, block_id, truth, found)
    return result


def reachable(truth: Sequence[dict[str, Any]]) -> set[int]:
    """Which values the stored evidence determines, by the marks of the record.

    "call" says that the call gives the value when applied to the one before; without the mark
    `absolute` it therefore determines one only where the one before is determined. A value with
    `invertible_from_next` is also determined where the next one is.
    """
    found = {index for index, one in enumerate(truth) if _absolute(one)}
    while True:
        replayed = {
            index
            for index, one in enumerate(truth)
            if "call" in one["determinable"] and index - 1 in found
        }
        undone = {
            index
            for index, one in enumerate(truth)
            if one.get("invertible_from_next") and index + 1 in found
        }
        if replayed | undone <= found:
            return found
        found |= replayed | undone


def _absolute(one: dict[str, Any]) -> bool:
    known = set(one["determinable"])
    return bool(DIRECT & known) or ("call" in known and bool(one.get("absolute")))


def _grades(result: Score, block_id: str, real: set[str], found: Sequence[Revision]) -> None:
    for revision in found:
        if revision.value is None:
            continue
        wrong = revision.value not in real
        if revision.grade in SURE:
            result.sure += 1
            result.invented += wrong
        else:
            result.unsure += 1
            result.unsure_wrong += wrong
        if wrong and revision.grade in SURE:
            result.misses.append((block_id, -1, f"invented {revision.id}"))


def _causes(
    result: Score, block_id: str, truth: Sequence[dict[str, Any]], found: Sequence[Revision]
) -> None:
    """Where the value is known its revision must name the row with the call; else some revision must."""
    for index, one in enumerate(truth):
        cause = one["cause"]
        if (
            cause["kind"] not in ("tool", "custom")
            or not cause.get("stored")
            or not cause.get("message_id")
        ):
            continue
        result.edits += 1
        with_value = {revision.message_id for revision in found if revision.value == one["value"]}
        named = (
            {revision.message_id for revision in found}
            if index not in reachable(truth)
            else with_value
        )
        right = cause["message_id"] in named
        result.caused += right
        if not right:
            result.misses.append((block_id, index, f"cause, {cause['kind']} {cause.get('tool')}"))


def _in_order(truth: Sequence[str], found: Sequence[str | None]) -> dict[int, int]:
    """The longest common subsequence: index in `truth` to index in `found`."""
    rows, columns = len(truth), len(found)
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            skipped = max(best[row + 1][column], best[row][column + 1])
            best[row][column] = (
                1 + best[row + 1][column + 1] if truth[row] == found[column] else skipped
            )
    pairs, row, column = {}, 0, 0
    while row < rows and column < columns:
        if truth[row] == found[column]:
            pairs[row] = column
            row, column = row + 1, column + 1
        elif best[row + 1][column] >= best[row][column + 1]:
            row += 1
        else:
            column += 1
    return pairs
