"""How rows become turns."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agents_app.conversations.highlighting import Pen
from agents_app.conversations.pieces import compaction
from agents_app.conversations.queries.bodies import Body
from agents_app.conversations.turns import Group, Said, Surroundings, groups, read
from agents_app.conversations.words import span
from agents_app.text.matching import literal

START = datetime(2026, 5, 3, 23, 30, tzinfo=UTC)


def row(number: int, role: str, text: str, *, minutes: float = 0, **columns: Any) -> Body:
    content = json.dumps([{"type": "text", "text": text}])
    return Body(
        {
            "id": f"message-{number}", "agent_id": "agent-1", "role": role, "content": content, "step_id": None,
            "created_at": START + timedelta(minutes=minutes), "is_deleted": False, "name": None,
        } | columns
    )  # fmt: skip


def call(number: int, name: str, **columns: Any) -> Body:
    calls = [
        {
            "id": f"call_{number}",
            "function": {"name": name, "arguments": json.dumps({"message": "Hi"})},
        }
    ]
    return row(number, "assistant", "I look it up", tool_calls=json.dumps(calls), **columns)


def returned(number: int, to: int, status: str = "success", text: str = "found it") -> Body:
    returns = [{"tool_call_id": f"call_{to}", "status": status, "func_response": text}]
    return row(number, "tool", text, tool_returns=json.dumps(returns), tool_call_id=f"call_{to}")


def drawn(bodies: list[Body], *, full: bool = True, **options: Any) -> list[Group]:
    rows: list[Said] = read(bodies, agent_type="letta_v1_agent")
    around = Surroundings(agent_type="letta_v1_agent", **options.pop("around", {}))
    return groups(rows, around, pen=Pen(1000), full=full, prompts=True, **options)


def ids(found: list[Group]) -> list[str]:
    return [turn.said.id for group in found for turn in group.turns]


def test_a_day_begins_where_the_readers_calendar_turns() -> None:
    bodies = [row(1, "user", "a"), row(2, "user", "b", minutes=20), row(3, "user", "c", minutes=40)]
    assert [bool(group.day) for group in drawn(bodies)] == [True, True]
    with timezone.override("Asia/Tokyo"):
        assert [bool(group.day) for group in drawn(bodies)] == [True]


def test_a_pause_is_told_but_not_beside_a_new_day() -> None:
    found = drawn(
        [row(1, "user", "a"), row(2, "user", "b", minutes=60), row(3, "user", "c", minutes=200)]
    )
    assert [group.pause for group in found] == ["", "", "2 h 20 min later"]


def test_a_return_is_drawn_with_its_call_only() -> None:
    found = drawn([call(1, "find"), returned(2, 1), row(3, "user", "thanks")])
    assert ids(found) == ["message-1", "message-3"]
    piece = found[0].turns[0].pieces[-1]
    assert piece.call is not None
    assert piece.call.status == "success"
    assert piece.call.returned is not None
    assert piece.call.returned.html == "found it"


def test_asking_for_a_return_marks_the_turn_of_its_call() -> None:
    found = drawn([call(1, "find"), returned(2, 1)], asked="message-2")
    assert [turn.is_asked for turn in found[0].turns] == [True]
    assert found[0].turns[0].anchors == ("message-2",)


def test_a_sent_message_is_what_was_said_and_its_confirmation_is_left_out() -> None:
    found = drawn([call(1, "send_message"), returned(2, 1, text="None")])
    assert ids(found) == ["message-1"]
    assert [piece.form for piece in found[0].turns[0].pieces] == ["thought", "said"]


def test_a_sent_message_that_failed_shows_its_error() -> None:
    found = drawn([call(1, "send_message"), returned(2, 1, "error", "no such user")])
    piece = found[0].turns[0].pieces[-1]
    assert piece.call is not None
    assert piece.call.status == "error"


def test_a_return_without_its_call_stands_alone() -> None:
    found = drawn([returned(2, 1)])
    assert found[0].turns[0].pieces[0].form == "return"


def test_the_reader_gets_words_and_a_count_of_the_rest() -> None:
    bodies = [
        row(1, "user", "where is it?"),
        call(2, "find"),
        returned(3, 2, "error"),
        row(4, "assistant", "Lost."),
    ]
    found = drawn(bodies, full=False)
    assert ids(found) == ["message-1", "message-2", "message-4"]
    assert [group.hidden for group in found] == ["", "1 tool call, 1 failed"]


def test_steps_stand_together_in_the_full_view_only() -> None:
    bodies = [
        row(1, "user", "a", step_id="step-1"),
        row(2, "assistant", "b", step_id="step-1"),
        row(3, "user", "c"),
    ]
    found = drawn(bodies, around={"steps": {"step-1": {"id": "step-1"}}})
    assert [group.step_id for group in found] == ["step-1", ""]
    assert [group.step is not None for group in found] == [True, False]
    assert len(drawn(bodies, full=False)) == 1


ROLES = ["user", "assistant", "tool", "system", "approval", "summary", ""]


@given(st.lists(st.tuples(st.sampled_from(ROLES), st.text()), max_size=12))
def test_every_row_is_drawn_whatever_it_holds(rows: list[tuple[str, str]]) -> None:
    bodies = [
        row(number, role, text.replace("\x00", "")) for number, (role, text) in enumerate(rows)
    ]
    assert ids(drawn(bodies)) == [body.row["id"] for body in bodies]


def test_odd_columns_are_drawn_with_a_note() -> None:
    odd = [
        row(number, "user", "", content=content)
        for number, content in enumerate(["{", "7", "null", '["x"]', None])
    ]
    assert ids(drawn(odd)) == [f"message-{number}" for number in range(5)]


def test_a_prompt_is_withheld_from_those_without_the_right() -> None:
    rows = read([row(1, "system", "<memory_blocks> secret")], agent_type="letta_v1_agent")
    found = groups(rows, Surroundings("letta_v1_agent"), pen=Pen(1000), full=True, prompts=False)
    assert "secret" not in str(found[0].turns[0].pieces)


def test_hits_are_marked_in_inert_text() -> None:
    assert Pen(100, literal("<b>")).draw("a <B> c") == 'a <mark class="hit">&lt;B&gt;</mark> c'


def test_a_hit_beyond_the_limit_moves_what_is_shown() -> None:
    html = Pen(400, literal("needle")).draw("x" * 5000 + "needle" + "y" * 5000)
    assert '<mark class="hit">needle</mark>' in html
    assert "4,700 characters before …" in html


@given(st.text(), st.text(min_size=1, max_size=5))
def test_drawing_with_a_needle_never_lets_markup_through(text: str, word: str) -> None:
    html = Pen(200, literal(word)).draw(text)
    assert "<script" not in html.lower()


def test_compaction_is_told_in_a_sentence() -> None:
    stats = {
        "messages_count_before": 212,
        "messages_count_after": 14,
        "trigger": "context_window_exceeded",
    }
    assert (
        compaction(stats)
        == "Compacted here: 212 messages in context became 14; the context window was full."
    )
    assert (
        compaction({"messages_count_before": None})
        == "Older messages were replaced by a summary here."
    )


PAUSES = [
    (2800, "46 min"),
    (3600, "1 h"),
    (8040, "2 h 14 min"),
    (90_000, "1 day"),
    (200_000, "2 days"),
]


@pytest.mark.parametrize(("seconds", "words"), PAUSES)
def test_pauses_have_at_most_two_units(seconds: float, words: str) -> None:
    assert span(seconds) == words
