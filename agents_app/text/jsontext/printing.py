"""Values as JSON text: indented for eyes, strict for programs."""

import json
import re
from typing import Any

from agents_app.text.jsontext.parsing import (
    MAX_DEPTH,
    MAX_NUMBER_LENGTH,
    TOO_DEEP,
    RepeatedKeys,
    Verbatim,
    clean,
)

_JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


class _FullError(Exception):
    """The writer has reached its limit."""


class _Writer:
    """Collects the text of a value, up to `limit` characters; `indent` None means one line."""

    def __init__(self, *, indent: int | None, limit: int | None) -> None:
        self.pieces: list[str] = []
        self.room = limit
        self.indent = indent

    def put(self, piece: str) -> None:
        self.pieces.append(piece)
        if self.room is not None:
            self.room -= len(piece)
            if self.room < 0:
                raise _FullError

    def line(self, depth: int) -> None:
        if self.indent is not None:
            self.put("\n" + " " * (self.indent * depth))

    def write(self, value: Any, depth: int = 0) -> None:
        if depth > MAX_DEPTH:
            self.put(f'"({TOO_DEEP})"')
        elif isinstance(value, dict):
            self.members(value, depth)
        elif isinstance(value, list | tuple):
            self.elements(value, depth)
        else:
            self.put(self.scalar(value))

    def members(self, value: dict[Any, Any], depth: int) -> None:
        pairs = value.items()
        if self.indent is not None and isinstance(value, RepeatedKeys):
            pairs = value.pairs  # type: ignore[assignment]
        if not pairs:
            return self.put("{}")
        self.put("{")
        for number, (key, child) in enumerate(pairs):
            self.separate(number, depth)
            self.put(self.text(str(key)) + ": ")
            self.write(child, depth + 1)
        self.line(depth)
        return self.put("}")

    def elements(self, value: list[Any] | tuple[Any, ...], depth: int) -> None:
        if not value:
            return self.put("[]")
        self.put("[")
        for number, child in enumerate(value):
            self.separate(number, depth)
            self.write(child, depth + 1)
        self.line(depth)
        return self.put("]")

    def separate(self, number: int, depth: int) -> None:
        if number:
            self.put("," if self.indent is not None else ", ")
        self.line(depth + 1)

    def scalar(self, value: Any) -> str:
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if isinstance(value, Verbatim):
            return self.number(value)
        if isinstance(value, int | float):
            return self.number(repr(value)) if _printable(value) else self.text(str(value))
        if isinstance(value, str):
            return self.text(value)
        return self.text(value.isoformat() if hasattr(value, "isoformat") else str(value))

    def number(self, digits: str) -> str:
        if self.indent is not None:
            return digits
        fits = len(digits) <= MAX_NUMBER_LENGTH and _JSON_NUMBER.fullmatch(digits)
        if fits and float(digits) not in (float("inf"), float("-inf")):
            return digits
        return json.dumps(digits)

    def text(self, value: str) -> str:
        if self.room is not None and len(value) > self.room + 1:
            value = value[: self.room + 1]
        return json.dumps(clean(value), ensure_ascii=False)


def _printable(value: float) -> bool:
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    return value.bit_length() < 8192


def pretty(value: Any, *, limit: int) -> str:
    """Indented text of at most `limit` characters, non-ASCII readable; "…" ends one that was cut.

    Meant for eyes, not for parsers: numbers keep their stored spelling and repeated keys appear
    as often as they were stored.
    """
    writer = _Writer(indent=2, limit=limit)
    try:
        writer.write(value)
    except _FullError:
        return "".join(writer.pieces)[: max(limit - 1, 0)] + "…"
    return "".join(writer.pieces)


def dumps_safe(value: Any) -> str:
    """One line of strictly valid JSON: no NaN, no surrogates, numbers too large as strings."""
    writer = _Writer(indent=None, limit=None)
    writer.write(value)
    return "".join(writer.pieces)
