"""How words are spelled inside JSON text, so that SQL can look for them before Python decodes.

Letta's `json` columns hold ASCII-escaped text, and some of it is JSON inside a JSON string (tool
arguments, packed envelopes), escaped twice. What SQL finds is only a candidate: `contains` on
the decoded text decides.
"""

import json
import re
from functools import cache, lru_cache
from typing import Final

from agents_app.text.codepoints import folds_to
from agents_app.text.jsontext import clean

_MAX_PREFILTER: Final = 48

_INVISIBLE_POINTS: Final = (
    *(0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
)
_INVISIBLE = re.compile("[" + "".join(map(chr, _INVISIBLE_POINTS)) + "]+")
# The same characters in a PostgreSQL regular expression, raw or escaped once or more.
_INVISIBLE_SQL: Final = (
    "(?:[\u00ad\u034f\u061c\u180e\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f]"
    r"|\\+u(?:00[aA][dD]|034[fF]|061[cC]|180[eE]|[fF][eE][fF][fF]|200[b-fB-F]|202[a-eA-E]"
    r"|206[0-9a-fA-F]|[fF][eE]0[0-9a-fA-F]))*"
)
_SHORT_ESCAPES: Final = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_SQL_SPECIAL: Final = frozenset("\\^$.[]|()*+?{}-/")


def fold(text: str) -> str:
    """`text` without invisible characters and without case, as `contains` compares it."""
    return _INVISIBLE.sub("", clean(text).casefold())


def contains(haystack: str, needle: str) -> bool:
    """Whether decoded text holds the needle, whatever its case and invisible characters."""
    return fold(needle) in fold(haystack)


def needle_variants(text: str) -> list[str]:
    """Every spelling of `text` in this very case: raw, escaped, and escaped twice.

    For `position()` or LIKE (escape its wildcards); case only folds for ASCII there, so use
    `needle_regex` to look for words in any case.
    """
    once = [_escaped(text, ascii_only=ascii_only) for ascii_only in (True, False)]
    twice = [_escaped(inner, ascii_only=outer) for inner in once for outer in (True, False)]
    spellings = [text, *once, *twice]
    upper = [_upper_hex(spelling) for spelling in spellings]
    return list(dict.fromkeys(clean(spelling) for spelling in spellings + upper))


def _escaped(text: str, *, ascii_only: bool) -> str:
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]


def _upper_hex(spelling: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: "\\u" + code[1].upper(), spelling)


def needle_regex(text: str) -> str:
    """A PostgreSQL regular expression (for `~`) that matches wherever `contains` would.

    Each character stands for itself in any case, raw or escaped any number of times; invisible
    characters may stand between. It may match more than `contains`; a needle is looked at up to
    its first 48 characters. Empty for an empty needle.
    """
    return _INVISIBLE_SQL.join(_pieces(fold(text)[:_MAX_PREFILTER]))


def _pieces(folded: str) -> list[str]:
    """One expression for each character, or for each run that fewer characters may stand for.

    ß stands for ss, and ﬃ for ffi: such a run matches any of its characters, as many as it has
    or fewer, which is more than exact and never less.
    """
    pieces: list[str] = []
    start = 0
    while start < len(folded):
        end = _end_of_run(folded, start)
        spelling = "|".join(_spelling(character) for character in sorted(set(folded[start:end])))
        times = f"{{1,{end - start}}}" if end - start > 1 else ""
        between = _INVISIBLE_SQL if times else ""
        pieces.append(f"(?:(?:{spelling}){between}){times}")
        start = end
    return pieces


def _end_of_run(folded: str, start: int) -> int:
    end, position = start + 1, start
    while position < end:
        for length in (2, 3):
            if folded[position : position + length] in _expansions():
                end = max(end, position + length)
        position += 1
    return min(end, len(folded))


@cache
def _expansions() -> frozenset[str]:
    return frozenset(folded for folded in folds_to() if len(folded) > 1)


@cache
def _standing_for() -> dict[str, str]:
    """For each folded character, the other characters whose case folding holds it."""
    found: dict[str, set[str]] = {}
    for folded, characters in folds_to().items():
        for character in folded:
            found.setdefault(character, set()).update(characters)
    return {character: "".join(sorted(twins)) for character, twins in found.items()}


@lru_cache(maxsize=4096)
def _spelling(character: str) -> str:
    twins = character + _standing_for().get(character, "")
    raw = "".join(f"\\{twin}" if twin in _SQL_SPECIAL else twin for twin in twins if twin != "\0")
    escaped = [_escape_pattern(twin) for twin in twins if not " " <= twin <= "~"]
    if character in '"\\':
        return r"\\+" if character == "\\" else r'\\*"'
    if character in _SHORT_ESCAPES:
        escaped.append(r"\\+" + _SHORT_ESCAPES[character])
    if character == "\ufffd":
        escaped.append(r"\\+u[dD][89a-fA-F][0-9a-fA-F]{2}")
    return "|".join([f"[{raw}]", *escaped] if raw else escaped)


def _escape_pattern(character: str) -> str:
    units = character.encode("utf-16-be").hex()
    codes = [units[start : start + 4] for start in range(0, len(units), 4)]
    return "".join(r"\\+u" + "".join(map(_either_case, code)) for code in codes)


def _either_case(digit: str) -> str:
    return f"[{digit}{digit.upper()}]" if digit.isalpha() else digit
