"""What Letta's database is and holds, and which memory blocks were written last."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from agents_app.letta import access, scoping
from agents_app.letta.catalogue import current
from agents_app.letta.estimates import estimate
from agents_app.letta.links import agent_names
from agents_app.letta.models import AgentBlock, Block
from agents_app.text.times import BeyondCalendar
from agents_app.ui.links import link

SMALL_TABLE = 100_000  # blocks up to which the table is read whole: it has no index on updated_at
MOST_BLOCKS, MOST_LINKS = 10, 100
COUNTED = (
    ("agents", "Agents", "agents:list"),
    ("messages", "Messages", "conversations:list"),
    ("conversations", "Named conversations", "conversations:list"),
    ("runs", "Runs", "runs:list"),
    ("block", "Memory blocks", ""),
    ("archival_passages", "Passages", ""),
    ("agent_passages", "Passages", ""),
    ("identities", "Identities", ""),
    ("files", "Files", ""),
)


@dataclass(frozen=True)
class TableCount:
    """The planner's estimate; None where the table was never analysed."""

    table: str
    label: str
    url: str
    about: int | None


@dataclass(frozen=True)
class Database:
    """One connected Letta database; `counts` are of everybody's rows, so there are none in a narrower scope."""

    release: str
    schema: str
    revision: str | None
    server_version: int
    counts: list[TableCount]
    revoked: list[str]
    open_connections: int

    @property
    def server(self) -> str:
        """PostgreSQL's version in words: 160004 is 16.4."""
        return f"{self.server_version // 10_000}.{self.server_version % 10_000}"


def database() -> Database:
    """Connects when nothing is connected yet."""
    here = current()
    access.rows(
        "SELECT 1"
    )  # the catalogue may be known from before; this says that the database answers now
    counts = [
        TableCount(table, label, link(url_name) if url_name else "", estimate(table))
        for table, label, url_name in COUNTED
        if here.has_table(table) and scoping.current().is_everything
    ]
    return Database(
        release=here.release,
        schema=here.schema,
        revision=here.revision,
        server_version=here.server_version,
        counts=counts,
        revoked=sorted(here.revoked),
        open_connections=access.status().open_connections,
    )


@dataclass(frozen=True)
class BlockLine:
    """A block written lately, without its value; agents that hold it, two at most."""

    id: str
    label: str | None
    version: int | None
    updated_at: datetime | BeyondCalendar | None
    is_new: bool
    agents: list[tuple[str, str | None]]
    shared_by: int

    @property
    def url(self) -> str:
        return link("memory:block", self.id)


@dataclass(frozen=True)
class MemoryChanges:
    """`about` says how many blocks there are when they are too many to be read without an index."""

    rows: list[BlockLine]
    about: int | None = None


def memory() -> MemoryChanges:
    """The ten blocks written last, by whomever: an agent's tool, a person, another agent."""
    about = current().rows.get("block", 0)
    if about > SMALL_TABLE:
        return MemoryChanges([], estimate("block") or SMALL_TABLE)
    columns = ("id", "label", "version", "created_at", "updated_at")
    newest = Block.objects.here().order_by(F("updated_at").desc(nulls_last=True), "pk")
    rows = list(newest.values(*columns)[:MOST_BLOCKS])
    holders = _holders([row["id"] for row in rows])
    return MemoryChanges(
        [
            BlockLine(
                row["id"],
                row["label"],
                row["version"],
                row["updated_at"],
                row["updated_at"] == row["created_at"],
                holders.get(row["id"], [])[:2],
                len(holders.get(row["id"], [])),
            )
            for row in rows
        ]
    )


def _holders(block_ids: list[str]) -> dict[str, list[tuple[str, str | None]]]:
    pairs = list(
        AgentBlock.objects.here()
        .filter(block_id__in=block_ids)
        .values_list("block_id", "agent_id")[:MOST_LINKS]
    )
    names = agent_names(agent_id for _, agent_id in pairs)
    found: dict[str, list[tuple[str, str | None]]] = {}
    for block_id, agent_id in pairs:
        found.setdefault(block_id, []).append((link("agents:agent", agent_id), names.get(agent_id)))
    return found
