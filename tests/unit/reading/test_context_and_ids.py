"""Context windows and identifiers."""

import json

import pytest

from agents_app.letta.reading.context import context_ids
from agents_app.letta.reading.ids import Kind, recognise

DIGITS = "0f3a2b1c-1111-4222-8333-444455556666"


def test_a_context_window_keeps_its_order() -> None:
    window = context_ids('["message-2", "message-1"]')
    assert (window.ids, window.problem, window.total) == (("message-2", "message-1"), None, 2)
    assert window.prompt_id == "message-2"


@pytest.mark.parametrize("raw", [None, "null", "[]"])
def test_no_window_is_no_problem(raw: str | None) -> None:
    assert context_ids(raw).ids == ()
    assert context_ids(raw).problem is None


@pytest.mark.parametrize("raw", ['"x"', "{}", "nonsense", "7"])
def test_another_shape_is_a_problem(raw: str) -> None:
    assert context_ids(raw).ids == ()
    assert context_ids(raw).problem


def test_what_is_left_out_is_counted() -> None:
    window = context_ids(json.dumps(["a", "a", 7, "x" * 200]))
    assert window.ids == ("a",)
    assert window.problem == "2 elements that are no ids; 1 repeated ids"
    long = context_ids(json.dumps([f"message-{number}" for number in range(100_001)]))
    assert (len(long.ids), long.total) == (100_000, 100_001)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.UUID])
def test_every_prefix_is_recognised(kind: Kind) -> None:
    found = recognise(f"{kind}-{DIGITS}")
    assert found is not None
    assert (found.kind, found.exact) == (kind, True)


def test_folders_are_sources_and_bare_uuids_are_uuids() -> None:
    assert getattr(recognise(f"folder-{DIGITS}"), "kind", None) is Kind.SOURCE
    assert getattr(recognise(DIGITS), "kind", None) is Kind.UUID


def test_pasted_ids_may_come_with_quotes_and_blanks() -> None:
    assert getattr(recognise(f' "agent-{DIGITS}", '), "id", None) == f"agent-{DIGITS}"


def test_made_up_ids_are_recognised_but_not_exact() -> None:
    found = recognise("agent-smith")
    assert found is not None
    assert not found.exact


@pytest.mark.parametrize(
    "text",
    [
        "",
        "agent-",
        "agent-../x",
        "agent-a b",
        "agent-\x00",
        "ada",
        "agent-" + "a" * 100,
        "agent-é",
        "xagent-1",
    ],
)
def test_anything_else_is_no_id(text: str) -> None:
    assert recognise(text) is None
