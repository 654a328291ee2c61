"""Calls in the results of runs and jobs whose messages are gone."""

import json
from typing import Any

from agents_app.revisions.history import history
from tests.integration.revisions.scene import Scene


def response(content: str, returned: str, *, at: str) -> str:
    call = {"name": "core_memory_append", "tool_call_id": "call_1",
            "arguments": json.dumps({"label": "human", "content": content})}  # fmt: skip
    known = {"date": at, "step_id": "step-gone", "run_id": "run-gone"}
    messages: list[dict[str, Any]] = [
        known | {"id": f"message-{content}", "message_type": "tool_call_message", "tool_call": call},
        known | {"id": f"message-{content}-back", "message_type": "tool_return_message", "status": "success",
                 "tool_return": returned, "tool_call_id": "call_1"},
    ]  # fmt: skip
    return json.dumps({"agent_id": "agent-a", "result": {"messages": messages}})


def keep_run(scene: Scene, metadata: str, agent: str = "agent-a") -> None:
    scene.insert("runs", id="run-gone", agent_id=agent, organization_id="org-1", status="completed",
                 is_deleted=False, metadata_=metadata, created_at=scene.now())  # fmt: skip


def test_a_run_tells_the_call_that_its_messages_held(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A\nb", version=2))
    keep_run(scene, response("b", "A\nb", at="2026-11-01T12:05:00+00:00"))
    scene.turn("agent-a", {"human": "A\nb"})
    found = history("block-1")
    assert found is not None
    last = found.revisions[-1]
    assert (last.value, last.grade, last.message_id) == ("A\nb", "observed", "message-b")
    assert (last.agent_id, last.run_id, last.step_id) == ("agent-a", "run-gone", "step-gone")
    assert found.revisions[0].value == "A"


def test_a_call_whose_rows_are_stored_is_told_once(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A\nb", version=2))
    row = scene.turn("agent-a", {"human": "A"}, "core_memory_append", label="human", content="b",
                     returned="A\nb")  # fmt: skip
    kept = response("b", "A\nb", at="2026-11-01T12:05:00+00:00").replace("message-b", row)
    keep_run(scene, kept)
    scene.turn("agent-a", {"human": "A\nb!"})
    found = history("block-1")
    assert found is not None
    assert [one.message_id for one in found.revisions if one.message_id] == [row]


def test_another_agents_run_says_nothing_of_the_block(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A\nb", version=2))
    scene.agent("agent-b")
    keep_run(scene, response("b", "A\nb", at="2026-11-01T12:05:00+00:00"), agent="agent-b")
    found = history("block-1")
    assert found is not None
    assert [one.message_id for one in found.revisions if one.message_id] == []


def test_a_job_tells_it_where_runs_were_jobs(scene: Scene) -> None:
    scene.attach(scene.agent("agent-a"), scene.block("block-1", "A\nb", version=2))
    scene.insert("users", id="user-1", organization_id="org-1", name="u", is_deleted=False)
    scene.insert("jobs", id="run-old", user_id="user-1", status="completed", job_type="run", is_deleted=False,
                 created_at=scene.now(), metadata_=response("b", "A\nb", at="2026-11-01T12:05:00+00:00"))  # fmt: skip
    found = history("block-1")
    assert found is not None
    assert found.revisions[-1].message_id == "message-b"
