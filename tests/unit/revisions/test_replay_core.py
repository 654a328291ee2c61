"""The oldest memory tools, replayed and undone as documented."""

import pytest

from agents_app.revisions.replay import Outcome, apply, undo


def done(tool: str, value: str | None, /, **arguments: object) -> Outcome:
    return apply(tool, {"label": "human", **arguments}, value, label="human")


def undone(tool: str, value: str, /, **arguments: object) -> Outcome:
    return undo(tool, {"label": "human", **arguments}, value, label="human")


@pytest.mark.parametrize(
    ("before", "content", "after"),
    [
        ("Name: Ada", "Likes tea", "Name: Ada\nLikes tea"),
        ("", "Likes tea", "\nLikes tea"),
        ("a", "", "a\n"),
        ("tab\there", "x\ty", "tab\there\nx\ty"),
        ("дом\r", "🙂\r\nx", "дом\r\n🙂\r\nx"),
    ],
)
def test_append_adds_a_line_and_keeps_tabs(before: str, content: str, after: str) -> None:
    assert done("core_memory_append", before, content=content).value == after
    assert undone("core_memory_append", after, content=content).value == before


def test_append_cannot_have_left_a_value_that_ends_otherwise() -> None:
    assert undone("core_memory_append", "a\nb", content="c").kind == "failed"


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        ("milk and milk", "milk", "oats", "oats and oats"),
        ("aaa", "aa", "b", "ba"),
        ("a\tb", "\t", " ", "a b"),
        ("keep cut", " cut", "", "keep"),
        ("same", "same", "same", "same"),
        ("Zoë\r\n", "Zoë", "Zoé", "Zoé\r\n"),
    ],
)
def test_replace_changes_every_occurrence(before: str, old: str, new: str, after: str) -> None:
    assert done("core_memory_replace", before, old_content=old, new_content=new).value == after


def test_replace_fails_where_the_old_text_does_not_occur() -> None:
    assert (
        done("core_memory_replace", "tea", old_content="coffee", new_content="x").kind == "failed"
    )


def test_replace_is_undone_only_where_one_value_fits() -> None:
    assert (
        undone("core_memory_replace", "I drink tea", old_content="coffee", new_content="tea").value
        == "I drink coffee"
    )
    several = undone("core_memory_replace", "tea, tea", old_content="coffee", new_content="tea")
    assert several.kind == "ambiguous"
    assert len(several.candidates) == 3


def test_deleted_text_does_not_say_where_it_stood() -> None:
    assert undone("core_memory_replace", "abc", old_content="x", new_content="").kind == "ambiguous"


def test_an_unknown_value_stays_unknown() -> None:
    assert done("core_memory_append", None, content="x").kind == "ambiguous"


@pytest.mark.parametrize(
    ("release", "replace", "number", "after"),
    [
        ((0, 6, 49), False, 1, "a\nX\nb"),
        ((0, 6, 49), True, 1, "a\nX\nb"),
        ((0, 6, 50), True, 1, "a\nX"),
        ((0, 6, 51), True, 1, "X\nb"),
        ((0, 6, 53), False, None, "a\nb\nX"),
    ],
)
def test_insert_of_the_spring_releases(
    release: tuple[int, ...], replace: bool, number: int | None, after: str
) -> None:
    arguments = {
        "target_block_label": "human",
        "new_memory": "X",
        "line_number": number,
        "replace": replace,
    }
    assert (
        apply("core_memory_insert", arguments, "a\nb", label="human", release=release).value
        == after
    )


def test_insert_out_of_range_fails_on_replace() -> None:
    arguments = {
        "target_block_label": "human",
        "new_memory": "X",
        "line_number": 9,
        "replace": True,
    }
    assert (
        apply("core_memory_insert", arguments, "a\nb", label="human", release=(0, 6, 51)).kind
        == "failed"
    )


@pytest.mark.parametrize("tool", ["rethink_memory", "memory_rethink"])
def test_rethinking_writes_the_whole_value_verbatim(tool: str) -> None:
    arguments = {"label": "human", "target_block_label": "human", "new_memory": "all\tnew\r\n"}
    assert apply(tool, arguments, None, label="human").value == "all\tnew\r\n"
    assert undo(tool, arguments, "all\tnew\r\n", label="human").kind == "ambiguous"


def test_the_voice_tool_writes_the_human_block_only() -> None:
    assert apply("rethink_user_memory", {"new_memory": "x"}, "y", label="human").value == "x"
    assert (
        apply("rethink_user_memory", {"new_memory": "x"}, "y", label="persona").kind == "untouched"
    )


@pytest.mark.parametrize(
    "tool",
    ["send_message", "memory_finish_edits", "store_memories", "view_core_memory_with_line_numbers"],
)
def test_other_tools_touch_nothing(tool: str) -> None:
    assert apply(tool, {"label": "human"}, "x", label="human").kind == "untouched"


def test_a_call_on_another_label_touches_nothing() -> None:
    assert (
        apply("core_memory_append", {"label": "persona", "content": "x"}, "y", label="human").kind
        == "untouched"
    )


@pytest.mark.parametrize(
    ("value", "old", "new"), [("aaa", "b", "aa"), ("1a1", "", "1"), ("x" * 40, "y", "x")]
)
def test_text_that_occurs_in_itself_or_too_often_is_not_undone(
    value: str, old: str, new: str
) -> None:
    assert (
        undone("core_memory_replace", value, old_content=old, new_content=new).kind == "ambiguous"
    )
