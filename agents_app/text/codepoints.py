"""Which Unicode characters cannot be seen, what they are called, and what may hide in them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

MAX_COMBINING: Final = 8

# Everything assigned, and everything drawable, lies below; the rest is marked without a look.
_LAST_LOOKED_AT: Final = 0x323AF
_PLAIN_CONTROLS: Final = (0x09, 0x0A)
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters, marks and symbols that draw nothing; U+FFFD stands for text damaged before it came here.
_LOOKS_BLANK: Final = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164}
    | {0xFFA0, 0xFFFD, 0x16FE4, 0x1D159}
    | set(range(0xFE00, 0xFE10))
)
_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ORDINARY_SPACE = re.compile(f"[{_SPACES}]|\u3000\u3000")

EMOJI: Final = (
    "©®\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
JOINING_SCRIPTS: Final = (
    "\u0620-\u06ff\u0710-\u074f\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff\u0f40-\u0fbc"
    "\u1000-\u109f\u1780-\u17d3\u1820-\u18aa\ua980-\ua9df\ufb50-\ufdc7\ufdf0-\ufdfb\ufe70-\ufefc"
)

_CONTROLS: Final = """
    NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN
    EM SUB ESC FS GS RS US
"""
_C1_CONTROLS: Final = """
    DEL PAD HOP BPH NBH IND NEL SSA ESA HTS HTJ VTS PLD PLU RI SS2 SS3 DCS PU1 PU2 STS CCH MW SPA
    EPA SOS SGC SCI CSI ST OSC PM APC NBSP
"""
_OTHERS: Final = {
    0xAD: "SHY",
    0x34F: "CGJ",
    0x61C: "ALM",
    0x180E: "MVS",
    0x202F: "NNBSP",
    0x3000: "IDSP",
    0x2060: "WJ",
    0xFEFF: "BOM",
}


def _labels() -> dict[int, str]:
    """Short names by code point, where one is in use."""
    labels = dict(enumerate(_CONTROLS.split()))
    labels.update(enumerate(_C1_CONTROLS.split(), 0x7F))
    labels.update(enumerate(("ZWSP", "ZWNJ", "ZWJ", "LRM", "RLM"), 0x200B))
    labels.update(enumerate(("LSEP", "PSEP", "LRE", "RLE", "PDF", "LRO", "RLO"), 0x2028))
    labels.update(enumerate(("LRI", "RLI", "FSI", "PDI"), 0x2066))
    labels.update((0xFE00 + number, f"VS{number + 1}") for number in range(16))
    labels.update((0xE0100 + number, f"VS{number + 17}") for number in range(240))
    return labels | _OTHERS


_LABELS: Final = _labels()

# Astral characters but for the commonest emoji, flags and rare ideographs, all of them assigned.
_RARE_ASTRAL: Final = (
    "\U00010000-\U0001f1e5\U0001f200-\U0001f2ff\U0001f650-\U0001f67f\U0001f6d8-\U0001f90b"
    "\U0001fa00-\U0001ffff\U0002a6e0-\U0010ffff"
)
_BEYOND: Final = f"{chr(_LAST_LOOKED_AT + 1)}-\U0010ffff"

_ALPHABETS: Final = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC")
_LATIN_TWINS: Final = frozenset(
    "АВСЕНІЈКМОРЅТХҮԌԚԜасеіјорѕхуһԁԛԝѵвкмнт" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳνι" + "ՕՍօոսցհ"
)


@dataclass(frozen=True, slots=True)
class Alphabets:
    """The look-alike alphabets of one word; twins are letters drawn like a Latin one."""

    scripts: frozenset[str]
    passes_as_latin: bool


@dataclass(frozen=True, slots=True)
class Patterns:
    """Compiled classes of characters that need a look.

    `runs` finds all that must be marked and some rare innocent ones; `marked` finds exactly what
    must be marked, slowly; `piles` finds combining marks, nine or more in a row, `rare_piles` also
    those above U+FFFF, slowly; `hints` finds whatever `str.isprintable` lets pass and may be in
    one of these.
    """

    runs: re.Pattern[str]
    marked: re.Pattern[str]
    piles: re.Pattern[str]
    rare: re.Pattern[str]
    rare_piles: re.Pattern[str]
    hints: re.Pattern[str]


def patterns() -> Patterns:
    """Compile the classes from this Python's Unicode tables.

    A class is a table lookup below U+10000 and a walk through its ranges above. `runs` has few
    ranges up there, because four hundred would make every ordinary character expensive.
    """
    marked: list[int] = []
    piles: list[int] = []
    for point in range(_LAST_LOOKED_AT + 1):
        category = unicodedata.category(chr(point))
        if point in _LOOKS_BLANK or (category in _INVISIBLE and point not in _PLAIN_CONTROLS):
            marked.append(point)
        elif category in ("Mn", "Me"):
            piles.append(point)
    low = _SPACES + _ranges(point for point in marked if point < 0x10000)
    low_piles = _ranges(point for point in piles if point < 0x10000)
    return Patterns(
        runs=re.compile(f"[{low}{_RARE_ASTRAL}][{low}{_RARE_ASTRAL}]*"),
        marked=re.compile(f"[{_SPACES}{_ranges(marked)}{_BEYOND}]+"),
        piles=_nine_or_more(low_piles),
        rare=re.compile(f"[{_RARE_ASTRAL}]"),
        rare_piles=_nine_or_more(_ranges(piles)),
        hints=re.compile(f"[{low_piles}{low}{_RARE_ASTRAL}]"),
    )


def _nine_or_more(points: str) -> re.Pattern[str]:
    # A class that stands first without a quantifier lets `re` skip ahead.
    return re.compile(f"[{points}][{points}]{{{MAX_COMBINING},}}")


def _ranges(points: Iterable[int]) -> str:
    spans: list[list[int]] = []
    for point in points:
        if spans and spans[-1][1] == point - 1:
            spans[-1][1] = point
        else:
            spans.append([point, point])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)


def label(character: str) -> str:
    """A few letters for a mark: RLO, ZWSP, ESC; else the code point."""
    return _LABELS.get(ord(character)) or f"U+{ord(character):04X}"


def title(character: str) -> str:
    """The code point with its Unicode name, or with what kind of character it is."""
    point = ord(character)
    name = unicodedata.name(character, "") or _KINDS[unicodedata.category(character)]
    short = _LABELS.get(point, "")
    return f"U+{point:04X} {name}" + (f" ({short})" if short else "")


_KINDS: Final = {
    "Cc": "CONTROL CHARACTER",
    "Cs": "LONE SURROGATE",
    "Co": "PRIVATE USE",
    "Cn": "UNASSIGNED",
}


def is_ordinary_space(run: str) -> bool:
    """One typographic space, or the two ideographic ones that begin a Chinese paragraph."""
    return _ORDINARY_SPACE.fullmatch(run) is not None


def is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def tag_text(run: str) -> str:
    """The ASCII text that a run of tag characters spells."""
    return "".join(chr(ord(character) - 0xE0000) for character in run)


def selector_text(run: str) -> str:
    """The text that a run of variation selectors spells, one byte each, read as UTF-8."""
    return bytes(map(_selector_byte, run)).decode("utf-8", "replace")


def _selector_byte(character: str) -> int:
    point = ord(character)
    return point - 0xFE00 if point < 0xFE10 else point - 0xE0100 + 16


def alphabets(word: str) -> Alphabets:
    """Which look-alike alphabets `word` is written in."""
    scripts = frozenset(script for script in map(_alphabet, word) if script)
    twins = len(word) > 1 and "LATIN" not in scripts and _LATIN_TWINS.issuperset(word)
    return Alphabets(scripts, twins)


@lru_cache(maxsize=1024)
def _alphabet(character: str) -> str | None:
    first = unicodedata.name(character, "").partition(" ")[0]
    return first if first in _ALPHABETS else None


@cache
def folds_to() -> dict[str, str]:
    """For each casefolded string of one to three characters, the other characters it stands for."""
    found: dict[str, list[str]] = {}
    for point in range(0x41, 0x1E944):
        character = chr(point)
        folded = character.casefold()
        if folded != character:
            found.setdefault(folded, []).append(character)
    return {folded: "".join(characters) for folded, characters in found.items()}
