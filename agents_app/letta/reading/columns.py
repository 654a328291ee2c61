"""The value of one raw column of a row, and shapes checked without raising."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from agents_app.text.jsontext import Parsed, clean, parse, pretty, repair

PRETTY_LIMIT: Final = 20_000
CLIP: Final = 80

Row = Mapping[str, Any]


def json_column(row: Row, column: str, *, cut: Collection[str] = ()) -> Parsed:
    """The parsed JSON of `row[column]`: its text, or what a model field has parsed already.

    Columns named in `cut` hold only the first characters of a longer text.
    """
    raw = row.get(column)
    if isinstance(raw, Parsed):
        return raw
    if raw is None or isinstance(raw, str):
        return repair(raw) if raw is not None and column in cut else parse(raw)
    return Parsed(raw, str(raw), "not stored as text")


def text_column(row: Row, column: str) -> str | None:
    """A varchar column without lone surrogates; other types as their text."""
    value = row.get(column)
    return None if value is None else clean(value if isinstance(value, str) else str(value))


def bool_column(row: Row, column: str) -> bool | None:
    value = row.get(column)
    return value if isinstance(value, bool) else None


def elements(parsed: Parsed, column: str, problems: list[str]) -> list[Any]:
    """The list a column should hold; another shape becomes its only element, with a note."""
    if parsed.problem:
        problems.append(f"{column}: {parsed.problem}")
    if not parsed.usable:
        return [Unreadable(parsed.raw or "")]
    if parsed.value is None:
        return []
    if isinstance(parsed.value, list):
        return parsed.value
    problems.append(f"{column}: unexpected shape, {shape(parsed.value)} where a list is due")
    return [parsed.value]


class Unreadable(str):
    """The text of a column that is no JSON; shown as it is."""

    __slots__ = ()


def shape(value: Any) -> str:
    """What a JSON value is, in the words of JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    names = {str: "a string", list: "a list", dict: "an object"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), "a value")


def readable(value: Any) -> str:
    """Any JSON value as text to read: strings as they are, the rest indented."""
    if isinstance(value, Unreadable):
        return clipped(value)
    if isinstance(value, str):
        return str(value)
    return "" if value is None else pretty(value, limit=PRETTY_LIMIT)


def clipped(text: str) -> str:
    return clean(text[:PRETTY_LIMIT]) + ("…" if len(text) > PRETTY_LIMIT else "")


def short(value: Any) -> str:
    """A name or kind of unknown origin, short enough to stand in a line."""
    text = value if isinstance(value, str) else pretty(value, limit=CLIP)
    return str(text) if len(text) <= CLIP else text[:CLIP] + "…"


def string_or_none(value: Any) -> str | None:
    return str(value) if isinstance(value, str) else None
