"""Fills a Letta-shaped database with the demo world."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg
from psycopg import sql

from agents_app.demo.copying import Copier
from agents_app.demo.hostile import stage_hostile_rows
from agents_app.demo.world.story import Size, Story

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What was loaded: rows by kind."""

    organizations: int
    agents: int
    messages: int
    conversations: int
    runs: int
    steps: int
    traces: int
    blocks: int
    passages: int
    identities: int

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def fill(
    dsn: str,
    release: str,
    *,
    agents: int,
    messages: int,
    passages: int,
    hostile: bool,
    seed: int,
    until: datetime,
    schema: str = "public",
    progress: Progress | None = None,
) -> Summary:
    """Load the world into the empty tables at `dsn`, in one transaction, streaming.

    The same seed, sizes and `until` (aware) give the same rows. `agents` is at least the cast
    (16); `messages` is met up to one turn, but never less than what the cast says in its set
    pieces (about 300). `hostile` adds an organization with hostile rows.
    """
    report = progress or (lambda _what, _share: None)
    size = Size(agents=agents, messages=messages, passages=passages)
    with psycopg.connect(dsn) as connection:
        connection.execute(
            sql.SQL("SET LOCAL search_path TO {}, {}").format(
                sql.Identifier(schema), sql.Identifier(_vector_schema(connection))
            )
        )
        copier = Copier(connection, release, schema=schema)
        story = Story(copier, release, size, seed=seed, until=until)
        story.tell(lambda share: report("world", share))
        if hostile:
            stage_hostile_rows(copier, release, sequence=story.stage.sequence, until=until)
        report("indexes and links", 1.0)
        copier.close()
    _vacuum(dsn)
    return _summary(copier)


def _vector_schema(connection: psycopg.Connection[tuple[object, ...]]) -> str:
    row = connection.execute(
        "SELECT nspname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
        " WHERE typname = 'vector'"
    ).fetchone()
    return str(row[0]) if row else "public"


def _vacuum(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _summary(copier: Copier) -> Summary:
    counts = copier.counts
    return Summary(
        organizations=counts["organizations"],
        agents=counts["agents"],
        messages=counts["messages"],
        conversations=counts["conversations"],
        runs=counts["runs"] or counts["jobs"],
        steps=counts["steps"],
        traces=counts["provider_traces"],
        blocks=counts["block"],
        passages=counts["archival_passages"] + counts["agent_passages"] + counts["source_passages"],
        identities=counts["identities"],
    )
