"""memory_replace, memory_insert, memory_rethink and the commands of `memory`."""

import pytest

from agents_app.revisions.replay import Outcome, Release, apply, undo

OLD_NAMES, NEW_NAMES = ("old_str", "new_str"), ("old_string", "new_string")


def replaced(
    value: str, old: str, new: str, *, names: tuple[str, str] = OLD_NAMES, release: Release = ()
) -> Outcome:
    arguments = {"label": "human", names[0]: old, names[1]: new}
    return apply("memory_replace", arguments, value, label="human", release=release)


def inserted(value: str, new: str, release: Release = (), /, **more: object) -> Outcome:
    return apply(
        "memory_insert",
        {"label": "human", "new_str": new, **more},
        value,
        label="human",
        release=release,
    )


@pytest.mark.parametrize("names", [OLD_NAMES, NEW_NAMES])
def test_replace_knows_the_argument_names_of_every_release(names: tuple[str, str]) -> None:
    assert replaced("a b c", "b", "x", names=names).value == "a x c"


@pytest.mark.parametrize("value", ["no such text", "twice twice"])
def test_replace_needs_exactly_one_occurrence(value: str) -> None:
    assert replaced(value, "twice", "once").kind == "failed"


def test_replace_expands_tabs_in_the_whole_value() -> None:
    assert replaced("a\tb\nfar\taway", "b", "x").value == "a       x\nfar     away"


def test_replace_finds_text_with_tabs_after_expanding_both() -> None:
    assert replaced("kg\tcm", "kg\tcm", "lb").value == "lb"


def test_replace_keeps_carriage_returns_and_unicode() -> None:
    assert replaced("Ω\r\nline", "line", "строка").value == "Ω\r\nстрока"


@pytest.mark.parametrize(
    ("text", "release", "refused"),
    [
        ("Line 1: x", (0, 6, 54), False),
        ("a\nLine 1: x", (0, 6, 54), True),
        ("Line 1: x", (0, 8, 17), True),
        ("  Line 12: x", (0, 11, 7), True),
        ("1\u2192 x", (0, 11, 7), False),
        (" 1\u2192 x", (0, 13, 0), True),
        ("Line 1: x", (0, 13, 0), False),
        ("# NOTE: Line numbers shown below", (0, 13, 0), True),
    ],
)
def test_line_numbers_are_refused_by_release(text: str, release: Release, *, refused: bool) -> None:
    arguments = {"label": "human", "new_memory": text}
    outcome = apply("memory_rethink", arguments, "x", label="human", release=release)
    assert (outcome.kind == "failed") is refused


@pytest.mark.parametrize(
    ("number", "after"), [(0, "X\na\nb"), (1, "a\nX\nb"), (2, "a\nb\nX"), (-1, "a\nb\nX")]
)
def test_insert_puts_lines_after_the_numbered_one(number: int, after: str) -> None:
    assert inserted("a\nb", "X", insert_line=number).value == after


def test_insert_without_a_number_means_the_end() -> None:
    assert inserted("a\nb", "X\nY").value == "a\nb\nX\nY"


def test_insert_into_an_empty_value_keeps_its_one_empty_line() -> None:
    assert inserted("", "X").value == "\nX"
    assert inserted("", "X", insert_line=0).value == "X\n"


@pytest.mark.parametrize("number", [-2, 3, "1", None, True])
def test_insert_refuses_lines_out_of_range_and_no_numbers(number: object) -> None:
    assert inserted("a\nb", "X", insert_line=number).kind == "failed"


@pytest.mark.parametrize(
    ("release", "kind"), [((0, 6, 54), "failed"), ((0, 7, 29), "failed"), ((0, 8, 0), "value")]
)
def test_minus_one_was_refused_up_to_0_7(release: Release, kind: str) -> None:
    assert inserted("a", "X", release, insert_line=-1).kind == kind


def test_insert_is_undone_where_its_lines_stand() -> None:
    arguments = {"label": "human", "new_str": "X", "insert_line": 1}
    assert undo("memory_insert", arguments, "a\nX\nb", label="human").value == "a\nb"
    assert undo("memory_insert", arguments, "a\nb\nX", label="human").kind == "failed"


def test_replace_is_undone_where_one_place_fits() -> None:
    arguments = {"label": "human", "old_str": "tea", "new_str": "coffee"}
    assert undo("memory_replace", arguments, "coffee at noon", label="human").value == "tea at noon"
    assert undo("memory_replace", arguments, "coffee, coffee", label="human").kind == "ambiguous"


def memory(value: str | None, label: str = "human", /, **arguments: object) -> Outcome:
    return apply("memory", arguments, value, label=label)


def test_memory_create_makes_a_block_with_its_text_or_none() -> None:
    made = memory(None, "notes", command="create", path="/memories/notes", file_text="x")
    assert (made.value, made.created) == ("x", True)
    assert memory(None, "notes", command="create", path="/memories/notes").value == ""


@pytest.mark.parametrize("names", [OLD_NAMES, NEW_NAMES])
def test_memory_str_replace_is_memory_replace(names: tuple[str, str]) -> None:
    more = {names[0]: "a", names[1]: "b"}
    assert memory("x a", command="str_replace", path="/memories/human", **more).value == "x b"


def test_memory_insert_without_a_line_fails() -> None:
    assert memory("a", command="insert", path="human", insert_text="b").kind == "failed"
    assert (
        memory("a", command="insert", path="human", insert_text="b", insert_line=0).value == "b\na"
    )


def test_memory_delete_only_detaches() -> None:
    assert memory("a", command="delete", path="/memories/human").kind == "untouched"


def test_memory_rename_gives_the_block_another_label() -> None:
    renamed = memory("a", command="rename", old_path="/memories/human", new_path="/memories/person")
    assert (renamed.kind, renamed.label) == ("untouched", "person")
    assert memory("a", command="rename", path="/memories/human", description="d").label is None


@pytest.mark.parametrize(
    ("command", "release", "label"),
    [
        ("create", (0, 13, 0), "a_b"),
        ("create", (0, 16, 8), "a/b"),
        ("insert", (0, 16, 8), "a_b"),
        ("str_replace", (0, 16, 8), "a/b"),
    ],
)
def test_slashes_in_a_path_by_release(command: str, release: Release, label: str) -> None:
    arguments = {"command": command, "path": "/memories/a/b", "insert_text": "x", "insert_line": 0,
                 "old_str": "v", "new_str": "w", "file_text": "t"}  # fmt: skip
    assert apply("memory", arguments, "v", label=label, release=release).kind == "value"
    assert (
        apply("memory", arguments, "v", label=label.swapcase(), release=release).kind == "untouched"
    )
