"""A small Letta database of 0.16.8, written row by row, whose memory history is known."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.lettadb import LettaDatabase
from tests.unit.revisions.layouts import modern

BEGAN = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass
class Scene:
    """Rows in the order in which they are told; a minute from row to row."""

    database: LettaDatabase
    numbers: count = field(default_factory=lambda: count(1))

    def now(self) -> datetime:
        return BEGAN + timedelta(minutes=next(self.numbers))

    def insert(self, table: str, **row: Any) -> None:
        names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
        self.database.execute(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row.values())
        )

    def organization(self) -> None:
        self.insert(
            "organizations", id="org-1", name="Shop", privileged_tools=False, is_deleted=False
        )

    def agent(self, agent_id: str, **more: Any) -> str:
        row = {"name": agent_id, "agent_type": "letta_v1_agent", "organization_id": "org-1", "message_ids": "[]",
               "message_buffer_autoclear": False, "is_deleted": False, "created_at": self.now()}  # fmt: skip
        self.insert("agents", id=agent_id, **(row | more))
        return agent_id

    def block(
        self, block_id: str, value: str, *, label: str = "human", version: int = 1, **more: Any
    ) -> str:
        at = self.now()
        row = {"value": value, "label": label, "limit": 5000, "version": version, "organization_id": "org-1",
               "is_template": False, "read_only": False, "is_deleted": False, "created_at": BEGAN,
               "updated_at": BEGAN if version == 1 else at}  # fmt: skip
        self.insert("block", id=block_id, **(row | more))
        return block_id

    def attach(self, agent_id: str, block_id: str, label: str = "human") -> None:
        self.insert("blocks_agents", agent_id=agent_id, block_id=block_id, block_label=label)

    def turn(
        self, agent_id: str, shown: Mapping[str, str], tool: str = "", /, **options: Any
    ) -> str:
        """One turn: prompt, user message, a call with its return. Gives the id of the row with the call."""
        number = next(self.numbers)
        step, run = f"step-{number}", f"run-{number}"
        if options.pop("stored", True):
            self.insert(
                "runs",
                id=run,
                agent_id=agent_id,
                organization_id="org-1",
                status="completed",
                is_deleted=False,
            )
            self.insert("steps", id=step, run_id=run, agent_id=agent_id, organization_id="org-1", prompt_tokens=0,
                        completion_tokens=0, total_tokens=0, is_deleted=False, created_at=self.now())  # fmt: skip
            found = self._rows(agent_id, step, run, tool, options)
        else:
            found = ""
        self.trace(agent_id, step, shown)
        return found

    def _rows(self, agent_id: str, step: str, run: str, tool: str, options: dict[str, Any]) -> str:
        status, returned = options.pop("status", "success"), options.pop("returned", "None")
        known = {
            "agent_id": agent_id,
            "step_id": step,
            "run_id": run,
            "conversation_id": options.pop("conversation_id", None),
        }
        self.message("user", content=[{"type": "text", "text": f"please {tool}"}], **known)
        if not tool:
            return self.message("assistant", content=[{"type": "text", "text": "ok"}], **known)
        function = {"name": tool, "arguments": json.dumps(options)}
        called = self.message(
            "assistant",
            tool_calls=[{"id": f"call_{step}", "type": "function", "function": function}],
            **known,
        )
        packed = json.dumps(
            {"status": "OK" if status == "success" else "Failed", "message": returned, "time": "x"}
        )
        self.message("tool", tool_returns=[{"tool_call_id": f"call_{step}", "status": status, "stdout": None,
                                            "stderr": None, "func_response": packed}], **known)  # fmt: skip
        return called

    def message(self, role: str, **row: Any) -> str:
        at, number = self.now(), next(self.numbers)
        bodies = {
            name: json.dumps(row.pop(name, []))
            for name in ("content", "tool_calls", "tool_returns")
        }
        self.insert("messages", id=f"message-{number}", role=role, sequence_id=number, created_at=at, updated_at=at,
                    organization_id="org-1", is_deleted=False, **bodies, **row)  # fmt: skip
        return f"message-{number}"

    def trace(self, agent_id: str, step: str, shown: Mapping[str, str]) -> None:
        request = {"model": "m", "messages": [{"content": modern(dict(shown)), "role": "system"}]}
        self.insert("provider_traces", id=f"provider_trace-{step}", request_json=json.dumps(request), response_json="{}",
                    step_id=step, agent_id=agent_id, call_type="agent_step", organization_id="org-1",
                    created_at=self.now(), is_deleted=False)  # fmt: skip
