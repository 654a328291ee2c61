"""JSON text to values, tolerant of everything that a `json` column accepts."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

MAX_DEPTH: Final = 100
MAX_INTEGER_DIGITS: Final = 19
MAX_NUMBER_LENGTH: Final = 40

TOO_DEEP: Final = "nested too deeply"
INVALID: Final = "not valid JSON"
CUT_OFF: Final = "cut off"
LONE_SURROGATE: Final = "half a character was stored (lone surrogate)"
DUPLICATE_KEYS: Final = "duplicate keys"

_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


class Verbatim(str):
    """A JSON number in its stored spelling, because Python would round or refuse it."""

    __slots__ = ()


class RepeatedKeys(dict[str, Any]):
    """An object that spells a key twice: the dict holds the last value, `pairs` all of them."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        self.pairs = tuple(pairs)
        super().__init__(self.pairs)


@dataclass(frozen=True, slots=True)
class Parsed:
    """`problem` may stand beside a usable value (a note) or, with `usable` False, replace it."""

    value: Any
    raw: str | None
    problem: str | None = None
    usable: bool = True

    @property
    def is_sql_null(self) -> bool:
        return self.raw is None

    @property
    def is_json_null(self) -> bool:
        return self.usable and self.raw is not None and self.value is None


def clean(text: str) -> str:
    """`text` with every surrogate code point replaced by U+FFFD, so that it can be encoded."""
    return _SURROGATE.sub("\ufffd", text)


def parse(raw: str | None) -> Parsed:
    """The value behind the text of a `json` column. Never raises; `raw` None is SQL NULL."""
    if raw is None:
        return Parsed(None, None)
    problems: list[str] = []
    try:
        value = _decoder(problems).decode(raw)
    except RecursionError:
        return Parsed(None, raw, TOO_DEEP, usable=False)
    except ValueError as error:
        return Parsed(None, raw, _explain(error), usable=False)
    return _checked(value, raw, problems)


def parse_first(raw: str) -> tuple[Parsed, str]:
    """The first JSON value of `raw` and what follows it, for objects glued together (`}{`)."""
    problems: list[str] = []
    start = len(raw) - len(raw.lstrip(" \t\r\n"))
    try:
        value, end = _decoder(problems).raw_decode(raw, start)
    except RecursionError:
        return Parsed(None, raw, TOO_DEEP, usable=False), ""
    except ValueError as error:
        return Parsed(None, raw, _explain(error), usable=False), ""
    return _checked(value, raw[start:end], problems), raw[end:]


def _decoder(problems: list[str]) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=partial(_object, problems),
        parse_int=_integer,
        parse_float=_real,
        parse_constant=Verbatim,
        strict=False,
    )


def _object(problems: list[str], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    problems.append(DUPLICATE_KEYS)
    return RepeatedKeys(pairs)


def _integer(digits: str) -> int | Verbatim:
    if digits == "-0" or len(digits) > MAX_INTEGER_DIGITS:
        return Verbatim(digits)
    return int(digits)


def _real(digits: str) -> float | Verbatim:
    if len(digits) > MAX_NUMBER_LENGTH:
        return Verbatim(digits)
    number = float(digits)
    return number if repr(number) == digits else Verbatim(digits)


def _explain(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{INVALID} at line {error.lineno}, column {error.colno}"
    return INVALID


def _checked(value: Any, raw: str, problems: list[str]) -> Parsed:
    if raw.count("[") + raw.count("{") > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
        return Parsed(None, raw, TOO_DEEP, usable=False)
    escaped = "\\u" in raw and _SURROGATE_ESCAPE.search(raw)
    if escaped or (not raw.isascii() and _SURROGATE.search(raw)):
        cleaned = _cleaned(value)
        if cleaned != value:
            problems.append(LONE_SURROGATE)
        value = cleaned
    return Parsed(value, raw, "; ".join(dict.fromkeys(problems)) or None)


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        children = (child for parent in level for child in _children(parent))
        level = [child for child in children if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, RepeatedKeys):
        return (child for _, child in value.pairs)
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _cleaned(value: Any) -> Any:
    """A copy without surrogates; at most MAX_DEPTH deep, as `_checked` has made sure."""
    if isinstance(value, Verbatim):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, RepeatedKeys):
        return RepeatedKeys((clean(key), _cleaned(child)) for key, child in value.pairs)
    if isinstance(value, dict):
        pairs = [(clean(key), _cleaned(child)) for key, child in value.items()]
        return _object([], pairs)
    return [_cleaned(child) for child in value] if isinstance(value, list) else value
