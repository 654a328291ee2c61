"""A line as words, runs of blanks and single signs, none of which parts a letter from its marks."""

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"\s+|\w+|[^\w\s]")
_JOINER: Final = "\u200d"
_CLINGING: Final = frozenset({"Mn", "Mc", "Me", "Cf", "Sk"})


def words(line: str) -> list[str]:
    """All of the line in order: joined they give it back."""
    found = _WORD.findall(line)
    return found if line.isascii() else _whole(found)


def _whole(found: list[str]) -> list[str]:
    """Marks, joiners and modifiers stay with what they follow; what a joiner joins stays together."""
    kept: list[str] = []
    for word in found:
        clings = unicodedata.category(word[0]) in _CLINGING and not word[0].isascii()
        if kept and not kept[-1].isspace() and (clings or kept[-1].endswith(_JOINER)):
            kept[-1] += word
        else:
            kept.append(word)
    return kept
