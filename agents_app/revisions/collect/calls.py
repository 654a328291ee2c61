"""Memory calls of one agent with their returns."""

import re
from collections.abc import Collection, Sequence
from typing import Any, Final

from agents_app.letta import access
from agents_app.letta.reading.messages import Reading, read_message
from agents_app.letta.reading.pairing import pair
from agents_app.letta.reading.returns import ToolReturn
from agents_app.revisions.collect.columns import ready
from agents_app.revisions.collect.rows import call_rows, return_rows
from agents_app.revisions.evidence import Call, Place, Status
from agents_app.revisions.returns import succeeded

LOOK_AHEAD: Final = (1, 6, 200)  # tool rows after a call in which its return is looked for

_CUSTOM = """
SELECT DISTINCT t.name
  FROM tools_agents a JOIN tools t ON t.id = a.tool_id
 WHERE a.agent_id = %(agent)s AND t.tool_type = 'custom' AND t.source_code LIKE '%%agent_state%%'
"""

_CUSTOM_NEED = (
    "tools.name",
    "tools.tool_type",
    "tools.source_code",
    "tools_agents.agent_id",
    "tools_agents.tool_id",
)


def custom_tools(agent_id: str) -> frozenset[str]:
    """Names of the agent's own tools whose source takes `agent_state`: only those can change memory.

    The source itself is not fetched, for it may hold secrets; where the role may not ask for it
    there are no suspects.
    """
    if not ready(*_CUSTOM_NEED):
        return frozenset()
    return frozenset(name for (name,) in access.rows(_CUSTOM, {"agent": agent_id}))


def named(names: Collection[str]) -> str:
    """A regular expression for the stored text of calls of these tools."""
    return '"name": ?"(' + "|".join(map(re.escape, sorted(names))) + ')"'


def with_returns(agent_id: str, asked: list[dict[str, Any]], names: Collection[str]) -> list[Call]:
    """The calls of these names in rows of one agent.

    The next row of role tool holds the return nearly always; an approval may delay it.
    """
    answers: list[dict[str, Any]] = []
    found: list[Call] = []
    missing = [row["place"] for row in asked]
    for after in LOOK_AHEAD:
        if not missing:
            break
        answers = _unique([*answers, *return_rows(agent_id, missing, after=after)])
        found, missing = joined(asked, answers, names)
    return found


def arguments(ids: Sequence[str]) -> dict[tuple[str, int], dict[str, Any]]:
    """What the calls in these rows were given, by row and index; returns are not read."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for row in call_rows(ids):
        for call in read_message(row, agent_type=None).calls:
            if call.own_arguments is not None:
                found[str(row["id"]), call.index] = _stored(call.own_arguments)
    return found


def _unique(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(
        {row["id"]: row for row in rows}.values(), key=lambda row: (row["place"], row["id"])
    )


def joined(
    asked: list[dict[str, Any]], answers: list[dict[str, Any]], names: Collection[str]
) -> tuple[list[Call], list[int]]:
    """The calls, and the places of those without a return."""
    rows = {row["id"]: row for row in (*asked, *answers)}
    ordered = sorted(rows.values(), key=lambda row: (row["place"], row["id"]))
    readings = [read_message(row, agent_type=None) for row in ordered]
    pairing = pair(readings)
    found, missing = [], []
    for reading in readings:
        row = rows[reading.id]
        for index, call in enumerate(reading.calls):
            if call.name not in names or call.own_arguments is None:
                continue
            answer = pairing.answer(reading.id, call.index)
            if answer is None:
                missing.append(row["place"])
            back = rows[answer.message_id] if answer else None
            found.append(_call(reading, index, row, back, answer.tool_return if answer else None))
    return sorted(found, key=lambda call: (call.place, call.call_place, call.index)), missing


def _call(
    reading: Reading,
    index: int,
    row: dict[str, Any],
    back: dict[str, Any] | None,
    result: ToolReturn | None,
) -> Call:
    call = reading.calls[index]
    place: Place = back["place"] if back else row["place"]
    return Call(
        message_id=reading.id,
        index=call.index,
        call_id=call.id,
        agent_id=row["agent_id"],
        conversation_id=row["conversation_id"],
        place=place + call.index / 1000,
        tool=call.name,
        arguments=_stored(call.own_arguments or {}),
        status=_status(result),
        returned=result.message if result else None,
        truncated=bool(result and result.truncated),
        call_place=row["place"],
        at=back["created_at"] if back else row["created_at"],
        step_id=row["step_id"],
        run_id=row["run_id"],
        return_message_id=back["id"] if back else None,
    )


def _stored(arguments: dict[str, Any]) -> dict[str, Any]:
    """As PostgreSQL can hold them: Letta drops NUL before it stores a text."""
    return {
        name: value.replace("\0", "") if isinstance(value, str) else value
        for name, value in arguments.items()
    }


def _status(result: ToolReturn | None) -> Status:
    if result is None or result.status == "unknown":
        return "unknown"
    return "success" if succeeded(result.status, result.message) else "error"
