"""A text as the rules read it: without what draws nothing, escapes of JSON and addresses undone, wide signs narrow.

Every place of the plain text is known in the written one, so that what is found there is masked here.
"""

import re
from bisect import bisect_right
from typing import Final

_INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_DRAWS_NOTHING = re.compile(f"[{_INVISIBLE}]")
_WRITTEN_OTHERWISE = re.compile(
    rf"[{_INVISIBLE}]+|\\{{1,8}}(?:u[0-9a-fA-F]{{4}}|x[0-9a-fA-F]{{2}}|[nrtbf\"'/])"
    r"|&(?:nbsp|#(?:64|46|160|x40|x2[eE]|x[aA]0));|%(?:40|2[027bBcCdDeEfF]|3[aA]|5[bBdDfF])|[\uff01-\uff5e\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]+"
)
_WIDE: Final = {
    **{point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)},
    **{zero + digit: 48 + digit for zero in (0x0660, 0x06F0, 0x0966) for digit in range(10)},
}
"""Full-width signs, and the digits of Arabic, Persian and Hindi."""
_ENTITIES: Final = {"&#64;": "@", "&#x40;": "@", "&#46;": ".", "&#x2e;": "."}
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}


class Unfolded:
    """`plain` is what rules look at; `span` says where a part of it stands in the written text."""

    __slots__ = ("_ends", "_lengths", "_plain_at", "_text_at", "plain")

    def __init__(self, text: str) -> None:
        self._plain_at: list[int] = []
        self._text_at: list[int] = []
        self._ends: list[int] = []
        self._lengths: list[int] = []
        pieces: list[str] = []
        at = length = 0
        for found in _WRITTEN_OTHERWISE.finditer(text):
            for piece, start, end in (
                (text[at : found.start()], at, found.start()),
                (_meant(found[0]), found.start(), found.end()),
            ):
                length += self._add(pieces, piece, length, start, end)
            at = found.end()
        self._add(pieces, text[at:], length, at, len(text))
        self.plain = "".join(pieces)

    def _add(self, pieces: list[str], piece: str, plain_at: int, start: int, end: int) -> int:
        if piece:
            pieces.append(piece)
            self._plain_at.append(plain_at)
            self._text_at.append(start)
            self._ends.append(end)
            self._lengths.append(len(piece))
        return len(piece)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `plain[start:end]`, which is not empty, stands in the written text."""
        first = bisect_right(self._plain_at, start) - 1
        last = bisect_right(self._plain_at, end - 1) - 1
        begins, ends = self._text_at[first], self._ends[last]
        if self._is_literal(first):
            begins += start - self._plain_at[first]
        if self._is_literal(last):
            ends = self._text_at[last] + end - self._plain_at[last]
        return begins, ends

    def _is_literal(self, segment: int) -> bool:
        return self._ends[segment] - self._text_at[segment] == self._lengths[segment]


def unfolded(text: str) -> Unfolded | None:
    """None when the text is plain already."""
    if text.isascii() and not ("\\" in text or "&" in text or "%" in text):
        return None
    return Unfolded(text) if _WRITTEN_OTHERWISE.search(text) else None


def _meant(written: str) -> str:
    """What a piece stands for; nothing for what draws nothing."""
    if written[0] == "\\":
        sign = written.lstrip("\\")
        meant = chr(int(sign[1:], 16)) if sign[0] in "ux" else _ESCAPES.get(sign, sign)
        return "" if _DRAWS_NOTHING.match(meant) else _narrow(meant)
    if written[0] == "&":
        return _ENTITIES.get(written.lower(), " ")
    if written[0] == "%":
        return chr(int(written[1:], 16))
    return _narrow(written) if ord(written[0]) in _WIDE else ""


def _narrow(signs: str) -> str:
    return signs.translate(_WIDE)
