"""What revisions the evidence tells, and how sure it is of them."""

from agents_app.revisions.evidence import START
from tests.unit.revisions.evidence import append, at, call, present, shape, sight, told


def test_a_replayed_value_that_the_next_prompt_shows_is_verified() -> None:
    found = told(sight(1, "A"), append(3, "b"), sight(5, "A\nb"), present("A\nb"))
    assert shape(found) == [("A", "observed"), ("A\nb", "verified")]
    assert found[1].message_id == "message-3-agent-a"


def test_a_value_that_nothing_shows_is_only_replayed() -> None:
    found = told(sight(1, "A"), append(3, "b"), append(5, "c"), sight(7, "A\nb\nc"))
    assert shape(found)[1:] == [("A\nb", "replayed"), ("A\nb\nc", "verified")]


def test_a_returned_value_is_observed() -> None:
    found = told(append(3, "b", returned="A\nb"))
    assert shape(found) == [("A", "replayed"), ("A\nb", "observed")]
    assert found[0].undone


def test_an_edit_without_a_message_is_seen_between_two_prompts() -> None:
    found = told(sight(1, "A"), sight(5, "B"), present("B"))
    assert shape(found) == [("A", "observed"), ("B", "observed")]
    assert (found[1].source, found[1].message_id) == ("trace", None)


def test_a_flip_flop_is_three_revisions() -> None:
    found = told(sight(1, "A"), sight(5, "B"), sight(9, "A"), present("A"), version=3)
    assert [one.value for one in found] == ["A", "B", "A"]


def test_a_failed_call_changes_nothing() -> None:
    assert shape(told(sight(1, "A"), append(3, "b", status="error"), sight(5, "A"))) == [
        ("A", "observed")
    ]


def test_a_no_op_is_no_revision() -> None:
    same = call(3, "core_memory_replace", old_content="A", new_content="A")
    assert shape(told(sight(1, "A"), same, present("A"))) == [("A", "observed")]


def test_parallel_calls_apply_in_list_order() -> None:
    pair = (append(3.0, "b", index=0), append(3.001, "c", index=1))
    assert [one.value for one in told(sight(1, "A"), *pair)] == ["A", "A\nb", "A\nb\nc"]


def test_a_prompt_may_be_older_than_the_turns_own_edits() -> None:
    stale = sight(4.5, "A", since=START, fresh=False, thread="t")
    found = told(
        sight(1, "A", thread="t"),
        append(3, "b", returned="A\nb"),
        stale,
        present("A\nb"),
        version=2,
    )
    assert [one.value for one in found] == ["A", "A\nb"]


def test_two_agents_at_once_lose_an_update_and_returns_show_it() -> None:
    first = append(3, "b", returned="A\nb")
    second = append(3.2, "c", returned="A\nc", agent_id="agent-b", call_place=2.5)
    found = told(sight(1, "A"), first, second, present("A\nc"), version=3)
    assert shape(found)[1:] == [("A\nb", "observed"), ("A\nc", "observed")]
    assert [one.lost for one in found] == [False, False, True]


def test_a_lost_update_without_returns_is_found_by_the_next_prompt() -> None:
    second = append(3.2, "c", agent_id="agent-b", call_place=2.5)
    found = told(
        sight(1, "A"), append(3, "b"), second, sight(5, "A\nc"), present("A\nc"), version=3
    )
    assert shape(found)[1:] == [("A\nb", "replayed"), ("A\nc", "verified")]
    assert found[2].lost


def test_a_success_on_an_isolated_copy_that_equals_the_agents_block_wrote_nothing() -> None:
    equal = append(3, "b", returned="A\nb", run_id="run-1")
    later = append(5, "c", returned="A\nc", run_id="run-2")
    found = told(sight(1, "A"), equal, later, present("A\nc"), version=2, twins=frozenset({"A\nb"}))
    assert [one.value for one in found] == ["A", "A\nc"]


def test_the_next_call_of_the_same_turn_works_on_the_unwritten_value() -> None:
    equal = append(3, "b", returned="A\nb", run_id="run-1")
    later = append(5, "c", returned="A\nb\nc", run_id="run-1")
    found = told(
        sight(1, "A"), equal, later, present("A\nb\nc"), version=2, twins=frozenset({"A\nb"})
    )
    assert [one.value for one in found] == ["A", "A\nb\nc"]


def test_an_update_beside_a_rename_is_lost() -> None:
    patch = "*** Update Block: human\n-A\n+B\n*** Move to: person"
    moved = call(3, "memory_apply_patch", arguments={"label": "x", "patch": patch})
    labels = ((START, "human"), (3, "person"))
    assert [one.value for one in told(sight(1, "A"), moved, present("A"), labels=labels)] == ["A"]


def test_a_patch_that_reports_an_error_may_have_written() -> None:
    patch = "*** Update Block: human\n-A\n+B\n*** Update Block: nowhere\n-a\n+b"
    broken = call(3, "memory_apply_patch", status="error", arguments={"label": "x", "patch": patch})
    assert [
        one.value for one in told(sight(1, "A"), broken, sight(5, "B"), present("B"), version=2)
    ] == ["A", "B"]
    assert [
        one.value for one in told(sight(1, "A"), broken, sight(5, "A"), present("A"), version=1)
    ] == ["A"]


def test_both_sides_of_a_contradiction_are_told() -> None:
    found = told(
        sight(1, "A"), append(3, "b"), present("A!\nb", at(9)), version=3, updated_at=at(9)
    )
    values = {(one.value, one.grade) for one in found[1:]}
    assert {("A\nb", "conflict"), ("A!\nb", "conflict")} <= values or (
        "A!\nb",
        "verified",
    ) in values
    assert found[-1].value == "A!\nb"


def test_a_success_that_cannot_have_been_leaves_a_gap() -> None:
    wrong = call(3, "core_memory_replace", old_content="missing", new_content="x")
    found = told(sight(1, "A"), wrong, version=3)
    assert [one.grade for one in found] == ["observed", "gap", "gap"]
    assert found[2].message_id == "message-3-agent-a"


def test_values_before_the_first_evidence_are_undone() -> None:
    found = told(append(3, "b"), append(5, "c"), present("A\nb\nc"), version=3)
    assert [one.value for one in found] == ["A", "A\nb", "A\nb\nc"]
    assert [one.undone for one in found] == [True, True, False]


def test_a_block_made_by_a_call_names_it() -> None:
    made = call(
        2, "memory", arguments={"command": "create", "path": "/memories/human", "file_text": "A"}
    )
    found = told(append(3, "b"), present("A\nb"), creation=made)
    assert (found[0].value, found[0].message_id, found[0].tool) == (
        "A",
        "message-2-agent-a",
        "memory",
    )


def test_a_custom_tool_that_ran_just_then_is_suspected() -> None:
    custom = call(3, "save_contact", person="Bo")
    found = told(sight(1, "A"), sight(5, "A\nBo"), present("A\nBo"), suspects=[custom], version=2)
    assert (found[1].value, found[1].tool, found[1].suspected) == ("A\nBo", "save_contact", True)


def test_a_custom_tool_that_changed_nothing_is_no_revision() -> None:
    custom = call(3, "save_contact", person="Bo")
    assert len(told(sight(1, "A"), sight(5, "A"), present("A"), suspects=[custom], version=1)) == 1


def test_a_return_to_the_checkpoint_the_block_points_at_is_an_undo() -> None:
    kept = sight(1, "A", id="history:h1", source="block_history")
    later = sight(3, "B", id="history:h2", source="block_history")
    found = told(kept, later, present("A"), version=3, history_entry_id="h1")
    assert [one.value for one in found] == ["A", "B", "A"]
    assert (found[2].source, found[2].note) == ("block_history", "undo")


def test_ids_are_made_of_the_evidence_and_stay() -> None:
    pieces = (sight(1, "A"), append(3, "b"), sight(5, "C"), present("C"))
    first, again = told(*pieces), told(*pieces)
    assert [one.id for one in first] == [one.id for one in again]
    assert first[0].id == "created:block-1"
    assert "call:message-3-agent-a:0" in {one.id for one in first}


def test_counts_of_lines_stand_with_each_revision() -> None:
    found = told(
        sight(1, "A\nB"), call(3, "core_memory_replace", old_content="B", new_content="C\nD")
    )
    assert [(one.added, one.removed) for one in found] == [(2, 0), (2, 1)]
