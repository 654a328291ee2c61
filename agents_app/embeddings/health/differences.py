"""Whether two texts that are near say something else: another number, another date, or not any more."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from agents_app.text.diff import Span
from agents_app.text.words import words

MOST_CHARACTERS: Final = 2_000
_LEAST_SHARED: Final = 0.4  # less than this in common is another text, not another version
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_DATE: Final = re.compile(
    r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|januar|februar|märz|mai|juni|juli"
    r"|oktober|dezember)\b"
    r"|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|février|mars|avril|juin|juillet"
    r"|août|septembre|octobre|novembre|décembre)\b"
    r"|\b(?:today|tomorrow|yesterday|heute|morgen|gestern|demain|hier)\b"
)
_NEGATION: Final = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|cannot|without|nicht|kein\w*|nie|niemals|ohne|pas|jamais|sans"
    r"|nunca|jamás|sin|не|нет|никогда|без)\b|n[’']t\b|ません|ない"
)


@dataclass(frozen=True)
class Difference:
    """`kinds` are of "number", "date", "negation"; the spans are both texts with what changed marked."""

    kinds: tuple[str, ...]
    earlier: tuple[Span, ...]
    later: tuple[Span, ...]


def difference(earlier: str, later: str) -> Difference | None:
    """How the texts contradict each other, judged by their first 2,000 characters; None when they need not.

    A candidate only: two orders differ in their numbers without any contradiction.
    """
    before, after = earlier[:MOST_CHARACTERS], later[:MOST_CHARACTERS]
    old, new = words(before), words(after)
    kinds = _kinds(before, after)
    if not kinds or _shared(old, new) < _LEAST_SHARED:
        return None
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return Difference(
        kinds,
        tuple(Span("".join(old[a:b]), tag != "equal") for tag, a, b, _, _ in steps if b > a),
        tuple(Span("".join(new[c:d]), tag != "equal") for tag, _, _, c, d in steps if d > c),
    )


def _shared(old: list[str], new: list[str]) -> float:
    """The share of words that both have, 0 to 1."""
    mine, yours = (Counter(word for word in side if not word.isspace()) for side in (old, new))
    return 2 * (mine & yours).total() / max(1, mine.total() + yours.total())


def _kinds(before: str, after: str) -> tuple[str, ...]:
    one, other = before.casefold(), after.casefold()
    found = []
    if _replaced(_NUMBER, _DATE.sub(" ", one), _DATE.sub(" ", other)):
        found.append("number")
    if _replaced(_DATE, one, other):
        found.append("date")
    if len(_NEGATION.findall(one)) != len(_NEGATION.findall(other)):
        found.append("negation")
    return tuple(found)


def _replaced(pattern: re.Pattern[str], one: str, other: str) -> bool:
    """Whether each text has some that the other lacks."""
    mine, yours = Counter(pattern.findall(one)), Counter(pattern.findall(other))
    return bool(mine - yours) and bool(yours - mine)
