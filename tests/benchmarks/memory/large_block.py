"""A block of 100,000 characters with 2,000 revisions by calls of 0.16.8, each turn with two traces."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from agents_app.revisions.replay import apply
from tests.lettadb import LettaDatabase
from tests.unit.revisions.layouts import modern

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
CHARACTERS, TURNS = 100_000, 2_000
WORDS = ["tea", "coffee", "garden", "train", "doctor", "budget", "Tuesday", "blue", "friend"]
SHOWN = 49_800  # of a return that is longer than its tool's limit

MESSAGES = [
    "id",
    "agent_id",
    "role",
    "content",
    "tool_calls",
    "tool_returns",
    "tool_call_id",
    "step_id",
    "run_id",
    "organization_id",
    "created_at",
    "updated_at",
    "is_deleted",
    "sequence_id",
]
TRACES = [
    "id",
    "request_json",
    "response_json",
    "step_id",
    "agent_id",
    "call_type",
    "organization_id",
    "created_at",
    "is_deleted",
]
STEPS = [
    "id",
    "agent_id",
    "organization_id",
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "is_deleted",
    "created_at",
]
RUNS = ["id", "agent_id", "organization_id", "status", "is_deleted"]
FRAME = """
INSERT INTO organizations (id, name, privileged_tools, is_deleted) VALUES ('org-1', 'o', false, false);
INSERT INTO agents (id, name, agent_type, message_ids, organization_id, message_buffer_autoclear, is_deleted, created_at)
  VALUES ('agent-1', 'a', 'letta_v1_agent', '[]', 'org-1', false, false, '2026-01-01');
"""


def build(database: LettaDatabase) -> None:
    """Fills an empty database; the block is `block-1`."""
    turns = Turns()
    rows = list(turns.rows())
    with psycopg.connect(database.owner) as connection:
        connection.execute(f"SET search_path = {database.schema}, public")
        connection.execute(FRAME)
        for table, names in (
            ("runs", RUNS),
            ("steps", STEPS),
            ("messages", MESSAGES),
            ("provider_traces", TRACES),
        ):
            with connection.cursor().copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for kind, row in rows:
                    if kind == table:
                        copy.write_row([row[name] for name in names])
        connection.execute(
            'INSERT INTO block (id, label, value, "limit", version, organization_id, is_template, read_only, is_deleted,'
            " created_at, updated_at) VALUES ('block-1', 'human', %s, 200000, %s, 'org-1', false, false, false, %s, %s)",
            [turns.value, turns.writes + 1, BEGAN, BEGAN + timedelta(minutes=TURNS, seconds=1)],
        )
        connection.execute(
            "INSERT INTO blocks_agents (agent_id, block_id, block_label) VALUES ('agent-1', 'block-1', 'human')"
        )
    with psycopg.connect(database.owner, autocommit=True) as connection:
        connection.execute("ANALYZE")


class Turns:
    """Turns one after the other; `value` and `writes` are what they left."""

    def __init__(self) -> None:
        self.chance = random.Random(1)
        self.value = "\n".join(self.line() for _ in range(CHARACTERS // 55))[:CHARACTERS]
        self.writes = self.sequence = 0

    def line(self) -> str:
        return f"Fact {self.chance.randrange(10**6)}: " + " ".join(
            self.chance.choice(WORDS) for _ in range(7)
        )

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for number in range(1, TURNS + 1):
            prompt = modern({"human": self.value})
            tool, arguments = self.edit(number)
            done = apply(tool, arguments, self.value, label="human").value
            if done is not None and done != self.value:
                self.value, self.writes = done, self.writes + 1
            yield from self.turn(number, prompt, tool, arguments, ok=done is not None)

    def edit(self, number: int) -> tuple[str, dict[str, Any]]:
        lines = self.value.split("\n")
        place = self.chance.randrange(len(lines))
        if number % 10 == 0:
            return "memory_rethink", {
                "label": "human",
                "new_memory": f"{self.value[: CHARACTERS - 60]}\n{self.line()}",
            }
        if number % 3 == 0:
            return "memory_insert", {
                "label": "human",
                "new_string": self.line(),
                "insert_line": place,
            }
        return "memory_replace", {
            "label": "human",
            "old_string": lines[place],
            "new_string": self.line(),
        }

    def turn(
        self, number: int, prompt: str, tool: str, arguments: dict[str, Any], *, ok: bool
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        at, run = BEGAN + timedelta(minutes=number), f"run-{number}"
        base = {"agent_id": "agent-1", "organization_id": "org-1", "is_deleted": False, "created_at": at, "updated_at": at,
                "run_id": run, "content": "[]", "tool_calls": "[]", "tool_returns": "[]", "tool_call_id": None}  # fmt: skip
        yield "runs", base | {"id": run, "status": "completed"}
        counts = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        request = json.dumps({"model": "m", "messages": [{"content": prompt, "role": "system"}]})
        for step in (f"step-{number}-1", f"step-{number}-2"):
            yield "steps", base | counts | {"id": step}
            yield "provider_traces", base | {"id": f"provider_trace-{step}", "request_json": request, "response_json": "{}",
                                             "step_id": step, "call_type": "agent_step"}  # fmt: skip
        called = [{"id": f"call_{number}", "type": "function",
                   "function": {"name": tool, "arguments": json.dumps(arguments)}}]  # fmt: skip
        returned = [{"tool_call_id": f"call_{number}", "status": "success" if ok else "error", "stdout": None,
                     "stderr": None, "func_response": self.packed(ok=ok)}]  # fmt: skip
        for role, step, bodies in (
            ("user", 1, {"content": json.dumps([{"type": "text", "text": f"note {number}"}])}),
            ("assistant", 1, {"tool_calls": json.dumps(called)}),
            ("tool", 1, {"tool_returns": json.dumps(returned), "tool_call_id": f"call_{number}"}),
            ("assistant", 2, {"content": json.dumps([{"type": "text", "text": "noted"}])}),
        ):
            self.sequence += 1
            yield "messages", base | bodies | {"id": f"message-{self.sequence}", "role": role, "sequence_id": self.sequence,
                                               "step_id": f"step-{number}-{step}"}  # fmt: skip

    def packed(self, *, ok: bool) -> str:
        note = f"... [NOTE: function output was truncated since it exceeded the character limit ({len(self.value)} > 50000)]"
        message = self.value[:SHOWN] + note if ok else "Error: not found"
        return json.dumps({"status": "OK" if ok else "Failed", "message": message, "time": "x"})
