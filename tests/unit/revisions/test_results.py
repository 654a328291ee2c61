"""Rows out of the responses that runs and jobs keep."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.letta.reading.messages import read_message
from agents_app.letta.reading.pairing import pair
from agents_app.revisions.results import rows_of_result

CALL = {
    "id": "message-1", "date": "2026-11-20T19:57:26+00:00", "message_type": "tool_call_message",
    "step_id": "step-1", "run_id": "run-1",
    "tool_call": {"name": "memory_insert", "arguments": '{"label": "human"}', "tool_call_id": "call_1"},
}  # fmt: skip
BACK = {
    "id": "message-2", "date": "2026-11-20T19:57:26+00:00", "message_type": "tool_return_message",
    "step_id": "step-1", "run_id": "run-1", "tool_return": "A\nb", "status": "success", "tool_call_id": "call_1",
}  # fmt: skip


def rows(*messages: Any) -> list[dict[str, Any]]:
    return rows_of_result({"result": {"messages": list(messages)}})


def test_calls_and_returns_are_joined_as_in_rows() -> None:
    found = rows({"message_type": "reasoning_message", "id": "message-1"}, CALL, BACK)
    readings = [read_message(row, agent_type=None) for row in found]
    answer = pair(readings).answer("message-1", 0)
    assert answer is not None
    assert (answer.message_id, answer.tool_return.message) == ("message-2", "A\nb")
    assert found[0]["created_at"] == datetime(2026, 11, 20, 19, 57, 26, tzinfo=UTC)


def test_several_calls_of_a_row_keep_their_order_and_none_is_told_twice() -> None:
    other = CALL["tool_call"] | {"tool_call_id": "call_2"}  # type: ignore[operator]
    several = CALL | {"tool_calls": [CALL["tool_call"], other]}
    (row,) = rows(CALL, several)
    assert [call["id"] for call in json.loads(row["tool_calls"])] == ["call_1", "call_2"]


def test_an_approval_request_holds_a_call() -> None:
    (row,) = rows(CALL | {"message_type": "approval_request_message"})
    assert read_message(row, agent_type=None).calls[0].name == "memory_insert"


def test_rows_of_steps_are_read_as_they_are() -> None:
    """Up to 0.6 a sleeptime run keeps rows, not messages."""
    said = {"id": "message-0", "role": "user", "content": [{"type": "text", "text": "hi"}]}
    called = {"id": "message-1", "role": "assistant", "created_at": "2026-11-20T20:16:12.902055Z",
              "tool_calls": [{"id": "c", "function": {"name": "memory_rethink", "arguments": "{}"}}]}  # fmt: skip
    back = {"id": "message-2", "role": "tool", "tool_call_id": "c",
            "content": [{"type": "text", "text": '{"status": "OK", "message": "None"}'}]}  # fmt: skip
    found = rows_of_result({"result": {"steps_messages": [[said, called], [back]]}})
    assert [row["id"] for row in found] == ["message-1", "message-2"]
    assert read_message(found[1], agent_type=None).returns[0].status == "success"


@pytest.mark.parametrize("stored", [
    None, [], {}, {"result": None}, {"result": "x"}, {"result": {"messages": "x"}}, {"error": "x"},
    {"result": {"messages": [None, {}, {"id": 5, "message_type": "tool_call_message"}]}},
    {"result": {"steps_messages": [None, [None, {"id": None}]]}},
])  # fmt: skip
def test_other_shapes_hold_no_rows(stored: Any) -> None:
    assert rows_of_result(stored) == []


ODD = st.sampled_from([
    None, True, 5, 1.5, "", "x", "\x00", [], [None], [5, "x"], {}, {"name": 5}, [{}], [{"name": None, "arguments": {}}],
    [{"tool_call_id": 5, "status": [], "tool_return": {"a": [1]}}], "2026-11-20", "2026-13-99T00:00:00Z",
])  # fmt: skip
NAMES = (
    "date",
    "tool_call",
    "tool_calls",
    "tool_returns",
    "tool_return",
    "status",
    "step_id",
    "run_id",
    "name",
)


@given(
    st.sampled_from(["tool_call_message", "tool_return_message"]),
    st.dictionaries(st.sampled_from(NAMES), ODD),
)
def test_any_message_is_read_without_a_fault(kind: str, message: dict[str, Any]) -> None:
    for row in rows(message | {"id": "message-1", "message_type": kind}):
        read_message(row, agent_type=None)
