"""Which words two texts share: plain comparison of words, in any language that parts them."""

import re
from dataclasses import dataclass
from typing import Final

from agents_app.text.masking.policy import outside_masks, searchable

_WORD: Final = re.compile(r"\w+")
_SHORTEST: Final = 4
MOST_PIECES: Final = 400


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `is_shared` when the other text has the word as well."""

    text: str
    is_shared: bool


def telling_words(text: str) -> frozenset[str]:
    """Words that say something: of four letters and more, numbers, and whatever is not ASCII; none that is masked."""
    found = (word[0].casefold() for word in _WORD.finditer(searchable(text)))
    return frozenset(word for word in found if _tells(word))


def pieces(text: str, shared: frozenset[str]) -> list[Piece]:
    """The text in order, its shared words apart; joined it is the text. At most 400 pieces."""
    found: list[Piece] = []
    end = 0
    for word in _WORD.finditer(text):
        if word[0].casefold() not in shared or not outside_masks(text, [word.span()]):
            continue
        if len(found) >= MOST_PIECES:
            break
        if word.start() > end:
            found.append(Piece(text[end : word.start()], is_shared=False))
        found.append(Piece(word[0], is_shared=True))
        end = word.end()
    return [*found, Piece(text[end:], is_shared=False)] if end < len(text) else found


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST or not word.isascii() or any(map(str.isdigit, word))
