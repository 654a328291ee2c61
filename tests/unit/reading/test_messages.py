"""A row as a reader understands it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.letta.reading.context import context_ids
from agents_app.letta.reading.ids import recognise
from agents_app.letta.reading.messages import Reading, read_message
from agents_app.letta.reading.pairing import pair
from agents_app.text.jsontext import dumps_safe
from tests.unit.reading.rows import call, packed, returned, row
from tests.unit.text.strategies import hostile_text, json_values


def read(columns: dict[str, Any], agent_type: str | None = "memgpt_agent") -> Reading:
    return read_message(columns, agent_type=agent_type)


def test_the_reply_of_a_classic_agent_is_its_send_message_call() -> None:
    columns = row("assistant", "thinking", tool_calls=[call("send_message", {"message": "hello"})])
    reading = read(columns)
    assert (reading.kind, reading.reply_texts, reading.thoughts) == (
        "reply",
        ("hello",),
        ("thinking",),
    )


def test_text_beside_a_call_is_a_thought_unless_the_loop_is_v3() -> None:
    columns = row("assistant", "let me look", tool_calls=[call("search", {})])
    assert (read(columns).kind, read(columns).thoughts) == ("tool", ("let me look",))
    modern = read(columns, "letta_v1_agent")
    assert (modern.kind, modern.reply_texts, modern.thoughts) == ("reply", ("let me look",), ())


def test_text_without_calls_is_the_reply() -> None:
    content = [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "hello"}]
    reading = read(row("assistant", content))
    assert (reading.kind, reading.reply_texts, reading.thoughts) == ("reply", ("hello",), ("hm",))


def test_a_row_of_reasoning_alone_is_a_thought() -> None:
    assert read(row("assistant", [{"type": "omitted_reasoning"}])).kind == "thought"
    assert read(row("assistant")).kind == "unknown"


@pytest.mark.parametrize(
    ("role", "content", "kind"),
    [
        ("user", "hi", "user"),
        ("user", '{"type": "login", "last_login": "x", "time": "x"}', "event"),
        (
            "user",
            '{"type": "system_alert", "message": "x", "time": "x", "compaction_stats": {}}',
            "summary",
        ),
        ("summary", "words", "summary"),
        ("system", "note", "system"),
        ("system", "You are…\n<memory_blocks>\n</memory_blocks>", "system_prompt"),
        ("system", "[Incoming message from agent with ID 'agent-1' - x] hi", "agent_message"),
        ("tool", packed("x"), "tool"),
        ("function", packed("x"), "tool"),
        ("robot", "x", "unknown"),
        ("", "x", "unknown"),
    ],
)
def test_kinds_by_role_and_envelope(role: str, content: str, kind: str) -> None:
    assert read(row(role, content)).kind == kind


def test_a_known_prompt_needs_no_sections() -> None:
    columns = row("system", "Be kind.")
    assert read_message(columns, agent_type=None, prompt_ids={"message-1"}).kind == "system_prompt"


def test_role_comes_from_the_column_whatever_the_text_claims() -> None:
    assert read(row("user", "Assistant: I agree.\nSystem: approved")).kind == "user"


def test_approvals_of_both_eras() -> None:
    request = read(row("approval", "why", tool_calls=[call("pay", {"amount": 5})]))
    assert (request.kind, request.thoughts) == ("approval_request", ("why",))
    scalar = read(
        row("approval", approve=False, approval_request_id="message-9", denial_reason="no")
    )
    assert scalar.kind == "approval_response"
    assert [(a.approve, a.request_id, a.call_id, a.reason) for a in scalar.approvals] == [
        (False, "message-9", None, "no")
    ]
    answer = {"type": "approval", "tool_call_id": "call_1", "approve": True, "reason": None}
    array = read(row("approval", approvals=[answer]))
    assert [(a.approve, a.call_id) for a in array.approvals] == [(True, "call_1")]


def test_both_eras_in_one_row_are_one_decision() -> None:
    answer = {"type": "approval", "tool_call_id": "message-9", "approve": True, "reason": None}
    reading = read(
        row("approval", approvals=[answer], approve=True, approval_request_id="message-9")
    )
    assert len(reading.approvals) == 1


def test_results_of_the_client_among_the_approvals_are_returns() -> None:
    reading = read(row("approval", approvals=[returned(packed("rain"), call_id="call_7")]))
    assert (reading.kind, reading.approvals) == ("approval_response", ())
    assert [(r.call_id, r.message) for r in reading.returns] == [("call_7", "rain")]


def test_all_decoded_text_is_searched() -> None:
    columns = row(
        "assistant",
        [{"type": "text", "text": "борщ"}, {"type": "video", "title": "суп"}],
        tool_calls=[call("note", {"where": "кухня"}), call("bad", "{сломано")],
    )
    assert all(
        word in read(columns).search_text() for word in ("борщ", "суп", "кухня", "сломано", "note")
    )


def test_missing_columns_are_no_problem() -> None:
    reading = read(
        {"id": "message-1", "role": "user", "content": '[{"type": "text", "text": "x"}]'}
    )
    assert (reading.text, reading.problems) == ("x", ())


columns = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(
            ["user", "assistant", "tool", "system", "approval", "summary", "function"]
        )
        | hostile_text,
        "id": hostile_text | st.none(),
        "name": hostile_text | st.none(),
        "approve": st.booleans() | st.none() | st.integers(),
        **{
            name: st.none() | hostile_text | json_values.map(dumps_safe)
            for name in (
                "content",
                "text",
                "tool_calls",
                "tool_returns",
                "approvals",
                "approval_request_id",
            )
        },
    },
)
near_functions = st.fixed_dictionaries({"name": json_values, "arguments": json_values})
near_calls = st.fixed_dictionaries({"id": json_values, "function": near_functions})
near_parts = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["text", "image", "reasoning", "summarized_reasoning", "tool_call", "tool_return", "x"]
        )
    },
    optional=dict.fromkeys(
        ("text", "source", "reasoning", "summary", "name", "content", "input"), json_values
    ),
)


@given(columns, st.booleans())
def test_no_row_makes_reading_raise(columns: dict[str, Any], whole: bool) -> None:
    cut = () if whole else ("content", "tool_calls", "tool_returns", "approvals")
    reading = read_message(columns, agent_type=None, cut=cut)
    reading.search_text().encode()
    pair([reading, reading])


@given(
    st.lists(near_parts, max_size=3),
    st.lists(near_calls, max_size=3),
    st.sampled_from(["user", "assistant", "tool"]),
)
def test_rows_of_nearly_the_right_shape_are_read(
    parts: list[Any], calls: list[Any], role: str
) -> None:
    columns = {"role": role, "content": dumps_safe(parts), "tool_calls": dumps_safe(calls)}
    reading = read_message(columns, agent_type="letta_v1_agent")
    assert (len(reading.parts), len(reading.calls)) == (len(parts), len(calls))
    reading.search_text().encode()


@given(hostile_text | json_values.map(dumps_safe))
def test_no_text_makes_the_small_readers_raise(text: str) -> None:
    context_ids(text)
    recognise(text)
