"""Histories read from rows of every kind of writer and of evidence."""

from agents_app.revisions.causes import with_causes
from agents_app.revisions.history import history, vanished
from agents_app.revisions.revision import Revision
from agents_app.revisions.travel import place_of_message, values_at
from tests.integration.revisions.scene import Scene


def revisions(block_id: str, *, search_seconds: float | None = None) -> list[Revision]:
    found = history(block_id, search_seconds=search_seconds)
    assert found is not None
    return with_causes(found.revisions)


def values(found: list[Revision]) -> list[str | None]:
    return [one.value for one in found]


def test_a_call_a_rest_edit_and_their_causes(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A\nb!", version=3))
    called = scene.turn(
        "agent-a", {"human": "A"}, "core_memory_append", label="human", content="b", returned="A\nb"
    )
    scene.turn("agent-a", {"human": "A\nb!"})
    found = revisions("block-1")
    assert [(one.value, one.grade) for one in found] == [
        ("A", "observed"),
        ("A\nb", "observed"),
        ("A\nb!", "observed"),
    ]
    assert (found[1].message_id, found[1].source) == (called, "return")
    assert found[1].cause_message_id is not None
    assert (found[2].message_id, found[2].source) == (None, "trace")


def test_the_sleeptime_agents_edits_belong_to_the_shared_block(scene: Scene) -> None:
    block = scene.block("block-1", "A\nb\nc", version=3)
    for agent in (
        scene.agent("agent-main"),
        scene.agent("agent-sleep", agent_type="sleeptime_agent"),
    ):
        scene.attach(agent, block)
    scene.turn(
        "agent-main",
        {"human": "A"},
        "core_memory_append",
        label="human",
        content="b",
        returned="A\nb",
    )
    scene.turn(
        "agent-sleep",
        {"human": "A\nb"},
        "core_memory_append",
        label="human",
        content="c",
        returned="A\nb\nc",
    )
    found = revisions("block-1")
    assert [(one.value, one.agent_id) for one in found[1:]] == [
        ("A\nb", "agent-main"),
        ("A\nb\nc", "agent-sleep"),
    ]


def test_another_agents_block_of_the_same_label_stays_apart(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A"))
    scene.attach(scene.agent("agent-b"), scene.block("block-2", "B\nx", version=2))
    scene.turn(
        "agent-b", {"human": "B"}, "core_memory_append", label="human", content="x", returned="B\nx"
    )
    assert values(revisions("block-1")) == ["A"]
    assert values(revisions("block-2")) == ["B", "B\nx"]


def test_a_conversations_own_copy_has_its_own_history(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A"))
    scene.insert(
        "conversations", id="conv-1", agent_id="agent-a", organization_id="org-1", is_deleted=False
    )
    scene.insert("blocks_conversations", conversation_id="conv-1", block_id=scene.block("block-2", "A\nx", version=2),
                 block_label="human")  # fmt: skip
    scene.turn("agent-a", {"human": "A"}, "core_memory_append", label="human", content="x", returned="A\nx",
               conversation_id="conv-1")  # fmt: skip
    assert values(revisions("block-1")) == ["A"]
    assert values(revisions("block-2")) == ["A", "A\nx"]


def test_a_renamed_block_keeps_its_history(scene: Scene) -> None:
    scene.attach(
        scene.agent("agent-a"), scene.block("block-1", "A\nb", label="person", version=3), "person"
    )
    scene.turn(
        "agent-a", {"human": "A"}, "core_memory_append", label="human", content="b", returned="A\nb"
    )
    scene.turn("agent-a", {"human": "A\nb"}, "memory", command="rename", old_path="/memories/human",
               new_path="/memories/person", returned="Successfully renamed")  # fmt: skip
    found = history("block-1")
    assert found is not None
    assert [one.value for one in found.revisions] == ["A", "A\nb"]
    assert (found.completeness.writes, found.completeness.explained, found.completeness.gaps) == (
        2,
        2,
        0,
    )


def test_a_label_that_an_agent_holds_no_more_still_has_a_history(scene: Scene) -> None:
    scene.agent("agent-a")
    scene.turn(
        "agent-a",
        {"guests": "Tim"},
        "core_memory_append",
        label="guests",
        content="Bo",
        returned="Tim\nBo",
    )
    found = vanished("agent-a", "guests")
    assert found is not None
    assert [one.value for one in found.revisions] == ["Tim", "Tim\nBo"]
    assert vanished("agent-a", "never") is None


def test_traces_of_a_deleted_agent_are_found_by_a_search(scene: Scene) -> None:
    scene.attach(
        scene.agent("agent-a"), scene.block("block-1", "house rules: one, two, three", version=3)
    )
    scene.turn("agent-a", {"human": "house rules: one"})
    scene.turn("agent-gone", {"human": "house rules: one, two"}, stored=False)
    scene.turn("agent-gone", {"human": "house rules: one, two, three"}, stored=False)
    scene.turn("agent-a", {"human": "house rules: one, two, three"})
    assert len(revisions("block-1")) == 2
    found = history("block-1", search_seconds=20)
    assert found is not None
    assert [one.value for one in found.revisions] == [
        "house rules: one", "house rules: one, two", "house rules: one, two, three",
    ]  # fmt: skip
    assert found.searched == "all"


def test_a_stray_trace_of_another_block_invents_nothing(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "Likes tea very much", version=4))
    scene.turn("agent-a", {"human": "Likes tea"})
    scene.turn("agent-gone", {"human": "Somebody else entirely"}, stored=False)
    scene.turn("agent-a", {"human": "Likes tea very much"})
    assert values(revisions("block-1", search_seconds=20)) == ["Likes tea", "Likes tea very much"]


def test_an_unreadable_row_hides_nothing_else(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A\nb", version=2))
    scene.turn(
        "agent-a", {"human": "A"}, "core_memory_append", label="human", content="b", returned="A\nb"
    )
    scene.insert("messages", id="message-bad", agent_id="agent-a", role="assistant", sequence_id=5000, is_deleted=False,
                 tool_calls='[{"id": "x\\ud83d\\u0000", "function": {"name": "memory_replace", "arguments": "{"}}, 7]',
                 organization_id="org-1", content="[]")  # fmt: skip
    scene.insert("provider_traces", id="provider_trace-bad", request_json='{"messages": [{"content": "\\u0000\\ud83d"}]}',
                 response_json="{}", organization_id="org-1", is_deleted=False)  # fmt: skip
    assert values(revisions("block-1", search_seconds=5)) == ["A", "A\nb"]


def test_memory_at_a_message_is_what_it_was_then(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A\nb\nc", version=3))
    first = scene.turn(
        "agent-a", {"human": "A"}, "core_memory_append", label="human", content="b", returned="A\nb"
    )
    scene.turn(
        "agent-a",
        {"human": "A\nb"},
        "core_memory_append",
        label="human",
        content="c",
        returned="A\nb\nc",
    )
    place = place_of_message(first)
    assert place is not None
    assert [one.value for one in values_at("agent-a", place)] == ["A"]
    assert [one.value for one in values_at("agent-a", place + 3)] == ["A\nb"]
    assert [one.value for one in values_at("agent-a", float("inf"))] == ["A\nb\nc"]


def test_a_block_that_was_never_written_is_its_row(scene: Scene) -> None:
    scene.block("block-1", "A")
    found = history("block-1")
    assert found is not None
    assert [(one.value, one.grade) for one in found.revisions] == [("A", "observed")]
    assert (found.completeness.writes, found.completeness.gaps) == (0, 0)


def test_writes_that_nothing_explains_are_counted(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "B", version=5))
    scene.turn("agent-a", {"human": "A"})
    found = history("block-1")
    assert found is not None
    assert [one.value for one in found.revisions] == ["A", "B"]
    assert (found.completeness.writes, found.completeness.explained, found.completeness.gaps) == (
        4,
        1,
        3,
    )


def test_a_block_detached_by_rest_finds_the_agent_that_wrote_it(scene: Scene) -> None:
    scene.block("block-1", "Guests: Tim\nBo and Kim", label="guests", version=2)
    scene.agent("agent-other")
    scene.agent("agent-a")
    scene.turn("agent-a", {"guests": "Guests: Tim"}, "core_memory_append", label="guests", content="Bo and Kim",
               returned="Guests: Tim\nBo and Kim")  # fmt: skip
    assert values(revisions("block-1")) == ["Guests: Tim\nBo and Kim"]
    assert values(revisions("block-1", search_seconds=5)) == [
        "Guests: Tim",
        "Guests: Tim\nBo and Kim",
    ]


def test_an_agent_that_wrote_another_block_of_the_label_is_not_taken_for_a_former_holder(
    scene: Scene,
) -> None:
    scene.block("block-1", "Guests: nobody at all", label="guests", version=2)
    scene.agent("agent-a")
    scene.turn("agent-a", {"guests": "Guests: Tim"}, "core_memory_append", label="guests", content="Bo",
               returned="Guests: Tim\nBo")  # fmt: skip
    assert values(revisions("block-1", search_seconds=5)) == ["Guests: nobody at all"]
