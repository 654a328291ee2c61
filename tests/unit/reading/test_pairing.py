"""Calls and returns find each other by id, and never across agents."""

from typing import Any

from agents_app.letta.reading.messages import Reading, read_message
from agents_app.letta.reading.pairing import GUESSED, pair
from tests.unit.reading.rows import call, packed, returned, row


def asking(
    message_id: str, *ids: str | None, role: str = "assistant", agent_id: str = "agent-1"
) -> Reading:
    calls = [call("search", {}, call_id=one) for one in ids]
    return read_message(
        {**row(role, tool_calls=calls), "id": message_id, "agent_id": agent_id}, agent_type=None
    )


def returning(message_id: str, *ids: str, agent_id: str = "agent-1", **columns: Any) -> Reading:
    returns = [returned(packed(one), call_id=one) for one in ids]
    stored = row("tool", None if ids else packed("x"), tool_returns=returns, **columns)
    return read_message({**stored, "id": message_id, "agent_id": agent_id}, agent_type=None)


def test_parallel_calls_and_returns_of_one_row_are_joined_one_by_one() -> None:
    found = pair([asking("m1", "a", "b"), returning("m2", "b", "a")])
    assert {key: answer.tool_return.message for key, answer in found.answers.items()} == {
        ("m1", 0): "a",
        ("m1", 1): "b",
    }
    assert found.questions[("m2", 0)] == ("m1", 1)
    assert (found.orphans, found.repeats, found.unanswered) == ((), (), ())


def test_an_approved_call_is_answered_rows_later() -> None:
    answer = {"type": "approval", "tool_call_id": "a", "approve": True}
    response = read_message({**row("approval", approvals=[answer]), "id": "m2"}, agent_type=None)
    found = pair([asking("m1", "a", role="approval"), response, returning("m3", "a")])
    assert found.answer("m1", 0) is not None


def test_the_first_return_wins_and_later_ones_are_repeats() -> None:
    found = pair([asking("m1", "a"), returning("m2", "a"), returning("m3", "a")])
    assert found.answers[("m1", 0)].message_id == "m2"
    assert [answer.message_id for answer in found.repeats] == ["m3"]
    assert found.questions[("m3", 0)] == ("m1", 0)


def test_an_id_used_again_belongs_to_the_latest_open_call() -> None:
    readings = [asking("m1", "a"), returning("m2", "a"), asking("m3", "a"), returning("m4", "a")]
    found = pair(readings)
    assert [found.answers[key].message_id for key in (("m1", 0), ("m3", 0))] == ["m2", "m4"]


def test_what_finds_no_partner_is_said() -> None:
    found = pair([returning("m0", "early"), asking("m1", "early", "a")])
    assert [answer.message_id for answer in found.orphans] == ["m0"]
    assert found.unanswered == (("m1", 0), ("m1", 1))


def test_a_return_never_answers_another_agent() -> None:
    found = pair([asking("m1", "a"), returning("m2", "a", agent_id="agent-2")])
    assert len(found.orphans) == len(found.unanswered) == 1


def test_a_return_without_id_answers_the_single_call_before_it() -> None:
    found = pair([asking("m1", "a"), returning("m2", tool_call_id=None)])
    assert found.answers[("m1", 0)].note == GUESSED
    assert pair([asking("m1", "a", "b"), returning("m2", tool_call_id=None)]).answers == {}
    assert pair(
        [asking("m1", "a"), returning("m2", "a"), returning("m3", tool_call_id=None)]
    ).orphans


def test_rows_without_return_elements_are_joined_by_their_column() -> None:
    assert pair([asking("m1", "a"), returning("m2", tool_call_id="a")]).answers


def test_ten_thousand_calls_of_one_id_are_joined_quickly() -> None:
    readings = [asking(f"m{number}", "a") for number in range(5000)]
    readings += [returning(f"r{number}", "a") for number in range(5000)]
    assert len(pair(readings).answers) == 5000
