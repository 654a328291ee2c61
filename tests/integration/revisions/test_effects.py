"""What the memory calls of a page of a transcript did, told in bulk."""

from typing import Any

from django.db import connections
from django.test.utils import CaptureQueriesContext

from agents_app.revisions.effects import Effect, effects
from tests.integration.revisions.scene import Scene


def told(scene: Scene, *message_ids: str) -> list[Effect]:
    return [one for found in effects("agent-a", message_ids).values() for one in found]


def holding(scene: Scene, value: str, **more: Any) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", value, **more))


def test_a_return_with_the_whole_value_tells_both_sides(scene: Scene) -> None:
    holding(scene, "A\nb", version=2)
    row = scene.turn("agent-a", {}, "core_memory_append", label="human", content="b", returned="A\nb")  # fmt: skip
    ((key, (effect,)),) = effects("agent-a", [row]).items()
    assert key[0] == row
    assert key[1].startswith("call_step-")
    assert (effect.block_id, effect.before, effect.after) == ("block-1", "A", "A\nb")
    assert (effect.added, effect.removed, effect.whole, effect.grade) == (1, 0, True, "observed")
    assert effect.revision_id == f"call:{row}:0"


def test_arguments_alone_tell_what_an_append_added(scene: Scene) -> None:
    holding(scene, "A\nb", version=2)
    row = scene.turn("agent-a", {}, "core_memory_append", label="human", content="b")
    (effect,) = told(scene, row)
    assert (effect.before, effect.after, effect.whole) == ("", "b", False)
    assert (effect.added, effect.removed, effect.grade) == (1, 0, "replayed")


def test_the_prompt_of_the_step_tells_on_what_a_call_worked(scene: Scene) -> None:
    holding(scene, "x", version=2)
    row = scene.turn("agent-a", {"human": "A\nB"}, "memory_rethink", label="human", new_memory="A\nC")  # fmt: skip
    (effect,) = told(scene, row)
    assert (effect.before, effect.after, effect.whole) == ("A\nB", "A\nC", True)
    assert (effect.added, effect.removed) == (1, 1)


def test_a_rewrite_of_an_unknown_value_counts_no_lines(scene: Scene) -> None:
    holding(scene, "x", version=2)
    row = scene.turn("agent-a", {}, "memory_rethink", label="human", new_memory="A\nC")
    (effect,) = told(scene, row)
    assert (effect.before, effect.after, effect.added) == (None, "A\nC", None)


def test_calls_that_failed_or_changed_nothing_have_no_effect(scene: Scene) -> None:
    holding(scene, "A", version=2)
    failed = scene.turn("agent-a", {"human": "A"}, "core_memory_append", label="human", content="b",
                        status="error")  # fmt: skip
    same = scene.turn("agent-a", {"human": "A"}, "memory_rethink", label="human", new_memory="A")
    other = scene.turn("agent-a", {"human": "A"}, "send_message", message="human")
    assert told(scene, failed, same, other) == []


def test_another_agents_rows_are_not_told(scene: Scene) -> None:
    holding(scene, "A", version=2)
    scene.agent("agent-b")
    row = scene.turn("agent-b", {}, "core_memory_append", label="human", content="b")
    assert told(scene, row) == []


def test_a_block_that_is_held_no_more_has_a_label_only(scene: Scene) -> None:
    holding(scene, "A")
    row = scene.turn("agent-a", {}, "core_memory_append", label="gone", content="b")
    (effect,) = told(scene, row)
    assert (effect.block_id, effect.label, effect.after) == (None, "gone", "b")


def test_a_conversations_own_copy_is_the_block_that_is_meant(scene: Scene) -> None:
    holding(scene, "A")
    scene.insert(
        "conversations", id="conv-1", agent_id="agent-a", organization_id="org-1", is_deleted=False
    )
    scene.insert("blocks_conversations", conversation_id="conv-1", block_id=scene.block("block-2", "A\nx", version=2),
                 block_label="human")  # fmt: skip
    row = scene.turn("agent-a", {}, "core_memory_append", label="human", content="x", returned="A\nx",
                     conversation_id="conv-1")  # fmt: skip
    (effect,) = told(scene, row)
    assert effect.block_id == "block-2"


def test_commands_of_the_memory_tool_create_rename_and_detach(scene: Scene) -> None:
    holding(scene, "A")
    calls = ({"command": "create", "path": "/memories/todo", "file_text": "x\ny"},
             {"command": "rename", "old_path": "/memories/human", "new_path": "/memories/person"},
             {"command": "delete", "path": "/memories/human"})  # fmt: skip
    rows = [scene.turn("agent-a", {}, "memory", returned="done", **call) for call in calls]
    made, renamed, gone = (told(scene, row)[0] for row in rows)
    assert (made.kind, made.label, made.after, made.added) == ("created", "todo", "x\ny", 2)
    assert [(one.kind, one.new_label) for one in told(scene, rows[1])] == [("renamed", "person")]
    assert (renamed.label, gone.kind) == ("human", "detached")


def test_a_page_of_many_calls_takes_few_statements(scene: Scene) -> None:
    holding(scene, "A", version=9)
    rows = [scene.turn("agent-a", {"human": "A"}, "core_memory_append", label="human", content=str(number))
            for number in range(30)]  # fmt: skip
    with CaptureQueriesContext(connections["letta"]) as queries:
        assert len(effects("agent-a", rows)) == 30
    assert len(queries) <= 10
