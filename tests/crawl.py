"""Addresses of everything that can be opened in a database, and a visitor who notes what goes wrong there."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.signals import got_request_exception
from django.db import connections
from django.http.response import HttpResponseBase
from django.test import Client

from agents_app.letta.engine.pool import Pool
from agents_app.letta.errors import LettaError
from tests.lettadb import LettaDatabase
from tests.routes import OURS, POSTS, PUBLIC, Route, routes

# Where the ids of each URL argument are, newest name of the table first.
TABLES = {
    "agent_id": ("agents",),
    "message_id": ("messages",),
    "conversation_id": ("conversations",),
    "run_id": ("runs", "jobs"),
    "step_id": ("steps",),
    "trace_id": ("provider_traces",),
    "job_id": ("jobs",),
    "tool_id": ("tools",),
    "group_id": ("groups",),
    "organization_id": ("organizations",),
    "user_id": ("users",),
    "identity_id": ("identities",),
    "block_id": ("block",),
    "archive_id": ("archives",),
    "source_id": ("sources",),
    "file_id": ("files",),
    "passage_id": ("archival_passages", "agent_passages", "passages"),
}
# Ids that make richer pages than one picked by chance.
RICH = {
    "agent_id": ("messages", "SELECT agent_id FROM messages GROUP BY 1 ORDER BY count(*) DESC, 1"),
    "message_id": ("messages", "SELECT DISTINCT ON (role) id FROM messages ORDER BY role, id"),
    "block_id": (
        "blocks_agents", "SELECT block_id FROM blocks_agents GROUP BY 1 ORDER BY count(*) DESC, 1"),
    "step_id": (
        "provider_traces", "SELECT DISTINCT t.step_id FROM provider_traces t JOIN steps s ON s.id = t.step_id ORDER BY 1"),
    "trace_id": (
        "provider_traces",
        "SELECT min(t.id) FROM provider_traces t JOIN steps s ON s.id = t.step_id GROUP BY s.id ORDER BY s.id"),
}  # fmt: skip
# Queries of one page each; `{agent_id}` and the like are filled in.
QUERIES = {
    "overview:home": ("panel=all", "panel=memory"),
    "agents:list": (
        "q=desk", "q=agent-", "organization={organization_id}", "type=letta_v1_agent", "model=gpt-4o-mini",
        "tag=vip", "hidden=no", "stop_reason=end_turn", "limit=3",
    ),
    "agents:tools": ("q=order", "type=custom"),
    "agents:organizations": ("q=shop",),
    "agents:users": ("q=a",),
    "conversations:list": (
        "q=desk", "organization={organization_id}", "tag=vip", "type=letta_v1_agent",
        "since=2026-08-01&until=2026-10-01", "limit=3",
    ),
    "conversations:default_thread": (
        "thread=all", "thread=all&deleted=include", "view=full", "q=order", "role=tool", "tool=lookup_order",
        "errors=on", "since=2026-06-01&until=2026-12-01", "edge=first", "at={message_id}", "on=2026-09-01",
        "thread=all&order=asc&limit=5", "thread=all&view=full&limit=200", "thread=all&memory=on",
        "thread=all&memory=on&view=reader",
    ),
    "conversations:message": ("words=call:{message_id}:0", "words=nothing"),
    "conversations:effects": ("message={message_id}",),
    "conversations:unseen": ("step={step_id}",),
    "memory:at": ("message={message_id}", "step={step_id}", "t=2026-09-01"),
    "memory:agent": ("block={block_id}",),
    "conversations:conversation": ("memory=on", "view=full", "q=order", "edge=first", "role=user", "on=2026-09-01"),
    "runs:list": (
        "status=failed", "status=unfinished", "status=completed", "stop_reason=end_turn", "agent={agent_id}",
        "conversation={conversation_id}", "organization={organization_id}", "since=2026-08-01&until=2026-10-01",
        "limit=3",
    ),
    "runs:run": ("deleted=include", "above=1"),
    "runs:step": ("trace={trace_id}",),
    "runs:trace": ("download=request", "download=response"),
    "cluster:age": ("ask=on", "ask=on&format=csv", "ask=on&format=json", "ask=on&table=messages"),
    "people:identities": ("q=a", "type=user"),
    "people:changes": ("block={block_id}",),
    "memory:list": (
        "label=human", "agent={agent_id}", "organization={organization_id}", "shared=yes", "read_only=yes",
        "since=2026-08-01", "near_limit=on", "limit=3",
    ),
    "embeddings:list": ("q=archive", "organization={organization_id}", "limit=3"),
    "embeddings:archive": ("q=order", "tag=delivery", "since=2026-08-01&until=2026-10-01", "limit=3"),
    "embeddings:agent": ("q=order", "tag=delivery", "limit=3"),
    "embeddings:sources": ("q=a", "organization={organization_id}"),
    "embeddings:source": ("q=a", "state=completed", "limit=1"),
    "embeddings:file": ("q=order", "limit=1"),
    "embeddings:passages": ("of=files", "q=order", "tag=delivery", "of=files&q=order"),
    "embeddings:neighbors": ("scope=agent", "scope=all&k=5", "scope=archive&agent={agent_id}"),
    "embeddings:meaning": ("archive={archive_id}", "source={source_id}", "agent={agent_id}"),
    "evidence:new": (
        "kind=thread&id={agent_id}", "kind=agent&id={agent_id}&since=2026-06-01&until=2026-12-01&memory=on&deleted=on",
        "kind=conversation&id={conversation_id}", "kind=block&id={block_id}", "kind=identity&id={identity_id}",
    ),
    "search:jump": ("q=order", "q=desk", "q={agent_id}", "q=+49", "q=@example"),
}  # fmt: skip
ABSENT = "absent-00000000-dead-4000-8000-000000000000"
NOWHERE = {
    "work_id": ["00000000-0000-4000-8000-000000000000"],
    **{name: ["0"] for name in OURS - {"work_id"}},
}


@dataclass(frozen=True)
class Address:
    """One page; `is_absent` when the database has no row for it, so that 404 is its right answer."""

    route: str
    url: str
    is_absent: bool = False

    @property
    def may_be_absent(self) -> bool:
        """Also a message whose first part is no image or whose first call looks nothing up, and a
        moment that is another agent's."""
        elsewhere = self.route == "memory:at" and ("message=" in self.url or "step=" in self.url)
        rare = self.route in {"conversations:image", "embeddings:replay"}
        return self.is_absent or elsewhere or rare


def ids(database: LettaDatabase, *, each: int) -> dict[str, list[str]]:
    """Up to `each` ids for every URL argument, rich ones first; none for what the release lacks."""
    here = {name for (name,) in database.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s", [database.schema])}  # fmt: skip
    found = {}
    for name, tables in TABLES.items():
        table = next((table for table in tables if table in here), None)
        needed, sql = RICH.get(name, (table, ""))
        sql = sql if sql and needed in here else f'SELECT id FROM "{table}" ORDER BY md5(id)'
        found[name] = [key for (key,) in database.rows(f"{sql} LIMIT {each}")] if table else []
    return found


def addresses(
    database: LettaDatabase,
    *,
    each: int = 1,
    formats: tuple[str, ...] = ("", "json", "csv"),
    queries: bool = True,
) -> list[Address]:
    """Every GET page of the URLconf with `each` ids, in all formats, and with its queries."""
    known = ids(database, each=each)
    return [
        address
        for route in routes()
        if route.name not in PUBLIC | POSTS
        for address in _of(route, known, formats=formats, queries=queries)
    ]  # fmt: skip


def _of(
    route: Route, known: dict[str, list[str]], *, formats: tuple[str, ...], queries: bool
) -> Iterator[Address]:
    for arguments in _arguments(route, known):
        url, is_absent = (
            route.url(arguments),
            ABSENT in arguments.values() or bool(OURS.difference({"part"}) & arguments.keys()),
        )
        for form in formats:
            if form != "csv" or not route.parameters:
                yield Address(route.name, f"{url}?format={form}" if form else url, is_absent)
    first = {name: (found or [ABSENT])[0] for name, found in known.items()}
    for query in QUERIES.get(route.name, ()) if queries else ():
        yield Address(route.name, f"{route.url(first | _arguments(route, known)[0])}?{query.format(**first)}",
                      ABSENT in _arguments(route, known)[0].values() or ABSENT in query.format(**first))  # fmt: skip


def _arguments(route: Route, known: dict[str, list[str]]) -> list[dict[str, str]]:
    """Values for the arguments of the route: the n-th id of each kind together."""
    lists = {name: NOWHERE.get(name) or known[name] or [ABSENT] for name in route.parameters}
    longest = max((len(found) for found in lists.values()), default=1)
    return [
        {name: found[min(index, len(found) - 1)] for name, found in lists.items()}
        for index in range(longest)
    ]


@dataclass
class Visitor:
    """Opens pages as one person; `troubles` are faults of Letta and of our own code met on the way."""

    client: Client
    troubles: list[str] = field(default_factory=list)

    def get(self, url: str, method: str = "get") -> HttpResponseBase:
        """The answer, a streamed one read to its end."""
        response = getattr(self.client, method)(url)
        if response.streaming:
            response.all_bytes = b"".join(response.streaming_content)
        else:
            response.all_bytes = response.content
        return response  # type: ignore[no-any-return]

    def is_well(self, address: Address, *, also: frozenset[int] = frozenset()) -> bool:
        """Whether it answers as it should, or with one of `also`; what is wrong goes to `troubles`."""
        before = len(self.troubles)
        response = self.get(address.url)
        right = {200, 302, *also, *({404, 405} if address.may_be_absent else ())}
        if response.status_code not in right:
            self.troubles.append(f"{response.status_code} {_words(response)}")
        if response.status_code == 503 and 503 in also:
            del self.troubles[before:]  # the page tells of the fault that was met
        self.troubles[before:] = [f"{address.url}: {one}" for one in self.troubles[before:]]
        return len(self.troubles) == before

    def are_well(
        self, pages: list[Address], circumstance: str, *, also: frozenset[int] = frozenset()
    ) -> None:
        """The same for several pages, in words that say under which circumstance."""
        before = len(self.troubles)
        for page in pages:
            self.is_well(page, also=also)
        self.troubles[before:] = [f"{circumstance}: {one}" for one in self.troubles[before:]]


def _words(response: Any) -> str:
    return " ".join(response.all_bytes.decode("utf-8", "replace").split())[:160]


@contextmanager
def visiting(client: Client) -> Iterator[Visitor]:
    """A visitor who hears of every exception in a view and of every failed question to Letta."""
    visitor = Visitor(client)
    note = Pool.note

    def heard(pool: Pool, error: LettaError) -> None:
        visitor.troubles.append(f"Letta {error.slug}: {error.detail}")
        note(pool, error)

    def raised(**_: Any) -> None:
        visitor.troubles.append(traceback.format_exc(limit=-3).replace("\n", " | "))

    Pool.note = heard  # type: ignore[method-assign]
    got_request_exception.connect(raised)
    try:
        yield visitor
    finally:
        got_request_exception.disconnect(raised)
        Pool.note = note  # type: ignore[method-assign]


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that this thread sends to Letta meanwhile."""
    heard: list[str] = []

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        heard.append(str(sql))
        return execute(sql, params, many, context)

    with connections["letta"].execute_wrapper(note):
        yield heard
