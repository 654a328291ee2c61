"""Where the words of one text occur in another, to be marked there; linear, and never a change of the text."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise
from typing import Final

from agents_app.text.search import fold
from agents_app.text.words import words

Spans = Sequence[tuple[int, int]]
Finder = Callable[[str], Spans]
"""Gives the parts of a text to be marked, in order and apart from each other."""

MOST_MARKS: Final = 200
LONGEST: Final = 200_000
CASED_LETTERS, UNCASED_LETTERS, DIGITS = 4, 2, 2  # from so many on a word tells something by itself


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def is_telling(self) -> bool:
        """Whether it says something by itself; a sign that writes a syllable or a word does not."""
        text = self.text
        if any(letter.isdigit() for letter in text):
            return len(text) >= DIGITS
        if _is_wide(text[0]):
            return False
        cased = unicodedata.category(text[0]) != "Lo"
        return len(text) >= (CASED_LETTERS if cased else UNCASED_LETTERS)


def literal(sought: str) -> Finder | None:
    """Finds a text as it is, in any case."""
    if not sought:
        return None
    pattern = re.compile(re.escape(sought), re.IGNORECASE)
    return lambda text: [hit.span() for hit in islice(pattern.finditer(text), MOST_MARKS)]


def shared(said: str) -> Finder | None:
    """Finds the words of `said`: those that tell something alone, others only beside their neighbour."""
    known = list(_words(said[:LONGEST]))
    alone = {word.text for word in known if word.is_telling}
    together = {(a.text, b.text) for a, b in pairwise(known) if _tell(a, b)}
    if not alone and not together:
        return None
    return lambda text: list(
        islice(_joined(_hits(text[:LONGEST], alone, together), text), MOST_MARKS)
    )


def _tell(first: _Word, second: _Word) -> bool:
    wide = _is_wide(first.text[0]) and _is_wide(second.text[0])
    return wide or first.is_telling or second.is_telling


def _hits(text: str, alone: set[str], together: set[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    found = list(_words(text))
    pairs = [(a.text, b.text) in together for a, b in pairwise(found)]
    beside = zip([False, *pairs], [*pairs, False], strict=False)
    for word, (before, after) in zip(found, beside, strict=False):
        if before or after or word.text in alone:
            yield word.start, word.end


def _joined(hits: Iterator[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """Hits with only blanks between them are one."""
    last: tuple[int, int] | None = None
    for start, end in hits:
        if last and (start == last[1] or text[last[1] : start].isspace()):
            last = last[0], end
            continue
        if last:
            yield last
        last = start, end
    if last:
        yield last


def _words(text: str) -> Iterator[_Word]:
    """Words with their places, folded; signs of scripts without blanks each by itself."""
    at = 0
    for part in words(text):
        for piece in _apart(part):
            start, at = at, at + len(piece)
            folded = fold(piece) if any(letter.isalnum() for letter in piece) else ""
            if folded:
                yield _Word(folded, start, at)


def _apart(part: str) -> Iterator[str]:
    """A word as it is, or its wide signs one by one with what stands between them."""
    if part.isascii() or not any(map(_is_wide, part)):
        yield part
        return
    for wide, run in groupby(part, key=_is_wide):
        letters = "".join(run)
        yield from letters if wide else (letters,)


def _is_wide(letter: str) -> bool:
    return not letter.isascii() and unicodedata.east_asian_width(letter) in "WF"
