"""Which recorded values count as determined, and what scores."""

from typing import Any

from agents_app.revisions.revision import Grade, Revision
from agents_app.revisions.scoring import reachable, score


def write(value: str, *marks: str, **more: Any) -> dict[str, Any]:
    return {
        "value": value,
        "determinable": list(marks) or ["none"],
        "cause": {"kind": "rest"},
        **more,
    }


def found(value: str | None, grade: Grade = "observed") -> Revision:
    return Revision(f"seen:{value}", None, value, grade, "trace", 0)


def test_a_call_determines_a_value_only_on_a_determined_one() -> None:
    assert reachable([write("a"), write("b", "call"), write("c", "call")]) == set()
    assert reachable([write("a", "trace"), write("b", "call"), write("c", "call")]) == {0, 1, 2}


def test_an_absolute_call_needs_nothing_before_it() -> None:
    assert reachable([write("a"), write("b", "call", absolute=True)]) == {1}


def test_a_value_is_undone_from_a_determined_one() -> None:
    truth = [write("a", invertible_from_next=True), write("b", "call", "current")]
    assert reachable(truth) == {0, 1}


def test_marked_values_without_a_base_are_counted_apart() -> None:
    result = score("block-1", [write("a"), write("b", "call"), write("c", "current")], [found("c")])
    assert (result.determinable, result.recovered) == (1, 1)
    assert (result.marked, result.marked_recovered, result.baseless) == (2, 1, 1)


def test_an_observed_value_that_never_was_is_invented() -> None:
    result = score("block-1", [write("a", "current")], [found("a"), found("x"), found("y", "replayed")])  # fmt: skip
    assert (result.invented, result.unsure_wrong) == (1, 1)
    assert not result.meets_targets()


def test_order_counts() -> None:
    truth = [write("a", "trace"), write("b", "current")]
    assert score("block-1", truth, [found("b"), found("a")]).recovered == 1


def test_a_tool_edit_needs_the_revision_of_its_own_row() -> None:
    cause = {"kind": "tool", "stored": True, "message_id": "message-1", "tool": "memory_insert"}
    truth = [write("a", "current", cause=cause)]
    assert score("block-1", truth, [found("a")]).caused == 0
