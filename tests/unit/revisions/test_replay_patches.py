"""memory_apply_patch, plain and extended."""

from agents_app.revisions.replay import Outcome, apply, undo


def patched(value: str | None, patch: str, *, label: str = "human") -> Outcome:
    return apply("memory_apply_patch", {"label": "human", "patch": patch}, value, label=label)


def test_a_hunk_replaces_whole_lines() -> None:
    assert patched("a\nb\nc", " a\n-b\n+B").value == "a\nB\nc"


def test_hunks_are_applied_in_order() -> None:
    assert patched("a\nb\nc", "@@\n-a\n+x\n@@\n-c\n+z").value == "x\nb\nz"


def test_a_hunk_of_added_lines_goes_to_the_end() -> None:
    assert patched("a", "+b\n+c").value == "a\nb\nc"


def test_expected_lines_must_stand_exactly_once() -> None:
    assert patched("a\na", "-a\n+b").kind == "failed"
    assert patched("a", "-x\n+b").kind == "failed"


def test_part_of_a_line_does_not_match() -> None:
    assert patched("abc", "-b\n+x").kind == "failed"


def test_headers_of_diffs_and_other_lines_are_dropped() -> None:
    assert patched("a", "--- old\n+++ new\n@@ 1 @@\nnoise\n-a\n+b").value == "b"


def test_tabs_of_the_value_are_expanded_even_far_from_the_hunk() -> None:
    assert patched("x\ty\na", "-a\n+b").value == "x       y\nb"


def test_the_sign_of_a_patch_line_counts_as_a_column() -> None:
    assert patched("a", "-a\n+x\ty").value == "x      y"
    assert patched("x\ty", "-x\ty\n+z").kind == "failed"


def test_a_carriage_return_ends_a_line_of_the_patch() -> None:
    assert patched("a", "+b\r\nYork").value == "a\nb"


def test_line_numbers_in_a_patch_are_refused() -> None:
    arguments = {"label": "human", "patch": "1\u2192 a"}
    assert (
        apply("memory_apply_patch", arguments, "a", label="human", release=(0, 13)).kind == "failed"
    )


def test_a_plain_patch_is_undone() -> None:
    arguments = {"label": "human", "patch": " a\n-b\n+B"}
    assert undo("memory_apply_patch", arguments, "a\nB\nc", label="human").value == "a\nb\nc"


EXTENDED = "*** Add Block: todo\nDescription: d\n+eggs\n+\n*** Update Block: human\n@@\n-a\n+b"


def test_an_extended_patch_names_its_blocks_itself() -> None:
    assert patched("a", EXTENDED).value == "b"
    added = patched(None, EXTENDED, label="todo")
    assert (added.value, added.created) == ("eggs", True)
    assert patched("a", EXTENDED, label="persona").kind == "untouched"


def test_delete_only_detaches() -> None:
    assert patched("a", "*** Delete Block: human").kind == "untouched"


def test_update_beside_a_move_is_lost() -> None:
    moved = patched("a", "*** Update Block: human\n@@\n-a\n+b\n*** Move to: person")
    assert (moved.kind, moved.label) == ("untouched", "person")


def test_what_came_before_a_failing_operation_stays_done() -> None:
    stopped = patched("a", "*** Update Block: human\n-a\n+b\n*** Update Block: human\n-x\n+y")
    assert (stopped.value, stopped.partial) == ("b", True)


def test_an_extended_patch_is_undone_from_its_end() -> None:
    arguments = {
        "label": "x",
        "patch": "*** Update Block: human\n-a\n+b\n*** Update Block: human\n-b\n+c",
    }
    assert undo("memory_apply_patch", arguments, "c", label="human").value == "a"
