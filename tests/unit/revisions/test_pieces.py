"""The pieces that calls name."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.revisions.replay import apply
from agents_app.revisions.replay.pieces import Pieces, pieces

PATCH = "@@\n keep\n-old\n+new\n"
EXTENDED = f"*** Begin Patch\n*** Update Block: human\n{PATCH}*** Add Block: todo\n+a\n+b\n"


@pytest.mark.parametrize(("tool", "arguments", "expected"), [
    ("core_memory_append", {"content": "x"}, Pieces("", "x")),
    ("core_memory_replace", {"old_content": "a", "new_content": ""}, Pieces("a", "")),
    ("memory_replace", {"old_str": "a", "new_str": "b"}, Pieces("a", "b")),
    ("memory_replace", {"old_string": "a", "new_string": "b"}, Pieces("a", "b")),
    ("memory_replace", {"old_str": "a"}, None),
    ("memory_insert", {"new_string": "b", "insert_line": 0}, Pieces("", "b")),
    ("core_memory_insert", {"new_memory": "b", "line_number": 2, "replace": True}, Pieces(None, "b")),
    ("memory_rethink", {"new_memory": "w"}, Pieces(None, "w", whole=True)),
    ("rethink_user_memory", {"new_memory": "w"}, Pieces(None, "w", whole=True)),
    ("memory", {"command": "create", "path": "/memories/human"}, Pieces("", "", whole=True)),
    ("memory", {"command": "str_replace", "old_str": "a", "new_str": "b"}, Pieces("a", "b")),
    ("memory", {"command": "insert", "insert_text": "b"}, Pieces("", "b")),
    ("memory", {"command": "delete"}, None),
    ("memory_apply_patch", {"patch": PATCH}, Pieces("keep\nold", "keep\nnew")),
    ("memory_apply_patch", {"patch": EXTENDED}, Pieces("keep\nold", "keep\nnew")),
    ("memory_apply_patch", {}, None),
])  # fmt: skip
def test_what_each_tool_names(
    tool: str, arguments: dict[str, Any], expected: Pieces | None
) -> None:
    assert pieces(tool, arguments, label="human") == expected


def test_an_added_block_is_named_whole() -> None:
    found = pieces("memory_apply_patch", {"patch": EXTENDED}, label="todo")
    assert found == Pieces("", "a\nb", whole=True)


@given(st.text(alphabet="ab\n", min_size=1), st.text(alphabet="ab\n"), st.text(alphabet="xy\n"))
def test_a_replacement_of_the_pieces_is_what_the_tool_does(old: str, new: str, rest: str) -> None:
    arguments = {"label": "human", "old_str": old, "new_str": new}
    named = pieces("memory_replace", arguments, label="human")
    done = apply("memory_replace", arguments, f"{rest}{old}{rest}", label="human")
    assert named is not None
    if done.value is not None:
        assert done.value == f"{rest}{old}{rest}".replace(named.before or "", named.after)
