"""Every memory tool in each release that has it, on the texts that go wrong most easily."""

from typing import Any

import pytest

from agents_app.revisions.replay import TOOLS, Release, apply, undo

R0649, R0650, R0653 = (0, 6, 49), (0, 6, 50), (0, 6, 53)
R0654, R0817, R0117, R0130, R0163, R0168 = (0, 6, 54), (0, 8, 17), (0, 11, 7), (0, 13, 0), (0, 16, 3), (0, 16, 8)  # fmt: skip
ALL = (R0649, R0654, R0817, R0117, R0130, R0168)
EDITS = (R0654, R0817, R0117, R0130, R0168)
FAILS = "fails"
CRLF, TABS, EMOJI = "a\r\nb\r\n", "k\tv\n\tx", "👩‍👧 é\ne\u0301"

APPENDS = [
    ("", "x", "\nx"), ("a", "", "a\n"), ("a\n", "x", "a\n\nx"), (CRLF, "c\r\n", "a\r\nb\r\n\nc\r\n"),
    (TABS, "\ty", "k\tv\n\tx\n\ty"), (EMOJI, "日本", f"{EMOJI}\n日本"),
]  # fmt: skip
CORE_REPLACES = [
    ("a a a", "a", "b", "b b b"), ("aaa", "aa", "b", "ba"), ("a", "x", "y", FAILS), ("ab", "b", "", "a"),
    (TABS, "\t", " ", "k v\n x"), (TABS, "k       v", "x", FAILS), (CRLF, "\r\n", "\n", "a\nb\n"),
    (EMOJI, "é", "e", "👩‍👧 e\ne\u0301"), ("", "a", "b", FAILS), ("a", "a", "a", "a"),
]  # fmt: skip
REPLACES = [
    ("a b", "b", "c", "a c"), ("a a", "a", "b", FAILS), ("a", "x", "y", FAILS), ("ab", "b", "", "a"),
    ("aaa", "aa", "b", "ba"), ("", "a", "b", FAILS), (TABS, "k\tv", "w", "w\n        x"),
    (TABS, "x", "\ty", "k       v\n                y"), (CRLF, "a\r\n", "c\n", "c\nb\r\n"),
    (EMOJI, "e\u0301", "日本", "👩‍👧 é\n日本"), ("x\n\n\ny", "\n\n\n", "\n", "x\ny"),
]  # fmt: skip
INSERTS = [
    ("a\nb", "x", 0, "x\na\nb"), ("a\nb", "x", 1, "a\nx\nb"), ("a\nb", "x", 2, "a\nb\nx"), ("a\nb", "x", 3, FAILS),
    ("a", "x", -2, FAILS), ("", "x", 0, "x\n"), ("", "x", 1, "\nx"), ("a", "", 1, "a\n"), ("a\n", "x", 2, "a\n\nx"),
    ("a", "x\ny\n", 1, "a\nx\ny\n"), (TABS, "\ty", 0, "        y\nk       v\n        x"),
    (CRLF, "c\r", 1, "a\r\nc\r\nb\r\n"), (EMOJI, "日本", 1, "👩‍👧 é\n日本\ne\u0301"), ("a", "x", "1", FAILS), ("a", "x", None, FAILS),
]  # fmt: skip
REWRITES = ["", "x", TABS, CRLF, EMOJI, "\n\n", "x" * 1_000]
PATCHES = [
    ("a\nb", "-b\n+c", "a\nc"), ("a\na", "-a\n+b", FAILS), ("a", "-x\n+y", FAILS), ("", "+x", "\nx"), ("", "-\n+x", "x"),
    ("a\nb\nc", " a\n-b\n c", "a\nc"), (TABS, " k       v\n-        x\n+y", "k       v\ny"), (TABS, " k\tv\n-x\n+y", FAILS), ("a\r\nb", "-b\n+c", "a\r\nc"),
    (EMOJI, "-e\u0301\n+日本", "👩‍👧 é\n日本"), ("a\n\nb", " a\n\n-b\n+c", "a\n\nc"), ("a", "", FAILS), ("a", "noise", FAILS),
    ("a\nb", "@@\n-a\n+x\n@@\n-x\n+y", "y\nb"), ("a", "+b\n+c", "a\nb\nc"), ("ab", "-a\n+b", FAILS),
]  # fmt: skip


def outcome(tool: str, value: str, release: Release, /, **arguments: Any) -> str:
    done = apply(tool, {"label": "human", **arguments}, value, label="human", release=release)
    return FAILS if done.value is None else done.value


@pytest.mark.parametrize("release", ALL)
@pytest.mark.parametrize(("value", "content", "after"), APPENDS)
def test_core_memory_append(value: str, content: str, after: str, release: Release) -> None:
    assert outcome("core_memory_append", value, release, content=content) == after


@pytest.mark.parametrize("release", ALL)
@pytest.mark.parametrize(("value", "old", "new", "after"), CORE_REPLACES)
def test_core_memory_replace(value: str, old: str, new: str, after: str, release: Release) -> None:
    found = outcome("core_memory_replace", value, release, old_content=old, new_content=new)
    assert found == after


@pytest.mark.parametrize("release", EDITS)
@pytest.mark.parametrize(("value", "old", "new", "after"), REPLACES)
def test_memory_replace(value: str, old: str, new: str, after: str, release: Release) -> None:
    for names in (("old_str", "new_str"), ("old_string", "new_string")):
        texts = dict(zip(names, (old, new), strict=True))
        assert outcome("memory_replace", value, release, **texts) == after


@pytest.mark.parametrize("release", EDITS)
@pytest.mark.parametrize(("value", "new", "line", "after"), INSERTS)
def test_memory_insert(value: str, new: str, line: Any, after: str, release: Release) -> None:
    for name in ("new_str", "new_string"):
        assert outcome("memory_insert", value, release, **{name: new, "insert_line": line}) == after


@pytest.mark.parametrize("tool", ["memory_rethink", "rethink_memory"])
@pytest.mark.parametrize("text", REWRITES)
def test_whole_rewrites_are_verbatim(tool: str, text: str) -> None:
    arguments = {"label": "human", "target_block_label": "human", "new_memory": text}
    done = apply(tool, arguments, "before", label="human", release=R0654)
    assert done.value == text
    assert undo(tool, arguments, text, label="human").kind == "ambiguous"


@pytest.mark.parametrize("release", [R0130, R0163, R0168])
@pytest.mark.parametrize(("value", "old", "new", "after"), REPLACES)
def test_the_memory_tools_str_replace(value: str, old: str, new: str, after: str, release: Release) -> None:  # fmt: skip
    names = ("old_string", "new_string") if release == R0168 else ("old_str", "new_str")
    texts = dict(zip(names, (old, new), strict=True))
    found = outcome("memory", value, release, command="str_replace", path="/memories/human", **texts)  # fmt: skip
    assert found == after


@pytest.mark.parametrize("release", [R0130, R0168])
@pytest.mark.parametrize(("value", "new", "line", "after"), INSERTS)
def test_the_memory_tools_insert(value: str, new: str, line: Any, after: str, release: Release) -> None:  # fmt: skip
    found = outcome("memory", value, release, command="insert", path="/memories/human",
                    insert_text=new, insert_line=line)  # fmt: skip
    assert found == after


@pytest.mark.parametrize("release", [R0130, R0168])
@pytest.mark.parametrize(("value", "patch", "after"), PATCHES)
def test_plain_patches(value: str, patch: str, after: str, release: Release) -> None:
    assert outcome("memory_apply_patch", value, release, patch=patch) == after


@pytest.mark.parametrize(("value", "patch", "after"), PATCHES)
def test_extended_patches_update_by_the_same_rule(value: str, patch: str, after: str) -> None:
    extended = f"*** Update Block: human\n{patch}"
    assert outcome("memory_apply_patch", value, R0168, patch=extended) == after


@pytest.mark.parametrize(("release", "line", "after"), [
    (R0649, 1, "a\nx\nb"), (R0650, 1, "a\nx"), (R0653, 1, "x\nb"), (R0653, 2, "a\nx"), (R0650, 5, FAILS),
])  # fmt: skip
def test_core_memory_insert_replaced_another_line_in_each_release(
    release: Release, line: int, after: str
) -> None:
    arguments = {"target_block_label": "human", "new_memory": "x", "line_number": line, "replace": True}  # fmt: skip
    assert outcome("core_memory_insert", "a\nb", release, **arguments) == after


@pytest.mark.parametrize("tool", sorted(TOOLS))
def test_missing_arguments_never_raise_and_never_change(tool: str) -> None:
    for arguments in ({}, {"label": "human"}, {"label": None, "new_memory": 5}, {"command": [], "patch": {}}):  # fmt: skip
        for value in ("", "a", None):
            done = apply(tool, arguments, value, label="human")
            assert done.value is None or done.value == value
        assert undo(tool, arguments, "a", label="human").value in (None, "a")


@pytest.mark.parametrize("command", ["view", "", "CREATE", None])
def test_unknown_commands_of_memory_touch_nothing(command: Any) -> None:
    done = apply("memory", {"command": command, "path": "/memories/human"}, "a", label="human")
    assert done.kind == "untouched"
