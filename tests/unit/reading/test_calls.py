"""Tool calls, however their arguments were packed."""

import json

import pytest

from agents_app.letta.reading.calls import GLUED, read_arguments, read_calls
from tests.unit.reading.rows import call, row


def test_a_call_of_the_classic_loop() -> None:
    arguments = {"message": "hi", "request_heartbeat": True, "inner_thoughts": "be kind"}
    (found,) = read_calls(row("assistant", tool_calls=[call("send_message", arguments)]), [])
    assert (found.id, found.name, found.message) == ("call_1", "send_message", "hi")
    assert (found.heartbeat, found.thoughts, found.is_plumbing) == (True, "be kind", True)
    assert found.own_arguments == {"message": "hi"}


@pytest.mark.parametrize(
    ("stored", "arguments", "problem"),
    [
        ('{"a": 1}', {"a": 1}, None),
        ('{"a": 1}{"b": 2}', {"a": 1}, GLUED),
        ('{"a": 1} oh', {"a": 1}, "followed by other text"),
        (json.dumps('{"a": 1}'), {"a": 1}, "encoded twice"),
        (json.dumps(json.dumps('{"a": 1}')), None, "encoded more than twice"),
        ("", None, "empty arguments"),
        (None, None, "arguments are null"),
        ("[1]", None, "arguments are a list"),
        ({"a": 1}, {"a": 1}, "arguments stored as an object, not as a string"),
    ],
)
def test_arguments_in_every_packing(stored: object, arguments: object, problem: str | None) -> None:
    assert read_arguments(stored) == (arguments, problem)


def test_invalid_arguments_keep_their_text() -> None:
    (found,) = read_calls(row("assistant", tool_calls=[call("f", '{"a": ')]), [])
    assert found.arguments is None
    assert found.arguments_text() == found.raw_arguments == '{"a": '
    assert (found.problem or "").startswith("arguments: not valid JSON")


def test_deep_arguments_are_a_note() -> None:
    _, problem = read_arguments("[" * 6500 + "]" * 6500)
    assert problem == "arguments: nested too deeply"


@pytest.mark.parametrize("element", [None, 7, "x", [], {}, {"function": 3}])
def test_calls_of_unexpected_shape_are_shown(element: object) -> None:
    problems: list[str] = []
    (found,) = read_calls(row("assistant", tool_calls=[element]), problems)
    assert found.raw is not None
    assert problems


def test_arguments_text_is_bounded() -> None:
    (found,) = read_calls(row("assistant", tool_calls=[call("f", {"a": "x" * 10**5})]), [])
    assert len(found.arguments_text(limit=500)) == 500
