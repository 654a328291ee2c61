"""An organization whose rows carry hostile inputs, each among good rows, each found by its id."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from heapq import merge
from itertools import groupby
from typing import Any

from agents_app.demo.hostile.naming import AGENT_OF_PLACES, ORGANIZATION, USER, bad, good
from agents_app.demo.hostile.places import places
from agents_app.demo.hostile.shapes import shapes
from agents_app.demo.hostile.texts import texts
from agents_app.demo.world.rows import Sink, dumps

__all__ = ["NEIGHBOURS", "HostileRow", "good_text", "hostile_rows", "stage_hostile_rows"]

NEIGHBOURS = 49

Input = tuple[int, str, dict[str, Any]]

# Agents whose own row is the input, by number: description and columns.
_AGENTS: tuple[Input, ...] = (
    (1, "script in an agent's name", {"name": "<script>alert(1)</script>"}),
    (3, "context breakers in a name", {"name": "</title></script><img src=x onerror=alert(3)>"}),
    (4, "attribute breakers in a name", {"name": "\" onmouseover=\"alert(4)"}),
    (12, "bidi in a name", {"name": "Desk \u202eksed"}),
    (16, "blank name", {"name": "\u3164"}),
    (17, "homoglyph name", {"name": "\u0410cme Desk"}),
    (18, "zalgo name", {"name": "Z" + "\u0301" * 5000}),
    (22, "NUL in agent JSON", {"metadata_": '{"a": "\\u0000"}', "llm_config": '{"model": "a\\u0000"}'}),
    (27, "huge numbers in agent JSON", {"llm_config": '{"model": "m", "context_window": ' + "9" * 5000 + "}"}),
    (28, "deep agent JSON", {"metadata_": "[" * 6500 + "]" * 6500}),
    (31, "agent JSON of wrong shapes", {"llm_config": "[]", "tool_rules": "7", "embedding_config": '"x"'}),
    (56, "timezone of another planet", {"timezone": "Mars/Base"}),
    (58, "message_ids is no list", {"message_ids": '{"a": 1}'}),
)  # fmt: skip
_TIMEZONES = ("../../etc/passwd", "z" * 1_000_000)


@dataclass(frozen=True, slots=True)
class HostileRow:
    """Where to look for one hostile input: `id` in `table`, on the pages of `agent_id`.

    `neighbours` are ids of good rows of the same table that must be shown whole beside it.
    """

    number: int
    description: str
    table: str
    id: str
    agent_id: str
    neighbours: tuple[str, ...]


def good_text(number: int, index: int) -> str:
    """The words of good neighbour `index` in the thread of input `number`."""
    return f"Good row {index} beside input {number}: your parcel is on its way."


@cache
def hostile_rows() -> tuple[HostileRow, ...]:
    """Every hostile row that `stage_hostile_rows` writes, whatever the release can hold of it."""
    found = [*_message_rows(), *_agent_rows(), *_place_rows()]
    return tuple(sorted(found, key=lambda row: (row.number, row.table, row.id)))


def stage_hostile_rows(sink: Sink, release: str, *, sequence: int, until: datetime) -> None:
    """Write them; message numbers go on after `sequence`."""
    del release
    at = until - timedelta(days=2)
    _tenant(sink, at)
    for number, group in groupby(_inputs(), key=lambda one: one[0]):
        sequence = _thread(sink, number, list(group), sequence=sequence, at=at)
        sink.checkpoint()
    for number, variant, columns in _odd_agents():
        sink.add(
            "agents", _agent(bad("agent", number, variant), f"Hostile agent {number}", at) | columns
        )
    sink.add("agents_tags", {"agent_id": bad("agent", 1, 900), "tag": "<script>alert(62)</script>"})
    for place in places(at):
        sink.add(place.table, place.row)
        sink.checkpoint()
    stranger = bad("block_hist", 59, 2 * 10_000 + 7)
    sink.change("block", bad("block", 59, 1), {"current_history_entry_id": stranger})


def _inputs() -> Iterator[Input]:
    """Columns of hostile message rows, sorted by number; large values exist one at a time."""
    written = (
        (number, description, {"content": dumps([{"type": "text", "text": text}])})
        for number, description, text in texts()
    )
    yield from merge(written, shapes(), key=lambda one: one[0])


def _message_rows() -> Iterator[HostileRow]:
    variants: Counter[int] = Counter()
    for number, description, _columns in _inputs():
        variants[number] += 1
        neighbours = tuple(good("message", number, index) for index in range(NEIGHBOURS))
        yield HostileRow(
            number,
            description,
            "messages",
            bad("message", number, variants[number]),
            bad("agent", number, 0),
            neighbours,
        )


def _odd_agents() -> Iterator[tuple[int, int, dict[str, Any]]]:
    for number, _description, columns in _AGENTS:
        yield number, 900, columns
    for variant, timezone in enumerate(_TIMEZONES, start=901):
        yield 56, variant, {"timezone": timezone}
    absent = [bad("message", 99, 1), good("message", 1, 0), good("message", 1, 0)]
    yield 58, 901, {"message_ids": json.dumps(absent)}
    yield 58, 902, {"message_ids": json.dumps([bad("message", 99, n) for n in range(100_000)])}
    yield 58, 903, {"message_ids": '["message-\\u0000", 7, null, {"id": 1}]'}


def _agent_rows() -> Iterator[HostileRow]:
    words = {number: description for number, description, _columns in _AGENTS}
    neighbours = (AGENT_OF_PLACES,)
    for number, variant, _columns in _odd_agents():
        key = bad("agent", number, variant)
        yield HostileRow(number, f"{words[number]} ({variant})", "agents", key, key, neighbours)


def _place_rows() -> Iterator[HostileRow]:
    beside: dict[str, tuple[str, ...]] = {}
    found: list[tuple[int, str, str, str]] = []
    for place in places(datetime(2026, 1, 1, tzinfo=UTC)):
        key = place.row.get("id")
        if place.number and key:
            found.append((place.number, place.description, place.table, key))
        elif key and len(beside.get(place.table, ())) < 10:
            beside[place.table] = (*beside.get(place.table, ()), key)
    for number, description, table, key in found:
        neighbours = beside.get(table, ())
        yield HostileRow(number, description, table, key, AGENT_OF_PLACES, neighbours)


def _tenant(sink: Sink, at: datetime) -> None:
    stamped = {"created_at": at, "updated_at": at, "is_deleted": False}
    name = "<script>alert(1)</script> \u0410cme"
    sink.add(
        "organizations", {"id": ORGANIZATION, "name": name, "privileged_tools": False} | stamped
    )
    sink.add(
        "users", {"id": USER, "name": "<b>hostile</b>", "organization_id": ORGANIZATION} | stamped
    )
    sink.add("agents", _agent(AGENT_OF_PLACES, "Hostile places", at))


def _agent(key: str, name: str, at: datetime) -> dict[str, Any]:
    return {
        "id": key,
        "name": name,
        "description": "<b>description</b>",
        "agent_type": "letta_v1_agent",
        "system": "You are a test. {CORE_MEMORY}",
        "message_ids": "[]",
        "llm_config": dumps(
            {"model": "gpt-4o-mini", "model_endpoint_type": "openai", "context_window": 128000}
        ),
        "embedding_config": "null",
        "tool_rules": "[]",
        "organization_id": ORGANIZATION,
        "timezone": "UTC",
        "created_at": at,
        "updated_at": at,
        "is_deleted": False,
        "_created_by_id": USER,
        "_last_updated_by_id": USER,
    }


def _thread(sink: Sink, number: int, inputs: list[Input], *, sequence: int, at: datetime) -> int:
    """One agent per number: 49 good rows with the hostile ones in their middle."""
    agent_id = bad("agent", number, 0)
    rows: list[dict[str, Any]] = [_good_message(number, index, at) for index in range(NEIGHBOURS)]
    hostile = [
        _message(bad("message", number, variant), at) | columns
        for variant, (_number, _description, columns) in enumerate(inputs, start=1)
    ]
    rows[24:24] = hostile
    agent = _agent(agent_id, f"Hostile {number:02d}: {inputs[0][1]}", at)
    sink.add("agents", agent | {"message_ids": dumps([row["id"] for row in rows])})
    for row in rows:
        sequence += 1
        sink.add("messages", row | {"agent_id": agent_id, "sequence_id": sequence})
    return sequence


def _good_message(number: int, index: int, at: datetime) -> dict[str, Any]:
    part = {"type": "text", "text": good_text(number, index), "signature": None}
    role = "user" if index % 2 == 0 else "assistant"
    return _message(good("message", number, index), at + timedelta(seconds=index)) | {
        "role": role,
        "content": dumps([part]),
    }


def _message(key: str, at: datetime) -> dict[str, Any]:
    return {
        "id": key,
        "role": "user",
        "organization_id": ORGANIZATION,
        "tool_calls": "[]",
        "tool_returns": "[]",
        "approvals": "[]",
        "created_at": at,
        "updated_at": at,
        "is_deleted": False,
    }
