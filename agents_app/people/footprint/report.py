"""A footprint as people read it: the kept numbers with the words and links that belong to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from agents_app.letta import catalogue
from agents_app.people.footprint.places import MEANINGS, PLACES
from agents_app.text.times import parse_when
from agents_app.ui.links import link
from agents_app.ui.listing import Fields

WHYS: Final[Mapping[str, str]] = {
    "time": "stopped after 20 minutes",
    "rows": "stopped after 5,000,000 rows in all",
    "ids": "more than 500,000 ids lead on; the others were not followed",
    "timeout": "a window took too long",
}

PAGES: Final[Mapping[str, str]] = {
    "identities": "people:identity",
    "identities_agents": "people:identity",
    "identities_blocks": "people:identity",
    "agents": "people:identity",
    "conversations": "people:conversations",
    "conversation_messages": "people:conversations",
    "messages": "people:conversations",
    "block": "people:memory",
    "blocks_agents": "people:memory",
    "blocks_conversations": "people:memory",
    "archives": "people:passages",
    "archives_agents": "people:passages",
    "archival_passages": "people:passages",
    "agent_passages": "people:passages",
    "passages": "people:passages",
    "sources": "people:files",
    "sources_agents": "people:files",
    "files": "people:files",
    "files_agents": "people:files",
}
"""The page of the customer that shows the rows of a table; those of others are reached through the agents."""


@dataclass(frozen=True)
class TableLine:
    """One table of the report; `state` is "read", "in part", "reading", "no index", "waiting", "not read" or
    "not here". `hits` are None where no text of the table was searched; `href` is a page with its rows.
    """

    table: str
    state: str
    rows: int | None = None
    bytes: int | None = None
    oldest: Any = None
    newest: Any = None
    hits: Sequence[int | None] = ()
    why: str = ""
    href: str = ""

    @property
    def meaning(self) -> str:
        return MEANINGS[self.table]


@dataclass(frozen=True)
class Report:
    """`is_whole`: everything that links lead to was read; `terms` are keyed hashes."""

    lines: Sequence[TableLine]
    agents: Sequence[Mapping[str, Any]]
    result: Mapping[str, Any]
    is_whole: bool

    @property
    def found(self) -> Sequence[TableLine]:
        return [one for one in self.lines if one.rows]

    @property
    def others(self) -> Sequence[TableLine]:
        return [one for one in self.lines if not one.rows]

    @property
    def rows(self) -> int:
        return sum(one.rows or 0 for one in self.lines)

    @property
    def bytes(self) -> int:
        return sum(one.bytes or 0 for one in self.lines)

    @property
    def shared_agents(self) -> Sequence[Mapping[str, Any]]:
        return [one for one in self.agents if one["others"]]

    @property
    def shared_messages(self) -> int:
        return sum(one["messages"] for one in self.shared_agents)

    @property
    def numbers(self) -> Sequence[int]:
        """1, 2, … for the terms, which themselves are not kept."""
        return range(1, len(self.result.get("terms", [])) + 1)

    @property
    def began(self) -> Any:
        return parse_when(self.result["began"])

    @property
    def ended(self) -> Any:
        return parse_when(self.result["ended"]) if self.result.get("ended") else None


def report(result: Mapping[str, Any], *, identity: str, over: bool) -> Report | None:
    """None while nothing was read yet."""
    if not result.get("began"):
        return None
    read = {one["table"]: one for one in result["tables"]}
    lines = [
        replace(
            _line(table, read.get(table), result, over=over),
            href=link(PAGES[table], identity) if table in PAGES else "",
        )
        for table in dict.fromkeys(place.table for place in PLACES)
    ]
    whole = bool(result.get("ended")) and all(one.state in {"read", "not here"} for one in lines)
    return Report(lines, result["agents"], result, whole)


def _line(
    table: str, read: Mapping[str, Any] | None, result: Mapping[str, Any], *, over: bool
) -> TableLine:
    if read is None:
        known = catalogue.known()
        absent = known is not None and not known.has_table(table)
        revoked = known is not None and table in known.revoked
        why = "this console’s role may not read it" if revoked else ""
        if absent and not revoked:
            return TableLine(table, "not here")
        return TableLine(table, "not read" if over or revoked else "waiting", why=why)
    if table in result["unindexed"] and not read["rows"]:
        return TableLine(table, "no index", why="no index leads from the person to its rows")
    why = WHYS.get(read["why"], read["why"])
    state = "in part" if why else "reading" if result["doing"] == table and not over else "read"
    if over and not result.get("ended") and result["doing"] == table:
        state, why = "in part", why or "stopped"
    return TableLine(
        table,
        state,
        rows=read["rows"],
        bytes=read["bytes"],
        oldest=parse_when(read["oldest"] or "") or read["oldest"],
        newest=parse_when(read["newest"] or "") or read["newest"],
        hits=_hits(table, read["hits"], prompts=result.get("prompts", True)),
        why=why,
    )


def _hits(table: str, hits: Sequence[int], *, prompts: bool) -> Sequence[int | None]:
    searched = any(place.searched(prompts=prompts) for place in PLACES if place.table == table)
    return hits if searched else [None] * len(hits)


FIELDS: Fields[TableLine] = {
    "table": lambda one: one.table,
    "meaning": lambda one: one.meaning,
    "state": lambda one: one.state,
    "rows": lambda one: one.rows,
    "bytes": lambda one: one.bytes,
    "oldest": lambda one: one.oldest,
    "newest": lambda one: one.newest,
    "rows_with_terms": lambda one: list(one.hits) or None,
    "note": lambda one: one.why,
}
