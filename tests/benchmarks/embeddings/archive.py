"""An archive of many passages with real-looking vectors, written in PostgreSQL's own binary form."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
from numpy.typing import NDArray

from agents_app.demo.load import fill
from tests.cluster import Cluster
from tests.lettadb import UNTIL, LettaDatabase, new_database

FULL = os.environ.get("SCALE") == "full"
PASSAGES = 50_000 if FULL else 5_000
DIMENSIONS, STORED = 1536, 4096
ARCHIVE, AGENT = "archive-bench", "agent-bench"
CONFIG = json.dumps(
    {"embedding_model": "text-embedding-3-small", "embedding_dim": DIMENSIONS,
     "embedding_endpoint_type": "openai", "embedding_endpoint": "https://api.openai.com/v1",
     "embedding_chunk_size": 300, "handle": "openai/text-embedding-3-small", "batch_size": 32}
)  # fmt: skip
TAGS = ("delivery", "refunds", "sizing", "repairs", "policy")
_BATCH = 1_000
_COPY = """COPY archival_passages
 (id, text, embedding, embedding_config, metadata_, tags, archive_id, organization_id, created_at)
 FROM STDIN (FORMAT BINARY)"""


@dataclass(frozen=True)
class Big:
    """The database and how many passages its archive holds."""

    database: LettaDatabase
    passages: int


def build(cluster: Cluster, *, passages: int = PASSAGES, clusters: int = 60, seed: int = 1) -> Big:
    """Passages in clusters of uneven size, one in a hundred nearly the twin of the one before it.

    About 16 KB of disk each, so 800 MB at full scale; drop the database afterwards (`drop`).
    """
    database = new_database(cluster)
    fill(database.owner, "0.16.8", agents=2, messages=40, passages=4, hostile=False, seed=3,
         until=UNTIL, schema=database.schema)  # fmt: skip
    organization = str(database.rows("SELECT id FROM organizations LIMIT 1")[0][0])
    _parents(database, organization)
    with psycopg.connect(database.owner) as connection:
        connection.execute(f"SET search_path = {database.schema}, public".encode())
        with connection.cursor().copy(_COPY) as copy:
            for number, vector in enumerate(vectors(passages, clusters=clusters, seed=seed)):
                copy.write_row(_row(number, vector, organization))
    database.execute("VACUUM (ANALYZE) archival_passages")
    database.provision()
    return Big(database, passages)


def drop(big: Big) -> None:
    """Frees the disk."""
    with psycopg.connect(big.database.cluster.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {big.database.name} WITH (FORCE)".encode())


def vectors(count: int, *, clusters: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """Unit vectors of 1,536 numbers; the same for the same seed."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(clusters, DIMENSIONS)).astype(np.float32)
    weights = 1 / np.arange(1, clusters + 1)
    before = centres[0]
    for start in range(0, count, _BATCH):
        size = min(_BATCH, count - start)
        chosen = rng.choice(clusters, size=size, p=weights / weights.sum())
        batch = centres[chosen] + 0.8 * rng.normal(size=(size, DIMENSIONS)).astype(np.float32)
        for number in range(size):
            if number % 100 == 99:
                batch[number] = before + 0.002 * rng.normal(size=DIMENSIONS)
            before = batch[number]
        yield from batch / np.linalg.norm(batch, axis=1, keepdims=True)


def _parents(database: LettaDatabase, organization: str) -> None:
    database.execute(
        "INSERT INTO agents (id, name, organization_id, is_deleted, message_buffer_autoclear, embedding_config)"
        " VALUES (%s, 'Bench', %s, false, false, %s)", [AGENT, organization, CONFIG])  # fmt: skip
    database.execute(
        "INSERT INTO archives (id, name, organization_id, is_deleted, vector_db_provider, embedding_config)"
        " VALUES (%s, 'Bench archive', %s, false, 'NATIVE', %s)", [ARCHIVE, organization, CONFIG])  # fmt: skip
    database.execute("INSERT INTO archives_agents VALUES (%s, %s, now(), true)", [AGENT, ARCHIVE])


def _row(number: int, vector: NDArray[np.float32], organization: str) -> tuple[object, ...]:
    stored = np.zeros(STORED, dtype=">f4")
    stored[:DIMENSIONS] = vector
    raw = STORED.to_bytes(2, "big") + b"\0\0" + stored.tobytes()
    text = f"Note {number}: order {number * 7 % 90_000} was about {TAGS[number % 5]}, settled on day {number % 365}. "
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=10 * number)
    tags = json.dumps([TAGS[number % len(TAGS)]])
    return (f"passage-{number:08d}", text * 4, raw, CONFIG, "{}", tags, ARCHIVE, organization, at)
