"""JSON with what is to be masked: secrets for everybody, and for each reader what the policy says."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any, Final

from agents_app.text.jsontext import Verbatim
from agents_app.text.masking import policy
from agents_app.text.masking.kinds import Kind
from agents_app.text.redact import strip_url

MASK = "(masked)"

_SECRET_KEY = re.compile(
    r"(?:^|[_-])(?:api[_-]?key|apikey|access[_-]?key|secret|password|passwd|token|authorization|credentials?|cookie)$",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bBearer\s+[A-Za-z0-9._~+/=-]{12,}"
)
_ADDRESS_KEY = re.compile(r"(?:^|[_-])(?:url|uri|endpoint)$", re.IGNORECASE)


def masked(value: Any, key: str = "") -> Any:
    """`value` with secrets replaced and addresses without user names, passwords and queries.

    Told by the key a value stands under and by the form of well-known keys; a help against
    accidents, no proof: who may see the rest is a question of rights.
    """
    if isinstance(value, dict):
        return {name: masked(child, str(name)) for name, child in value.items()}
    if isinstance(value, list):
        return [masked(child, key) for child in value]
    if (
        value not in (None, "", False, True)
        and isinstance(value, str | int)
        and _SECRET_KEY.search(key)
    ):
        return MASK
    if not isinstance(value, str) or isinstance(value, Verbatim):
        return value
    if _ADDRESS_KEY.search(key) and "://" in value[:40]:
        return strip_url(value)
    return _SECRET_TEXT.sub(MASK, value) if len(value) > 15 else value


class Ours(str):
    """A text that the console made and that must reach the reader as it is, such as an address."""

    __slots__ = ()


def ours(value: Any) -> Any:
    """The same with every text marked as the console's own: rows of the trail, names of its people."""
    if isinstance(value, str):
        return Ours(value)
    if isinstance(value, Mapping):
        return {key: ours(one) for key, one in value.items()}
    return [ours(one) for one in value] if isinstance(value, (list, tuple)) else value


_SHORT: Final = 300
_FEWEST_DIGITS, _MOST_DIGITS = 10, 20


def shown(value: Any, key: str = "") -> Any:
    """`value` as the reader may see it: every text in it masked, keys too, by the policy in force.

    A short text is looked at together with its key: under "phone" any number is one.
    """
    if not policy.masks():
        return value
    return _shown(value, key)


def _shown(value: Any, key: str) -> Any:
    if isinstance(value, str):
        return _text(value, key)
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(value, key)
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, (list, tuple)):
        return [_shown(one, key) for one in value]
    if isinstance(value, (set, frozenset)):
        return [_shown(one, key) for one in sorted(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return _mapping(asdict(value))
    return value


def _mapping(value: Mapping[Any, Any]) -> dict[Any, Any]:
    """Keys that become alike when masked are numbered, so that none is lost."""
    found: dict[Any, Any] = {}
    for key, one in value.items():
        name = _name(key, found) if isinstance(key, str) else key
        found[name] = _shown(one, key if isinstance(key, str) else "")
    return found


def _name(key: str, taken: Iterable[str]) -> str:
    masked_key = policy.shown(key)
    if masked_key == key:
        return key
    name, number = masked_key, 2
    while name in taken:
        name, number = f"{masked_key} {number}", number + 1
    return name


def _text(value: str, key: str) -> str:
    if isinstance(value, Ours) or not value:
        return value
    if policy.HARMLESS.fullmatch(value) and not _SECRET_KEY.search(key):
        return value
    if Kind.SECRET in policy.current().kinds and _SECRET_KEY.search(key):
        return f"‹{Kind.SECRET}›"
    if not key or len(value) > _SHORT or "\n" in value or not any(map(str.isdigit, value)):
        return policy.shown(value)
    return policy.shown(f"{key}: {value}").removeprefix(f"{policy.shown(key)}: ")


def _number(value: int, key: str) -> Any:
    """A number of as many digits as cards and phones have, when it reads like one."""
    if abs(value) < 10 ** (_FEWEST_DIGITS - 1) or abs(value) >= 10**_MOST_DIGITS:
        return value
    text = _text(str(value), key)
    return value if text == str(value) else text
