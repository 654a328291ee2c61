"""Which value was in force: at a message by the order of rows, at a time by the clock."""

from datetime import timedelta

from agents_app.revisions.travel import place_of_message, place_of_time, values_at
from tests.integration.revisions.scene import Scene


def at_message(message_id: str, agent_id: str = "agent-a") -> str | None:
    place = place_of_message(message_id)
    assert place is not None
    return values_at(agent_id, place)[0].value


def test_a_rest_edit_after_the_last_message_is_not_in_force_at_it(scene: Scene) -> None:
    scene.agent("agent-a")
    scene.block("block-1", "A\nb!", version=3)
    scene.attach("agent-a", "block-1")
    scene.turn("agent-a", {"human": "A"}, "core_memory_append", label="human", content="b", returned="A\nb")  # fmt: skip
    last = scene.turn("agent-a", {"human": "A\nb"})
    edited = scene.now()
    scene.database.execute("UPDATE block SET updated_at = %s", [edited])
    assert at_message(last) == "A\nb"
    for minutes, expected in ((-1, "A\nb"), (1, "A\nb!")):
        moment = edited + timedelta(minutes=minutes)
        place = place_of_time("agent-a", moment)
        assert place is not None
        found = values_at("agent-a", place, moment=moment, timed=True)
        assert found[0].value == expected


def test_what_another_agent_wrote_after_the_last_message_is_in_force_later(scene: Scene) -> None:
    block = scene.block("block-1", "A\nz", version=2)
    for agent in (scene.agent("agent-a"), scene.agent("agent-z", agent_type="sleeptime_agent")):
        scene.attach(agent, block)
    last = scene.turn("agent-a", {"human": "A"})
    scene.turn("agent-z", {"human": "A"}, "core_memory_append", label="human", content="z", returned="A\nz")  # fmt: skip
    moment = scene.now()
    place = place_of_time("agent-a", moment)
    assert place is not None
    assert at_message(last) == "A"
    assert values_at("agent-a", place, moment=moment, timed=True)[0].value == "A\nz"
    assert values_at("agent-a", place, moment=moment)[0].value == "A"


def test_after_a_persons_message_stands_what_its_prompt_shows(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "B", version=2))
    scene.turn("agent-a", {"human": "A"})
    scene.turn("agent-a", {"human": "B"})
    said = scene.database.rows("SELECT id FROM messages WHERE role = 'user' ORDER BY sequence_id")
    assert [at_message(message) for (message,) in said] == ["A", "B"]
