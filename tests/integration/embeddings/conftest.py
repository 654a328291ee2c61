"""Archives whose vectors are known, and a real HTTP server in the place of an embedding endpoint."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from procrastinate.contrib.django import app
from pytest_django import Settings

from agents_app.work.lanes import HEAVY
from tests.archives import new_archive
from tests.cluster import Cluster
from tests.endpoint import KEY, Server
from tests.lettadb import LettaDatabase, new_database, pointed_at

CENTRES = 6
TOPICS = ("delivery", "refunds", "sizing", "care", "repairs", "loyalty")


def clustered(rows: int, dimension: int = 64, *, seed: int = 5) -> NDArray[np.float32]:
    """Vectors around six centres, row n around centre n modulo six."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((CENTRES, dimension))
    found = centres[np.arange(rows) % CENTRES] + 0.3 * rng.standard_normal((rows, dimension))
    return found.astype(np.float32)


@pytest.fixture(scope="session")
def vector_world(cluster: Cluster) -> LettaDatabase:
    """Archive 1: 300 passages in six clusters; archive 2: what cannot be placed; 3: hostile tags and texts."""
    database = new_database(cluster)
    tags = [[TOPICS[number % CENTRES], "all"] for number in range(300)]
    new_archive(database, clustered(300), number=1, tags=tags)
    odd: list[Any] = [*clustered(5), np.zeros(64), None, None]
    new_archive(database, odd, number=2)
    bad = ["<script>alert(1)</script>", "\u202eevil", "=1+1", "<b>bold</b>", "x" * 1_000_000, "ok"]
    new_archive(database, clustered(6), number=3, texts=bad, tags=[[one[:40]] for one in bad])
    database.provision()
    return database


@pytest.fixture
def vectors_here(vector_world: LettaDatabase) -> Iterator[LettaDatabase]:
    """Alias `letta` leads to that world."""
    with pointed_at(vector_world.uri()):
        yield vector_world


@pytest.fixture
def run_heavy(transactional_db: None) -> Callable[[], None]:
    """Runs the worker of the heavy lane until its queue is empty."""

    def run() -> None:
        carrier = app.with_connector(app.connector.get_worker_connector())
        carrier.run_worker(
            queues=[HEAVY.queue], wait=False, install_signal_handlers=False, delete_jobs="always"
        )

    return run


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    found = Server()
    threading.Thread(target=found.serve_forever, daemon=True).start()
    settings.INSPECTOR_EMBEDDING_BASE_URL = found.url
    settings.INSPECTOR_EMBEDDING_API_KEY = KEY
    yield found
    found.shutdown()
    found.server_close()
