"""Tool calls that wait for a person: asked, approved, denied, or left open (0.11.7+)."""

from dataclasses import dataclass
from typing import Any

from agents_app.demo.world.ledger import Request
from agents_app.demo.world.parts import function
from agents_app.demo.world.rows import before, dumps
from agents_app.demo.world.scribe import Scribe
from agents_app.demo.world.stage import Thread
from agents_app.demo.world.traces import Said
from agents_app.demo.world.turns import Call, Turn


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for approval: its row, and the calls that run once it is answered."""

    message_id: str
    waiting: tuple[str, Call]
    beside: tuple[str, Call] | None = None


class Approvals:
    """Writes the rows on both sides of a decision."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe

    def ask(self, thread: Thread, turn: Turn, call: Call, *, beside: Call | None = None) -> Asked:
        """The input and the waiting call; the run ends with `requires_approval`.

        `beside` is an allowed call of the same step: an assistant row carries it, and the
        approval row's uuid is that row's minus one.
        """
        scribe = self.scribe
        request = scribe.ledger.begin(thread, turn.at, kind=turn.kind)
        scribe.input(thread, turn, request)
        made = [scribe.call(thread, one, None, more=True) for one in (call, beside) if one]
        at = scribe.ledger.think(request, thread, made, text=call.thought, stop="requires_approval")
        parts = scribe.thoughts(thread, call.thought)
        row = scribe.row("approval", at, parts, **_calling(request, made[0]))
        if len(made) > 1:
            first = row | {"role": "assistant"} | _calling(request, made[1])
            scribe.stage.message(thread, first)
            row |= {"id": before(first["id"]), "content": "[]"}
        row |= {"model": thread.agent.model.name, "otid": row["id"]}
        scribe.ledger.belongs(request, scribe.stage.message(thread, row))
        thread.said.append(Said("assistant", "", calls=tuple(made)))
        scribe.ledger.end(request, thread, stop="requires_approval")
        thread.agent.last_stop = "requires_approval"
        pair = (made[1][0], beside) if beside else None
        return Asked(row["id"], (made[0][0], call), pair)

    def answer(
        self, thread: Thread, turn: Turn, asked: Asked, *, approve: bool, reason: str | None = None
    ) -> None:
        """The person's decision, the row of the tools, and the agent's words about it."""
        scribe = self.scribe
        request = scribe.ledger.begin(thread, turn.at, kind=turn.kind)
        place = {"run_id": request.run_id, "step_id": request.next_step}
        decision = self._decision(asked, approve=approve, reason=reason)
        row = scribe.row("approval", turn.at, [], **place, **decision)
        scribe.ledger.belongs(request, scribe.stage.message(thread, row))
        if not approve:
            asked.waiting[1].error = f"Error: request to call tool denied. User reason: {reason}"
        self._results(thread, asked, request)
        scribe.reply(thread, turn, request)
        scribe.close(thread, turn, request)

    def _decision(self, asked: Asked, *, approve: bool, reason: str | None) -> dict[str, Any]:
        """Three columns up to 0.12, an array from 0.13 on."""
        if not self.scribe.era.lists_approvals:
            return {
                "approve": approve,
                "approval_request_id": asked.message_id,
                "denial_reason": reason,
            }
        call_id = asked.waiting[0]
        one = {"type": "approval", "tool_call_id": call_id, "approve": approve, "reason": reason}
        return {"approvals": dumps([one])}

    def _results(self, thread: Thread, asked: Asked, request: Request) -> None:
        scribe, parts, entries = self.scribe, [], []
        at = request.spend(0.4)
        for call_id, call in filter(None, (asked.waiting, asked.beside)):
            body, ok = scribe.outcome(thread, at, call, None)
            # A denial leaves no content part (0.13+): its text is only in tool_returns.
            parts += [scribe.text(body)] if ok else []
            entries.append(scribe.entry(call_id, body, ok=ok, printed=call.printed))
            thread.said.append(Said("tool", body, call_id=call_id))
        call_id, call = asked.waiting
        row = scribe.row(
            "tool",
            at,
            parts,
            name=call.tool,
            tool_call_id=call_id,
            tool_returns=dumps(entries),
            run_id=request.run_id,
            step_id=request.next_step,
            model=thread.agent.model.name,
        )
        scribe.ledger.belongs(request, scribe.stage.message(thread, row))


def _calling(request: Request, made: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "tool_calls": dumps([function(*made)]),
        "tool_call_id": made[0],
        "step_id": request.step_id,
        "run_id": request.run_id,
    }
