"""JSON with what is to be masked: secrets for everybody, and for each reader what the policy says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any, Final

from agents_app.text.jsontext import RepeatedKeys, Verbatim, dumps_safe, parse
from agents_app.text.masking import policy
from agents_app.text.masking.keyblocks import holds_key_block
from agents_app.text.masking.names import SECRET_KEY, tells
from agents_app.text.redact import strip_url

MASK = "(masked)"

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
        and SECRET_KEY.search(key)
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


_LEAST_DIGITS, _FEWEST_DIGITS, _MOST_DIGITS = 4, 10, 20
_OPENS, _CLOSES, _LONGEST_INSIDE = ("{", "["), ("}", "]"), 262_144
_NAMES_OF_NAMES: Final = ("key", "name", "type")
_HELD: Final = ("value", "default")
"""What {"key": "password", "value": …} and {"password": {"value": …}} hold is judged by "password"."""


def shown(value: Any, key: str = "") -> Any:
    """`value` as the reader may see it: every text in it masked, keys too, by the policy in force.

    A text or number is looked at together with its key: under "phone" any number is one.
    """
    if not policy.masks():
        return value
    return _shown(value, key)


def _shown(value: Any, key: str) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Ours) else _text(value, key)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value, key)
    if isinstance(value, Mapping):
        return _mapping(value, key)
    if isinstance(value, (list, tuple)):
        return _list(value, key)
    if isinstance(value, (set, frozenset)):
        return [_shown(one, key) for one in sorted(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return _mapping(asdict(value), key)
    return value


def _text(value: str, key: str) -> str:
    """A text by its name; where it is JSON itself, such as a call's arguments, what is inside it, too."""
    found = policy.shown_under(key, value)
    if value[:1] not in _OPENS or value[-1:] not in _CLOSES or len(value) > _LONGEST_INSIDE:
        return found
    if policy.MARK.fullmatch(found):
        return found
    inside = parse(found)
    inside = inside if inside.usable else parse(value)
    masked_inside = _shown(inside.value, key) if inside.usable else inside.value
    return found if masked_inside == inside.value else policy.shown(dumps_safe(masked_inside))


def _list(value: Sequence[Any], key: str) -> list[Any]:
    """Texts among which a private key begins are its lines."""
    if any(isinstance(one, str) and holds_key_block(one) for one in value):
        value = _lines(value)
    return [_shown(one, key) for one in value]


def _lines(value: Sequence[Any]) -> list[Any]:
    texts = [one for one in value if isinstance(one, str)]
    whole = policy.shown("\n".join(texts)).split("\n")
    found, at = dict[int, str](), 0
    for place, one in enumerate(value):
        if isinstance(one, str):
            ends = at + one.count("\n") + 1
            found[place], at = "\n".join(whole[at:ends]), ends
    return [found.get(place, one) for place, one in enumerate(value)]


def _mapping(value: Mapping[Any, Any], above: str) -> dict[Any, Any]:
    """Keys that become alike when masked are numbered, so that none is lost."""
    names = [value[name] for name in _NAMES_OF_NAMES if isinstance(value.get(name), str)]
    found: dict[Any, Any] = {}
    for key, one in value.items():
        name = _name(key, found) if isinstance(key, str) else key
        shown_one = _shown(one, key if isinstance(key, str) else "")
        for other in (*names, above) if key in _HELD else ():
            shown_one = _shown(shown_one, other)
        found[name] = shown_one
    return _repeated(value, above, found) if isinstance(value, RepeatedKeys) else found


def _repeated(value: RepeatedKeys, above: str, found: dict[Any, Any]) -> RepeatedKeys:
    """Every pair masked; the dict holds what the last ones say."""
    pairs = [pair for key, one in value.pairs for pair in _mapping({key: one}, above).items()]
    shown_all = RepeatedKeys(pairs)
    shown_all.clear()
    shown_all.update(found)
    return shown_all


def _name(key: str, taken: Iterable[str]) -> str:
    masked_key = policy.shown(key)
    if masked_key == key:
        return key
    name, number = masked_key, 2
    while name in taken:
        name, number = f"{masked_key} {number}", number + 1
    return name


def _number(value: float, key: str) -> Any:
    """Masked when it reads like a card's number, or a phone's or PIN under the name of one."""
    size = abs(value)
    least = _LEAST_DIGITS if tells(key) else _FEWEST_DIGITS
    if not 10 ** (least - 1) <= size < 10**_MOST_DIGITS or value != int(value):
        return value
    text = str(int(value))
    masked_text = policy.shown_under(key, text)
    return value if masked_text == text else masked_text
