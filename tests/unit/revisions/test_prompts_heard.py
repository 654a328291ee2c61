"""After which calls of its own an agent's prompt was compiled anew."""

from agents_app.revisions.collect.clock import Clock
from agents_app.revisions.collect.rows import Step
from agents_app.revisions.collect.sights import Prompts
from agents_app.revisions.collect.subjects import Holder
from agents_app.revisions.evidence import START, Call, Status

STEP = Step("step-9", "run-9", None, 90, 95, None)


def call(place: int, status: Status, *, conversation_id: str | None = None) -> Call:
    return Call(
        f"message-{place}", 0, None, "agent-1", conversation_id, place, "memory_insert", {}, status,
        call_place=place - 1, run_id=f"run-{place}",
    )  # fmt: skip


def refreshed(*calls: Call) -> float:
    prompts = Prompts(Holder("agent-1"), lambda _: "human", Clock([]))
    prompts.hear(calls)
    return prompts.refreshed(STEP)


def test_the_last_edit_of_an_earlier_turn_counts() -> None:
    assert refreshed(call(10, "success"), call(20, "success")) == 20


def test_a_call_that_failed_does_not() -> None:
    assert refreshed(call(10, "success"), call(20, "error")) == 10


def test_nor_does_one_in_a_named_conversation() -> None:
    assert refreshed(call(20, "success", conversation_id="conv-1")) == START
