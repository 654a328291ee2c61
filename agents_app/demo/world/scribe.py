"""Turns into message rows, in the shape the loop of the release and agent type writes."""

import json
from datetime import datetime
from typing import Any

from agents_app.demo.world.ledger import Ledger, Request
from agents_app.demo.world.memory import Edit
from agents_app.demo.world.parts import Parts, function, returned
from agents_app.demo.world.pictures import image_part
from agents_app.demo.world.rows import dumps
from agents_app.demo.world.stage import Stage, Thread
from agents_app.demo.world.traces import Said
from agents_app.demo.world.turns import Call, Turn

_HEARTBEAT = {
    False: "Function called using request_heartbeat=true, returning control",
    True: "Continuing: continue tool rule.",
}
_HIDDEN = "[This is an automated system message hidden from the user] "
_BOOT_THOUGHT = "Bootup sequence complete. Persona activated. Testing messaging functionality."
_BOOT_MESSAGE = "More human than human is our motto."

Step = tuple[str | None, str | None]  # step id, run id


class Scribe(Parts):
    """Writes the rows of threads."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.ledger = Ledger(stage)

    # -- opening ------------------------------------------------------------------------------

    def open(self, thread: Thread, *, at: datetime) -> None:
        """The system row, and the boot rows of the older agent types."""
        prompt = self.stage.compile(thread, at=at)
        thread.system_id = self.ids.new("message")
        model = thread.agent.model.name
        self.stage.message(
            thread, self.row("system", at, [self.text(prompt)], id=thread.system_id, model=model)
        )
        if thread.conversation_id is None:
            self.stage.defaults.append(thread)
        if thread.agent.boots and thread.conversation_id is None:
            self._boot(thread, at)

    def _boot(self, thread: Thread, at: datetime) -> None:
        call_id = self.ids.uuid()
        model = thread.agent.model.name
        arguments = json.dumps({"message": _BOOT_MESSAGE}, indent=2)
        body = self.packed_return(thread, at, None, ok=True)
        rows = [
            self.row(
                "assistant",
                at,
                [self.text(_BOOT_THOUGHT)],
                model=model,
                tool_calls=dumps([function(call_id, "send_message", arguments)]),
            ),
            self.row(
                "tool",
                at,
                [self.text(body)],
                model=model,
                name="send_message",
                tool_call_id=call_id,
                tool_returns=self._boot_returns(call_id, body),
            ),
            self.row(
                "user",
                at,
                [
                    self.text(
                        self.envelope(thread, at, type="login", last_login="Never (first login)")
                    )
                ],
                model=model,
            ),
        ]
        for row in rows:
            self.stage.message(thread, row)

    def _boot_returns(self, call_id: str, body: str) -> str:
        if not self.era.signs_parts:
            return "[]"
        return dumps([returned(call_id, body, ok=True)])

    # -- turns --------------------------------------------------------------------------------

    def turn(self, thread: Thread, turn: Turn) -> Request:
        """Every row of one request; gives what the run was."""
        request = self.ledger.begin(thread, turn.at, kind=turn.kind)
        self.input(thread, turn, request)
        for calls in turn.steps:
            self._calls(thread, calls, request)
        if turn.failure:
            self.ledger.fail(request, turn.failure)
        elif turn.reply and not turn.unfinished:
            self.reply(thread, turn, request)
        self.close(thread, turn, request)
        return request

    def input(self, thread: Thread, turn: Turn, request: Request) -> None:
        """The row of what came in, unless the loop keeps nothing of it."""
        if (turn.failure or turn.unfinished) and thread.agent.speaks:
            return  # The v3 loop keeps nothing of a step that did not succeed.
        at, sender = turn.at, turn.sender_id
        text = turn.text
        transcript = turn.text.startswith("<system-reminder>")
        if self.era.packs_user_text and turn.role == "user" and not transcript:
            text = self.envelope(thread, at, type="user_message", message=turn.text)
        parts = [self.text(text)]
        if turn.image and self.era.since("0.8.17"):
            parts.append(image_part(self.stage.rng, self.ids))
        finishes = not (turn.failure or turn.unfinished)
        with_step = self.era.packs_user_text or self.era.since("0.16.8")
        row = self.row(
            turn.role,
            at,
            parts,
            otid=self.ids.uuid() if self.era.since("0.13.0") else None,
            sender_id=sender,
            group_id=turn.group_id,
            step_id=request.next_step if with_step and finishes else None,
            run_id=request.run_id,
            is_err=True if turn.failure else None,
        )
        key = self.stage.message(thread, row, seen=not turn.failure)
        self.ledger.belongs(request, key)
        thread.said.append(Said("user", turn.text))

    def _calls(self, thread: Thread, calls: list[Call], request: Request) -> None:
        edits = [call.edit(thread.blocks()) if call.edit else None for call in calls]
        made = [
            (call, edit) for call, edit in zip(calls, edits, strict=True) if edit or not call.edit
        ]
        if not made:
            return
        functions = [self.call(thread, call, edit, more=True) for call, edit in made]
        thought = calls[0].thought
        at = self.ledger.think(request, thread, functions, text=thought)
        step: Step = (request.step_id, request.run_id)
        self._assistant(thread, at, thought, functions, step, request)
        self._returns(thread, made, functions, step, request)
        if not thread.agent.speaks and functions[0][1] != "memory_finish_edits":
            self._heartbeat(thread, request, step)
        changed = [edit for _call, edit in made if edit and edit.value is not None]
        self._apply(thread, changed, request)

    def _assistant(
        self,
        thread: Thread,
        at: datetime,
        thought: str,
        functions: list[tuple[str, str, str]],
        step: Step,
        request: Request,
    ) -> None:
        # The text of a speaking agent is for the customer: what it thinks is reasoning or nothing.
        text = "" if thread.agent.speaks else thought
        parts = self.thoughts(thread, thought) + ([self.text(text)] if text else [])
        row = self.row(
            "assistant",
            at,
            parts,
            model=thread.agent.model.name,
            tool_calls=dumps([function(*made) for made in functions]),
            tool_call_id=functions[0][0] if self.era.since("0.8.17") else None,
            step_id=step[0],
            run_id=step[1],
        )
        self.ledger.belongs(request, self.stage.message(thread, row))
        thread.said.append(Said("assistant", text, calls=tuple(functions)))

    def _returns(
        self,
        thread: Thread,
        made: list[tuple[Call, Edit | None]],
        functions: list[tuple[str, str, str]],
        step: Step,
        request: Request,
    ) -> None:
        at = request.spend(self.stage.rng.uniform(0.05, 0.9))
        parts, entries = [], []
        for (call, edit), (key, _name, _arguments) in zip(made, functions, strict=True):
            body, ok = self.outcome(thread, at, call, edit)
            parts.append(self.text(body))
            entries.append(self.entry(key, body, ok=ok, printed=call.printed))
            thread.said.append(Said("tool", body, call_id=key))
        row = self.row(
            "tool",
            at,
            parts,
            model=thread.agent.model.name,
            name=functions[0][1],
            tool_call_id=functions[0][0],
            tool_returns=dumps([entry for entry in entries if entry]),
            step_id=step[0],
            run_id=step[1],
        )
        self.ledger.belongs(request, self.stage.message(thread, row))

    def _apply(self, thread: Thread, edits: list[Edit], request: Request) -> None:
        agent, written = thread.agent, set[str]()
        for edit in edits:
            block = thread.blocks().get(edit.label)
            if block is None or edit.value is None:
                continue
            if block.write(edit.value, at=request.now, by=agent.organization.backend):
                written.add(block.id)
        # A named conversation's prompt is not refreshed by edits (0.16.8).
        if written and thread.conversation_id is None:
            self.stage.compile(thread, at=request.now)
        if self.era.since("0.16.8"):
            self._refresh_others(thread, written, request)

    def _refresh_others(self, thread: Thread, written: set[str], request: Request) -> None:
        """Other agents that hold a changed block get a new prompt at once (0.16.7+)."""
        for other in self.stage.defaults:
            held = {block.id for block in other.agent.blocks.values()}
            if other is not thread and held & written:
                self.stage.compile(other, at=request.now)

    def _heartbeat(self, thread: Thread, request: Request, step: Step) -> None:
        reason = _HIDDEN + _HEARTBEAT[self.era.since("0.8.17")]
        text = self.envelope(thread, request.now, type="heartbeat", reason=reason)
        row = self.row(
            "user",
            request.now,
            [self.text(text)],
            step_id=step[0],
            run_id=step[1],
            model=thread.agent.model.name,
        )
        self.ledger.belongs(request, self.stage.message(thread, row))

    def reply(self, thread: Thread, turn: Turn, request: Request) -> None:
        """The last step: text, or a `send_message` call with its return."""
        functions: list[tuple[str, str, str]] = []
        if not thread.agent.speaks:
            call = Call("send_message", {"message": turn.reply})
            functions = [self.call(thread, call, None, more=False)]
        text = turn.reply if thread.agent.speaks else turn.thought
        at = self.ledger.think(
            request, thread, functions, text=text, stop="end_turn", feedback=turn.feedback
        )
        step: Step = (request.step_id, request.run_id)
        if functions:
            self._assistant(thread, at, turn.thought, functions, step, request)
            said = "Sent message successfully." if self.era.since("0.8.17") else "None"
            sent = Call("send_message", result=said)
            self._returns(thread, [(sent, None)], functions, step, request)
            return
        parts = [
            *self.thoughts(thread, turn.thought, style=turn.reasoning),
            self.text(turn.reply),
        ]
        row = self.row(
            "assistant", at, parts, model=thread.agent.model.name, step_id=step[0], run_id=step[1]
        )
        self.ledger.belongs(request, self.stage.message(thread, row))
        thread.said.append(Said("assistant", turn.reply))

    def close(self, thread: Thread, turn: Turn, request: Request) -> None:
        """Bring agent, run and counters up to date."""
        thread.turns += 1
        thread.agent.updated = max(request.now, thread.agent.updated or request.now)
        stop = None if turn.unfinished else turn.failure[0] if turn.failure else "end_turn"
        thread.agent.last_stop = stop or thread.agent.last_stop
        self.ledger.end(
            request, thread, stop=stop, failure=turn.failure, unfinished=turn.unfinished
        )

    # -- compaction ---------------------------------------------------------------------------

    def compact(self, thread: Thread, summary: str, *, at: datetime, role: str = "user") -> None:
        """Hide all but the newest rows behind a summary placed at index 1 of the context."""
        note = "Note: prior messages have been hidden from view due to conversation memory constraints."
        fields: dict[str, Any] = {
            "type": "system_alert",
            "message": f"{note}\nThe following is a summary of the previous messages:\n {summary}",
        }
        kept = thread.context[-6:]
        if self.era.since("0.16.8") and thread.turns % 2:
            fields["compaction_stats"] = self._compaction_stats(thread, kept)
        text = self.envelope(thread, at, **fields)
        role = role if self.era.since("0.16.8") else "user"
        key = self.stage.message(thread, self.row(role, at, [self.text(text)]), seen=False)
        thread.context[:] = [thread.system_id, key, *kept]
        self.stage.compile(thread, at=at)
        thread.said.clear()
        thread.said.append(Said("user", text))

    def _compaction_stats(self, thread: Thread, kept: list[str]) -> dict[str, Any]:
        before = len(thread.prompt) // 4 + thread.rows * 90
        return {
            "trigger": "context_window_exceeded",
            "context_tokens_before": before,
            "context_tokens_after": before // 4,
            "context_window": thread.agent.model.context_window,
            "messages_count_before": len(thread.context),
            "messages_count_after": len(kept) + 2,
        }
