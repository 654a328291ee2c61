"""One message as it is stored: every column this role may read, long ones piece by piece."""

import json
from codecs import getincrementaldecoder
from collections.abc import Iterator
from itertools import chain
from typing import Any

from agents_app.letta import access, catalogue
from agents_app.letta.columns import column

CHUNK = 4_000_000


def columns() -> list[str]:
    """Readable columns of messages, in the order of the table."""
    known = catalogue.current()
    return [
        name for name in known.structure.get("messages", ()) if known.has_column("messages", name)
    ]


def kinds() -> dict[str, str]:
    """The type of each readable column, as pg_type names it."""
    known = catalogue.current()
    return {name: known.type_of("messages", name) or "" for name in columns()}


_ROW = "SELECT {columns} FROM messages m WHERE m.id = %(id)s"


def texts(message_id: str, *, count: int) -> dict[str, str | None]:
    """The first `count` characters of each column as PostgreSQL writes it; empty when there is no such row."""
    selected = ", ".join(f'left(m."{name}"::text, %(count)s) AS "{name}"' for name in columns())
    rows = access.dict_rows(_ROW.format(columns=selected), {"id": message_id, "count": count})
    return rows[0] if rows else {}


def as_json(message_id: str) -> Iterator[bytes]:
    """The row as one JSON object; `json` columns verbatim, all others as strings."""
    yield b"{"
    for number, (name, kind) in enumerate(kinds().items()):
        yield (",\n  " if number else "\n  ").encode() + json.dumps(name).encode() + b": "
        yield from _value(message_id, name, is_json=kind in ("json", "jsonb"))
    yield b"\n}\n"


def _value(message_id: str, name: str, *, is_json: bool) -> Iterator[bytes]:
    parts = _parts(message_id, name)
    first = next(parts, None)
    if first is None:
        yield b"null"
    elif is_json:
        yield first
        yield from parts
    else:
        decoder = getincrementaldecoder("utf-8")("replace")
        texts = (decoder.decode(part) for part in chain((first,), parts))
        yield b'"'
        yield from (json.dumps(text)[1:-1].encode() for text in texts)
        yield b'"'


def _parts(message_id: str, name: str) -> Iterator[bytes]:
    """The bytes of a column; nothing for NULL."""
    at = 1
    while (part := piece(message_id, name, at=at, count=CHUNK)) is not None:
        if part or at == 1:
            yield part
        if len(part) < CHUNK:
            return
        at += len(part)


# Bytes and not characters: PostgreSQL finds the n-th byte at once, the n-th character by counting.
_PIECE = "substr(convert_to(m.\"{name}\"::text, 'SQL_ASCII'), %(at)s, %(count)s)"


def piece(message_id: str, name: str, *, at: int, count: int) -> bytes | None:
    """`count` bytes of one column from byte `at` (the first is 1); None for NULL or no such row or column."""
    if name not in columns():
        return None
    rows = access.rows(
        _ROW.format(columns=_PIECE.format(name=name)), {"id": message_id, "at": at, "count": count}
    )
    return None if not rows or rows[0][0] is None else bytes(rows[0][0])


_TRACES = """
SELECT t.id, {time} AS created_at
  FROM provider_traces t
 WHERE t.step_id = %(step)s
 ORDER BY {time}, t.id LIMIT %(count)s
"""


def trace_ids(step_id: str | None, *, count: int = 10) -> list[dict[str, Any]]:
    """The provider traces of a step (0.7.21+), without what they hold."""
    known = catalogue.current()
    if not step_id or not all(
        known.has_column("provider_traces", name) for name in ("id", "step_id")
    ):
        return []
    time = column("provider_traces", "created_at", alias="t")
    return access.dict_rows(_TRACES.format(time=time), {"step": step_id, "count": count})
