"""A page of blocks: found by index or in windows, then completed with lengths, holders and names."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db.models import F, FloatField
from django.db.models.functions import Cast, Length

from agents_app.letta import access, catalogue
from agents_app.letta.links import agent_names, organization_names
from agents_app.letta.models import AgentBlock, Block, Conversation, ConversationBlock
from agents_app.memory.filters import Wanted
from agents_app.text.times import BeyondCalendar
from agents_app.ui.jsonout import utc_iso
from agents_app.ui.paging import Cursor, Key, keyset, time_key

WINDOW: Final = 1_000
LONGEST_SEARCH_S: Final = 1.5
MOST_OF_AN_AGENT: Final = 2_000
NAMED_AGENTS: Final = 3
NEARLY_FULL: Final = 0.9

COLUMNS = (
    "id", "label", "limit", "version", "read_only", "hidden", "is_template", "organization_id",
    "created_at", "updated_at",
)  # fmt: skip

_HOLDERS = """
SELECT block_id, count(*) AS agents, (array_agg(agent_id ORDER BY agent_id))[1:%(named)s] AS first
  FROM blocks_agents WHERE block_id = ANY(%(ids)s::text[]) GROUP BY block_id
"""


@dataclass(frozen=True)
class BlockRow:
    """One block of the list; `agents` are the first of those that hold it, with their names."""

    block: Block
    characters: int | None
    agent_count: int
    agents: Sequence[tuple[str, str | None]]
    organization: str | None
    key: Key

    @property
    def others(self) -> int:
        return self.agent_count - len(self.agents)


@dataclass(frozen=True)
class Found:
    """Rows in walking order; `reached` is the row looked at last when the search paused before its end."""

    rows: list[BlockRow]
    looked_at: int = 0
    reached: Block | None = None

    @property
    def note(self) -> str:
        if self.reached is None:
            return ""
        return f"Looked at {self.looked_at:,} blocks, as far as {_point(self.reached.created_at)}."

    @property
    def reached_key(self) -> Key | None:
        return None if self.reached is None else time_key(self.reached)


def find(wanted: Wanted, cursor: Cursor) -> Found:
    """Up to limit + 1 blocks beside the cursor, newest first; in windows it looks for 1.5 s at most."""
    gives_up, need = time.monotonic() + LONGEST_SEARCH_S, cursor.limit + 1
    matches: list[Block] = []
    looked_at = 0
    for window in _windows(wanted, cursor):
        looked_at += len(window)
        matches += _kept(wanted, window)
        if len(matches) >= need:
            break
        if len(window) >= WINDOW and time.monotonic() > gives_up:
            return Found(complete(matches), looked_at, window[-1])
    return Found(complete(matches[:need]), looked_at)


def every(wanted: Wanted) -> Iterator[BlockRow]:
    """All blocks asked for, newest first; for exports."""
    start = Cursor(None, backwards=False, limit=WINDOW - 1)
    found = (block for window in _windows(wanted, start) for block in _kept(wanted, window))
    while chunk := list(islice(found, 200)):
        yield from complete(chunk)


def _windows(wanted: Wanted, cursor: Cursor) -> Iterator[list[Block]]:
    """Keys of blocks in walking order; one page when an index answers, else window by window."""
    queryset, size = _indexed(wanted), WINDOW if wanted.is_narrow else cursor.limit + 1
    place = replace(cursor, limit=size - 1)
    while rows := keyset(queryset, place):
        yield rows
        if len(rows) < size:
            return
        place = replace(place, key=time_key(rows[-1]))


def _indexed(wanted: Wanted) -> Any:
    """What the index on (created_at, label) and the link tables answer."""
    queryset = Block.objects.here().only("id", "created_at")
    if wanted.label:
        queryset = queryset.filter(label=wanted.label)
    return queryset.filter(pk__in=_of_agent(wanted.agent)) if wanted.agent else queryset


def _of_agent(agent_id: str) -> list[str]:
    """Blocks that the agent holds, private copies of its conversations included."""
    held = AgentBlock.objects.here().filter(agent_id=agent_id).values_list("block_id", flat=True)
    threads = Conversation.objects.here().filter(agent_id=agent_id).values("pk")
    copies = ConversationBlock.objects.here().filter(conversation_id__in=threads)
    found = copies.values_list("block_id", flat=True)[:MOST_OF_AN_AGENT]
    return [*held[:MOST_OF_AN_AGENT], *found]


def _kept(wanted: Wanted, window: list[Block]) -> list[Block]:
    """Those of the window that answer what no index does."""
    if not wanted.is_narrow:
        return window
    ids = [block.pk for block in window]
    queryset = _conditions(wanted, Block.objects.here().filter(pk__in=ids))
    kept = set(queryset.values_list("pk", flat=True))
    if wanted.shared and kept:
        kept &= _shared(wanted.shared, sorted(kept))
    return [block for block in window if block.pk in kept]


def _conditions(wanted: Wanted, queryset: Any) -> Any:
    if wanted.organization:
        queryset = queryset.filter(organization_id=wanted.organization)
    if wanted.read_only:
        queryset = _by_flag(queryset, read_only=wanted.read_only == "yes")
    if wanted.since:
        queryset = queryset.filter(updated_at__gte=wanted.since)
    if wanted.near_limit:
        share = Cast(Length("value"), FloatField()) / F("limit")
        queryset = queryset.filter(limit__gt=0).annotate(share=share).filter(share__gte=NEARLY_FULL)
    return queryset


def _by_flag(queryset: Any, *, read_only: bool) -> Any:
    return queryset.filter(read_only=True) if read_only else queryset.exclude(read_only=True)


def _shared(held: str, ids: list[str]) -> set[str]:
    counts = {block_id: count for block_id, (count, _) in _holders(ids).items()}
    return {block_id for block_id in ids if _is_held(held, counts.get(block_id, 0))}


def _is_held(held: str, count: int) -> bool:
    if held == "yes":
        return count > 1
    return count == (1 if held == "no" else 0)


def _holders(ids: list[str]) -> dict[str, tuple[int, list[str]]]:
    """How many agents hold each block, and the first of them. One query."""
    if not ids or not catalogue.current().has_table("blocks_agents"):
        return {}
    found = access.rows(_HOLDERS, {"ids": ids, "named": NAMED_AGENTS})
    return {block_id: (count, first) for block_id, count, first in found}


def complete(found: Sequence[Block]) -> list[BlockRow]:
    """The rows with lengths, holders and names: four questions, however many rows."""
    ids = [block.pk for block in found]
    if not ids:
        return []
    queryset = Block.objects.here().filter(pk__in=ids).only(*COLUMNS)
    rows = {row.pk: row for row in queryset.annotate(characters=Length("value"))}
    holders = _holders(ids)
    names = agent_names(agent for _, first in holders.values() for agent in first)
    organizations = organization_names(row.organization_id for row in rows.values())
    return [_row(rows[one.pk], one, holders.get(one.pk, (0, [])), names, organizations)
            for one in found if one.pk in rows]  # fmt: skip


def _row(
    block: Block, place: Block, held: tuple[int, list[str]],
    names: dict[str, str | None], organizations: dict[str, str | None],
) -> BlockRow:  # fmt: skip
    count, first = held
    return BlockRow(
        block=block,
        characters=block.characters,  # type: ignore[attr-defined]
        agent_count=count,
        agents=[(agent, names.get(agent)) for agent in first],
        organization=organizations.get(block.organization_id or ""),
        key=time_key(place),
    )


def labels(most: int = 60) -> list[str]:
    """Labels of the newest blocks, to choose from; any other may be typed."""
    newest = Block.objects.here().order_by(F("created_at").desc(), F("pk").desc())
    found = newest.values_list("label", flat=True)[:WINDOW]
    return sorted({label for label in found if label})[:most]


def _point(moment: datetime | BeyondCalendar | None) -> str:
    if moment is None:
        return "blocks without a time"
    if isinstance(moment, BeyondCalendar):
        return str(moment)
    return f"{utc_iso(moment)[:16].replace('T', ' ')} UTC"
