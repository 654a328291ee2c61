"""What a name says of the value that stands under it: a secret of some kind, a phone number, or nothing."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from agents_app.text.masking.kinds import Kind
from agents_app.text.masking.named import FORMAT, names_secret, value_in_column
from agents_app.text.masking.phones import HEADING as PHONE_NAME
from agents_app.text.masking.phones import is_dialled

SECRET_KEY: Final = re.compile(
    r"(?:^|[_-])(?:api[_-]?key|apikey|access[_-]?key|secret|password|passwd|token|authorization|credentials?|cookie)$",
    re.IGNORECASE,
)
"""Names under which everything is a secret, whatever it looks like."""
_NO_PHONE = re.compile(
    r"(?<!whatsapp)(?<!\bwa)[\W_](?i:at|ids?|date|times?|timestamp|count|version|seen|verified|sku|type|model|status)$"
    r"|[a-z](?:At|Ids?|Date|Times?|Timestamp|Count|Version|Seen|Verified|Sku|Type|Model|Status)$"
)
_ALWAYS, _PHONE = "always", "phone"
_SHORT: Final = 300
LONGEST_NAME: Final = 80


def tells(name: str) -> bool:
    """Whether the name alone says that something below it is a secret or a phone number."""
    return bool(told_by(name))


def whole(
    name: str, value: str, kinds: Collection[Kind], *, always: bool = True
) -> tuple[Kind, str] | None:
    """The kind and the rule by which all of a value is masked.

    Not `always`: words stay, even under a name under which everything is a secret.
    """
    told = told_by(name)
    if not told or not value:
        return None
    if told == _PHONE:
        return (Kind.PHONE, "phone number") if Kind.PHONE in kinds and is_dialled(value) else None
    is_always = always and told == _ALWAYS
    if Kind.SECRET not in kinds or not (is_always or _in_cell(value, secret_kind(name))):
        return None
    return Kind.SECRET, FORMAT


def _in_cell(value: str, told: str) -> bool:
    is_text = len(value) > _SHORT or "\n" in value
    return not (is_text and re.search(r"\s", value)) and value_in_column(value, told)


@lru_cache(maxsize=4_096)
def told_by(name: str) -> str:
    """What the name says of its value: "phone", a kind of secret, or nothing."""
    if SECRET_KEY.search(name):
        return _ALWAYS
    if secret := secret_kind(name):
        return secret
    short = name[-LONGEST_NAME:]
    return _PHONE if PHONE_NAME.search(short) and not _NO_PHONE.search(short) else ""


def secret_kind(name: str) -> str:
    """Which kind of secret a key names; nothing if none."""
    return names_secret(name[-LONGEST_NAME:], following='": "')
