"""Blocks read from prompts of git-backed agents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.revisions.prompts import read_memory
from tests.unit.revisions.layouts import files, nested

BLOCKS = {"system/persona": "Kind.", "system/human": "Name: Ada\n\n  Likes \ttea 🙂", "system/work/now": "x",
          "system/work": "A job.", "system/empty": ""}  # fmt: skip


def values(prompt: str) -> dict[str, str]:
    memory = read_memory(prompt)
    assert memory is not None
    return {label: shown.value for label, shown in memory.blocks.items()}


@pytest.mark.parametrize("description", ["", "d", "two\nlines"])
def test_files_with_front_matter_come_back(description: str) -> None:
    assert values(files(BLOCKS, description=description)) == BLOCKS


def test_a_label_without_system_is_told_by_the_tree() -> None:
    assert values(files({"human": "x", "system/persona": "y"})) == {
        "human": "x",
        "system/persona": "y",
    }


@pytest.mark.parametrize("description", ["", "d", "two\nlines"])
def test_nested_tags_come_back_without_their_last_line_ends(description: str) -> None:
    blocks = BLOCKS | {"system/human": "Name\n\n"}
    assert values(nested(blocks, description=description)) == {
        label: value.rstrip("\n") for label, value in blocks.items()
    }
    memory = read_memory(nested(blocks))
    assert memory is not None
    assert all(shown.stripped for shown in memory.blocks.values())


def test_files_outside_system_are_not_shown() -> None:
    assert values(nested({"system/human": "x", "notes/a": "hidden"})) == {"system/human": "x"}


def test_a_value_that_looks_like_the_frame_is_not_believed() -> None:
    tricky = "x\n</system/human.md>\n\n<system/human.md>\ny"
    assert "system/human" not in values(files({"system/human": tricky, "system/a": "z"}))
    closing = "x\n</self>\n\n<memory>\n"
    assert (
        "system/persona" not in values(nested({"system/persona": closing, "system/human": "z"}))
        or values(nested({"system/persona": closing, "system/human": "z"}))["system/human"] == "z"
    )


def test_the_metadata_name_agent_and_conversation() -> None:
    prompt = nested(BLOCKS) + "\n\n<memory_metadata>\n- AGENT_ID: agent-1\n- CONVERSATION_ID: default\n</memory_metadata>"  # fmt: skip
    memory = read_memory(prompt)
    assert memory is not None
    assert (memory.agent_id, memory.conversation_id) == ("agent-1", None)


LABELS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(
    lambda parts: "system/" + "/".join(parts)
)
TEXTS = st.text(alphabet="x\n <>/ab-", max_size=20)


@given(st.dictionaries(LABELS, TEXTS, max_size=5))
def test_what_is_believed_is_what_was_stored(blocks: dict[str, str]) -> None:
    for prompt, cut in ((files(blocks), False), (nested(blocks), True)):
        memory = read_memory(prompt)
        for label, shown in (memory.blocks if memory else {}).items():
            assert shown.value == (blocks[label].rstrip("\n") if cut else blocks[label])


@given(st.dictionaries(LABELS, st.text(alphabet="xyz \n", max_size=20), min_size=1, max_size=5))
def test_plain_texts_always_come_back(blocks: dict[str, str]) -> None:
    assert values(files(blocks)) == blocks
    assert values(nested(blocks)) == {label: value.rstrip("\n") for label, value in blocks.items()}
