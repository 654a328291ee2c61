"""Bytes by agent, from a sample of each table's blocks: a whole count would read everything."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from agents_app.cluster.database.sizes import Table
from agents_app.letta import access
from agents_app.letta.catalogue import current
from agents_app.letta.links import agent_names

MOST_BLOCKS, MOST_AGENTS, MOST_GROUPS = 1_000, 20, 5_000
BLOCK_BYTES = 8_192
SAMPLED = ("messages", "provider_traces", "agent_passages", "steps", "runs")


@dataclass(frozen=True)
class AgentBytes:
    """`sampled_rows` lie behind `about_bytes`; `error_percent` is 100 / √rows, a lower bound."""

    agent_id: str
    name: str | None
    about_bytes: int
    sampled_rows: int

    @property
    def error_percent(self) -> float:
        return float(100 / max(self.sampled_rows, 1) ** 0.5)


@dataclass(frozen=True)
class SampledTable:
    """How much of a table was looked at."""

    name: str
    percent: float
    rows: int


@dataclass(frozen=True)
class AgentsShare:
    """The agents with most bytes; `others_bytes` belong to agents further down the list."""

    agents: list[AgentBytes]
    others_bytes: int
    tables: list[SampledTable]


def agents_share(tables: list[Table]) -> AgentsShare:
    """One sampling statement for each table that names its agent; up to 1,000 blocks of each are read."""
    taken = [_sampled(table) for table in tables if _is_sampled(table)]
    size: dict[str, float] = defaultdict(float)
    rows: dict[str, int] = defaultdict(int)
    for _, found in taken:
        for agent_id, about_bytes, sampled in found:
            size[agent_id] += about_bytes
            rows[agent_id] += sampled
    order = sorted(size, key=lambda one: (-size[one], one))
    names = agent_names(order[:MOST_AGENTS])
    shown = [AgentBytes(one, names.get(one), round(size[one]), rows[one]) for one in order]
    return AgentsShare(
        shown[:MOST_AGENTS],
        sum(one.about_bytes for one in shown[MOST_AGENTS:]),
        [table for table, _ in taken],
    )


def _is_sampled(table: Table) -> bool:
    known = table.name in SAMPLED and current().has_column(table.name, "agent_id")
    return known and table.kind in {"r", "m"} and table.heap_bytes > 0


def _sampled(table: Table) -> tuple[SampledTable, list[tuple[str, float, int]]]:
    """Rows of (agent, its bytes scaled to the whole table, rows seen); a row without agent is left out."""
    blocks = max(1, table.heap_bytes // BLOCK_BYTES)
    percent = min(100.0, 100 * MOST_BLOCKS / blocks)
    found: list[Any] = access.rows(
        _statement(table.name), {"percent": percent, "most": MOST_GROUPS}
    )
    seen = sum(row[2] for row in found) or 1
    scale = table.table_bytes / seen
    by_agent = [(agent_id, size * scale, rows) for agent_id, rows, size in found if agent_id]
    return SampledTable(table.name, percent, sum(row[1] for row in found)), by_agent


def _statement(table: str) -> str:
    """Sizes as stored, compressed and out of line; pg_column_size fetches none of the values."""
    columns = sorted(current().tables[table])
    size = " + ".join(f'coalesce(pg_column_size("{column}"), 0)' for column in columns)
    return (
        f"SELECT agent_id, count(*), sum({size})::float8 "  # noqa: S608 (names of the catalogue)
        f'FROM "{table}" TABLESAMPLE SYSTEM (%(percent)s) GROUP BY 1 ORDER BY 3 DESC LIMIT %(most)s'
    )
