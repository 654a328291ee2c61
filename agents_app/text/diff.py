"""Two texts compared line by line, and word by word inside lines that changed; pure, in bounded time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final, Literal

from agents_app.text.masking import policy
from agents_app.text.words import words

Kind = Literal["same", "changed", "removed", "added"]
Step = tuple[str, int, int, int, int]

MOST_WORDS: Final = 8_000
MOST_PAIRS: Final = 300_000
COMMON: Final = 400
MOST_ALIGNED: Final = 900
ALIKE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line; `changed` when the other side lacks it."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of both sides; numbers begin at 1 and are None, with no spans, on the side that lacks it."""

    kind: Kind
    old_number: int | None
    new_number: int | None
    old: tuple[Span, ...] = ()
    new: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class InlineLine:
    """A line of the inline view; `sign` is "+", "-" or a blank."""

    sign: str
    old_number: int | None
    new_number: int | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that follow each other; a `folded` stretch is unchanged and far from any change."""

    rows: tuple[Row, ...]
    folded: bool = False

    @property
    def inline(self) -> tuple[InlineLine, ...]:
        return tuple(inline(self.rows))


@dataclass(frozen=True, slots=True)
class Diff:
    """`added` and `removed` count lines that only one side has; `moved` ones are on both, elsewhere.

    `coarse` says that the texts are too long or too alike in themselves to be compared in detail,
    `is_masked` that they differ in nothing but what is masked.
    """

    rows: tuple[Row, ...]
    added: int
    removed: int
    moved: int
    coarse: bool = False
    is_masked: bool = False

    @property
    def is_empty(self) -> bool:
        return all(row.kind == "same" for row in self.rows)

    def stretches(self, *, around: int = 3) -> list[Stretch]:
        """All rows, those further than `around` lines from a change folded away."""
        return list(_stretches(self.rows, around))


def lines(text: str | None) -> list[str]:
    """The lines of a text, parted by line feeds; none of an empty text."""
    return text.split("\n") if text else []


def compare(old: str | None, new: str | None) -> Diff:
    """The difference of two texts; an absent one has no lines."""
    before, after = lines(old), lines(new)
    steps, coarse = opcodes(before, after)
    rows: list[Row] = []
    budget = _Budget()
    for tag, low, high, start, end in steps:
        if tag == "equal":
            rows += (_same(low + n, start + n, line) for n, line in enumerate(before[low:high]))
        else:
            rows += _changed(before[low:high], after[start:end], low, start, budget)
    added, removed = counts(before, after)
    unmatched = sum(end - start for tag, _, _, start, end in steps if tag != "equal")
    return Diff(tuple(rows), added, removed, max(unmatched - added, 0), coarse or budget.spent)


def compare_shown(old: str | None, new: str | None) -> Diff:
    """The difference of two texts as the reader may see them; each is masked as a whole before."""
    found = compare(_shown(old), _shown(new))
    return replace(found, is_masked=True) if found.is_empty and old != new else found


def _shown(text: str | None) -> str | None:
    return None if text is None else policy.shown(text)


def counts(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many lines only the later and only the earlier text has; moved lines are in neither."""
    new, old = Counter(after), Counter(before)
    return (new - old).total(), (old - new).total()


def opcodes(before: Sequence[str], after: Sequence[str]) -> tuple[list[Step], bool]:
    """Steps as `SequenceMatcher.get_opcodes` names them, and whether the middle was given up as too costly.

    What both sides begin and end with is set aside first; items that recur very often do not anchor
    a match, so that the time stays near linear.
    """
    head, tail = _edges(before, after)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    middle, coarse = _middle(old, new)
    steps: list[Step] = [("equal", 0, head, 0, head)] if head else []
    steps += [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in middle]
    if tail:
        steps.append(("equal", len(before) - tail, len(before), len(after) - tail, len(after)))
    return steps, coarse


def inline(rows: Sequence[Row]) -> Iterator[InlineLine]:
    """The rows as one column: of each run of changes first what went, then what came."""
    came: list[InlineLine] = []
    for row in rows:
        if row.kind == "same":
            yield from came
            came = []
            yield InlineLine(" ", row.old_number, row.new_number, row.new)
            continue
        if row.old_number is not None:
            yield InlineLine("-", row.old_number, None, row.old)
        if row.new_number is not None:
            came.append(InlineLine("+", None, row.new_number, row.new))
    yield from came


@dataclass(slots=True)
class _Budget:
    """How many more words one comparison may look at."""

    left: int = MOST_WORDS
    spent: bool = False

    def takes(self, count: int) -> bool:
        self.left -= count
        self.spent = self.spent or self.left < 0
        return self.left >= 0


def _edges(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    most, head = min(len(before), len(after)), 0
    while head < most and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < most - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return head, tail


def _middle(old: Sequence[str], new: Sequence[str]) -> tuple[list[Step], bool]:
    if not old or not new:
        tag = "delete" if old else "insert"
        return ([(tag, 0, len(old), 0, len(new))] if old or new else []), False
    first, second = Counter(old), Counter(new)
    pairs = {item: count * second[item] for item, count in first.items() if item in second}
    junk: set[str] = {item for item in pairs if item.isspace()}
    if sum(pairs.values()) > MOST_PAIRS:
        junk |= {item for item, count in pairs.items() if count > COMMON}
    if sum(count for item, count in pairs.items() if item not in junk) > MOST_PAIRS:
        return [("replace", 0, len(old), 0, len(new))], True
    matcher = SequenceMatcher(junk.__contains__, old, new, autojunk=False)
    return list(matcher.get_opcodes()), False


def _same(old_index: int, new_index: int, line: str) -> Row:
    spans = (Span(line),)
    return Row("same", old_index + 1, new_index + 1, spans, spans)


def _changed(
    before: list[str], after: list[str], low: int, start: int, budget: _Budget
) -> Iterator[Row]:
    """Rows of one run of changes: lines that are alike beside each other, the others alone."""
    for old, new in _aligned(before, after):
        if old is None and new is not None:
            yield Row("added", None, start + new + 1, new=(Span(after[new], changed=True),))
        elif new is None and old is not None:
            yield Row("removed", low + old + 1, None, old=(Span(before[old], changed=True),))
        elif old is not None and new is not None:
            left, right = _by_words(before[old], after[new], budget)
            yield Row("changed", low + old + 1, start + new + 1, left, right)


def _aligned(before: list[str], after: list[str]) -> Iterator[tuple[int | None, int | None]]:
    """Indexes of lines that stand beside each other, in order; each index once."""
    old = new = 0
    for left, right in _partners(before, after):
        yield from ((index, None) for index in range(old, left))
        yield from ((None, index) for index in range(new, right))
        yield left, right
        old, new = left + 1, right + 1
    yield from ((index, None) for index in range(old, len(before)))
    yield from ((None, index) for index in range(new, len(after)))


def _partners(before: list[str], after: list[str]) -> list[tuple[int, int]]:
    """Pairs of similar lines in order; the best set of them when the run is short."""
    if not before or not after:
        return []
    bags, others = [_bag(line) for line in before], [_bag(line) for line in after]
    if len(before) * len(after) > MOST_ALIGNED:
        zipped = enumerate(zip(bags, others, strict=False))
        return [(n, n) for n, (left, right) in zipped if _alike(left, right) >= ALIKE]
    return _best(bags, others)


def _best(bags: list[Counter[str]], others: list[Counter[str]]) -> list[tuple[int, int]]:
    """The order-preserving pairs with the highest total of likeness."""
    width = len(others)
    total = [[0.0] * (width + 1) for _ in range(len(bags) + 1)]
    like = [[_alike(left, right) for right in others] for left in bags]
    for i in range(len(bags) - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            paired = like[i][j] + total[i + 1][j + 1] if like[i][j] >= ALIKE else 0.0
            total[i][j] = max(total[i + 1][j], total[i][j + 1], paired)
    found, i, j = [], 0, 0
    while i < len(bags) and j < width:
        if like[i][j] >= ALIKE and total[i][j] == like[i][j] + total[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif total[i][j] == total[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _bag(line: str) -> Counter[str]:
    return Counter(word for word in words(line[:20_000]) if not word.isspace())


def _alike(left: Counter[str], right: Counter[str]) -> float:
    """Share of words in common, 0 to 1; two lines of blanks are alike."""
    both = left.total() + right.total()
    return 2 * (left & right).total() / both if both else 1.0


def _by_words(old: str, new: str, budget: _Budget) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    before, after = words(old), words(new)
    head, tail = _edges(before, after)
    if not budget.takes(len(before) + len(after) - 2 * (head + tail)):
        return _around(old, before, head, tail), _around(new, after, head, tail)
    steps, _ = opcodes(before, after)
    left = [Span("".join(before[a:b]), tag != "equal") for tag, a, b, _, _ in steps if b > a]
    right = [Span("".join(after[c:d]), tag != "equal") for tag, _, _, c, d in steps if d > c]
    return tuple(left), tuple(right)


def _around(line: str, found: list[str], head: int, tail: int) -> tuple[Span, ...]:
    """The line with everything between its unchanged edges marked."""
    begin = sum(map(len, found[:head]))
    end = len(line) - sum(map(len, found[len(found) - tail :]))
    parts = (Span(line[:begin]), Span(line[begin:end], changed=True), Span(line[end:]))
    return tuple(part for part in parts if part.text)


def _stretches(rows: Sequence[Row], around: int) -> Iterator[Stretch]:
    near = bytearray(len(rows))
    for index, row in enumerate(rows):
        if row.kind != "same":
            low, high = max(index - around, 0), min(index + around + 1, len(rows))
            near[low:high] = b"\x01" * (high - low)
    begin = 0
    for index in range(1, len(rows) + 1):
        if index == len(rows) or near[index] != near[begin]:
            yield Stretch(tuple(rows[begin:index]), folded=not near[begin])
            begin = index
