"""A value judged together with the name it stands under: what "password", "phone" or "api_key" say of it."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from agents_app.text.masking.finding import Lines, find
from agents_app.text.masking.kinds import Found, Kind
from agents_app.text.masking.named import FORMAT, names_secret, value_in_column
from agents_app.text.masking.phones import HEADING as PHONE_NAME

SECRET_KEY: Final = re.compile(
    r"(?:^|[_-])(?:api[_-]?key|apikey|access[_-]?key|secret|password|passwd|token|authorization|credentials?|cookie)$",
    re.IGNORECASE,
)
"""Names under which everything is a secret, whatever it looks like."""
_NO_PHONE = re.compile(
    r"(?:at|id|ids|date|times?|times?tamp|count|version|seen|verified|sku|type|model|status)$",
    re.IGNORECASE,
)
_ALWAYS, _PHONE = "always", "phone"
_SHORT: Final = 300
_LONGEST_NAME: Final = 80
_FEWEST_DIGITS, _MOST_DIGITS = 6, 15


def find_under(
    name: str, value: str, kinds: Collection[Kind], *, lines: Lines | None = None
) -> list[Found]:
    """What stands where in `value`: found in it alone, or because of its name."""
    whole = _whole(name, value, kinds)
    if whole is not None:
        return [Found(0, len(value), *whole)]
    if not name or len(value) > _SHORT or "\n" in value or not _may_need_name(name, value):
        return find(value, kinds, lines=lines)
    before = f"{name[-_LONGEST_NAME:]}: "
    found = find(before + value, kinds, lines=lines)
    return [
        Found(max(one.start - len(before), 0), one.end - len(before), one.kind, one.format)
        for one in found
        if one.end > len(before)
    ]


def tells(name: str) -> bool:
    """Whether the name alone says that something below it is a secret or a phone number."""
    return bool(_told_by(name))


def _may_need_name(name: str, value: str) -> bool:
    return bool(_told_by(name)) or any(map(str.isdigit, value))


def _whole(name: str, value: str, kinds: Collection[Kind]) -> tuple[Kind, str] | None:
    """The kind and the rule by which all of it is masked."""
    told = _told_by(name)
    if not told or not value:
        return None
    if told == _PHONE:
        return (Kind.PHONE, "phone number") if Kind.PHONE in kinds and _is_dialled(value) else None
    if Kind.SECRET not in kinds or (told != _ALWAYS and not _in_cell(value, told)):
        return None
    return Kind.SECRET, FORMAT


def _in_cell(value: str, told: str) -> bool:
    is_text = len(value) > _SHORT or "\n" in value
    return not (is_text and re.search(r"\s", value)) and value_in_column(value, told)


def _is_dialled(value: str) -> bool:
    if len(value) > _SHORT or any(map(str.isalpha, value)):
        return False
    return _FEWEST_DIGITS <= sum(map(str.isdigit, value)) <= _MOST_DIGITS


@lru_cache(maxsize=4_096)
def _told_by(name: str) -> str:
    """What the name says of its value: "phone", a kind of secret, or nothing."""
    if SECRET_KEY.search(name):
        return _ALWAYS
    short = name[-_LONGEST_NAME:]
    if secret := names_secret(short, following='": "'):
        return secret
    return _PHONE if PHONE_NAME.search(short) and not _NO_PHONE.search(short) else ""
