"""Blocks whose stored value a step's prompt did not show."""

from django.db import connections
from django.test.utils import CaptureQueriesContext

from agents_app.revisions.unseen import unseen
from tests.integration.revisions.scene import Scene


def steps(scene: Scene) -> list[str]:
    found = scene.database.rows(
        "SELECT step_id FROM messages WHERE step_id IS NOT NULL GROUP BY 1 ORDER BY min(sequence_id)"
    )
    return [step for (step,) in found]


def test_a_prompt_older_than_the_last_write_is_told(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A\nb", version=2))
    row = scene.turn("agent-a", {"human": "A"}, "core_memory_append", label="human", content="b", returned="A\nb")  # fmt: skip
    scene.turn("agent-a", {"human": "A"})
    first, second = steps(scene)
    found = unseen("agent-a", [first, second])
    assert list(found) == [second]
    (missed,) = found[second]
    assert (missed.block_id, missed.shown, missed.stored) == ("block-1", "A", "A\nb")
    assert (missed.revision_id, missed.grade) == (f"call:{row}:0", "observed")


def test_what_another_agent_wrote_meanwhile_was_not_seen(scene: Scene) -> None:
    block = scene.block("block-1", "A\nz", version=2)
    for agent in (scene.agent("agent-a"), scene.agent("agent-z", agent_type="sleeptime_agent")):
        scene.attach(agent, block)
    scene.turn("agent-z", {"human": "A"}, "core_memory_append", label="human", content="z", returned="A\nz")  # fmt: skip
    scene.turn("agent-a", {"human": "A"})
    assert [one.stored for one in unseen("agent-a", steps(scene)).get(steps(scene)[1], [])] == ["A\nz"]  # fmt: skip


def test_prompts_that_show_what_is_stored_leave_nothing_to_tell(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A\nb", version=2))
    scene.turn("agent-a", {"human": "A"}, "core_memory_append", label="human", content="b", returned="A\nb")  # fmt: skip
    scene.turn("agent-a", {"human": "A\nb"})
    assert unseen("agent-a", steps(scene)) == {}


def test_a_write_that_nothing_explains_was_there_when_the_tool_loaded_the_block(
    scene: Scene,
) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "B\nc", version=3))
    scene.turn("agent-a", {"human": "A"})
    scene.turn("agent-a", {"human": "A"}, "core_memory_append", label="human", content="c", returned="B\nc")  # fmt: skip
    second = steps(scene)[1]
    assert [(one.shown, one.stored) for one in unseen("agent-a", [second])[second]] == [("A", "B")]


def test_blocks_that_the_prompt_did_not_show_and_steps_without_trace_are_left_out(
    scene: Scene,
) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A\nb", version=2))
    scene.turn("agent-a", {"persona": "P"}, "core_memory_append", label="human", content="b", returned="A\nb")  # fmt: skip
    scene.database.execute("DELETE FROM provider_traces WHERE step_id = 'nothing'")
    assert unseen("agent-a", [*steps(scene), "step-without"]) == {}


def test_the_steps_of_one_turn_carry_the_prompt_of_its_start(scene: Scene) -> None:
    """Told with as many statements as for one step."""
    values = ["A" + "".join(f"\n{number}" for number in range(count)) for count in range(11)]
    scene.attach(scene.agent("agent-a"), scene.block("block-1", values[-1], version=11))
    for number, returned in enumerate(values[1:]):
        scene.turn("agent-a", {"human": "A"}, "core_memory_append", label="human", content=str(number),
                   returned=returned)  # fmt: skip
    scene.database.execute("UPDATE messages SET run_id = (SELECT min(id) FROM runs)")
    with CaptureQueriesContext(connections["letta"]) as queries:
        found = unseen("agent-a", steps(scene))
    stored = [one.stored for step in steps(scene) for one in found.get(step, [])]
    assert stored == values[1:-1]
    assert len(queries) <= 40
