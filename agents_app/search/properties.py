"""Identities by what is inside their `properties`: e-mails, phone numbers, any value of any case and script."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, Q, TextField
from django.db.models.functions import Cast, Length

from agents_app.letta.models import Identity
from agents_app.search.needles import Needle, first_found, json_needles, needles
from agents_app.text.masking import policy
from agents_app.text.masking.kinds import Kind
from agents_app.text.search import contains, fold

FEWEST_DIGITS, COMPARED_DIGITS, DIALLED_DIGITS = 6, 8, 3
_PHONE = re.compile(r"[\s\d+()./‐-―-]+")
# In a PostgreSQL regular expression: blanks, punctuation, and any escaped character such as \u2011.
_BETWEEN_DIGITS = r"(?:\\+u[0-9a-fA-F]{4}|[^0-9A-Za-z\"])*"


@dataclass(frozen=True)
class Match:
    """`where` names the text that matched: "name", "external key" or a property's key."""

    where: str
    is_exact: bool


def identities_holding(text: str, limit: int) -> list[tuple[Identity, Match]]:
    """Identities that hold the text, each with where; SQL sees JSON as it is stored, Python decides."""
    stored = Cast(F("properties"), TextField())
    ordered = Identity.objects.here().alias(stored=stored).order_by(Length("name"), "name", "pk")

    def ask(plain: Needle, escaped: Needle) -> list[tuple[Identity, Match]]:
        condition = plain("name") | plain("identifier_key") | escaped("stored") | _number(text)
        found = [(row, identity_match(row, text)) for row in ordered.filter(condition)[:limit]]
        return [(row, match) for row, match in found if match]

    pairs = zip(needles(text), json_needles(text), strict=True)
    return first_found(partial(ask, plain, escaped) for plain, escaped in pairs)


def _number(text: str) -> Q:
    """A phone number, whatever is written between its digits; never true for other texts."""
    digits = phone_digits(text)
    if not digits:
        return Q()
    spaced = _BETWEEN_DIGITS.join(digits)
    return Q(stored__regex=spaced) | Q(identifier_key__regex=spaced)


def identity_match(row: Identity, text: str) -> Match | None:
    """Which text of the identity holds what was typed, an exact one first; None for a false candidate."""
    found = [(where, _held(where, value, text)) for where, value in _texts(row)]
    matches = [Match(where, is_exact=held == "exact") for where, held in found if held]
    return min(matches, key=lambda match: not match.is_exact, default=None)


def _texts(row: Identity) -> Iterator[tuple[str, str]]:
    yield "name", row.name or ""
    yield "external key", row.identifier_key or ""
    value = row.properties.value
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield from _property(one)
        elif one is not None:
            yield "property", str(one)


def _property(one: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """`{"key", "value", "type"}`, or whatever else an object holds."""
    if "key" in one and "value" in one:
        yield str(one["key"])[:60], _flat(one["value"])
        return
    for key, value in one.items():
        yield str(key)[:60], _flat(value)


def _flat(value: Any) -> str:
    """All texts inside a value, in one."""
    if isinstance(value, dict):
        return " ".join(_flat(child) for child in value.values())
    if isinstance(value, list):
        return " ".join(map(_flat, value))
    return "" if value is None else str(value)


def _held(where: str, value: str, text: str) -> str:
    if fold(value).strip() == fold(text).strip() and not _is_secret(where, value):
        return "exact"
    if contains(policy.searchable_under(where, value), text):
        return "part"
    digits = phone_digits(text)
    return "number" if digits and digits in _digits(value) and _may_ask(value, text) else ""


def _is_secret(where: str, value: str) -> bool:
    """Whether it is hidden as a whole and is nobody's address: then nobody may try what it is."""
    return policy.shown_under(where, value) == f"‹{Kind.SECRET}›" != value


def _may_ask(value: str, text: str) -> bool:
    """Where numbers are masked only a whole one finds: all its digits but those that dial a country."""
    if not policy.masks():
        return True
    return len(_digits(text).lstrip("0")) >= len(_digits(value).lstrip("0")) - DIALLED_DIGITS


def phone_digits(text: str) -> str:
    """The last eight digits of what looks like a phone number, so that 0049 30…, +49 (0)30… and 030… agree."""
    digits = _digits(text) if _PHONE.fullmatch(text.strip()) else ""
    return digits.lstrip("0")[-COMPARED_DIGITS:] if len(digits.lstrip("0")) >= FEWEST_DIGITS else ""


def _digits(text: str) -> str:
    """Digits of any script as ASCII."""
    return "".join(str(unicodedata.digit(character)) for character in text if character.isdecimal())
