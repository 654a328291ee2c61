"""A PostgreSQL server of its own that tests may freeze, stop, fill up and lock out."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest

from tests.cluster import Cluster


@pytest.fixture(scope="session")
def victim() -> Iterator[Cluster]:
    """The server; whoever breaks it mends it."""
    folder = Path(tempfile.mkdtemp(prefix="inspector-victim-"))
    server = Cluster(folder / "postgres")
    server.ensure()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def freeze(victim: Cluster) -> Callable[[], AbstractContextManager[None]]:
    """`with freeze():` no process of the server runs."""

    def tell(pids: list[int], what: signal.Signals) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, what)

    @contextmanager
    def frozen() -> Iterator[None]:
        tell(victim.pids()[:1], signal.SIGSTOP)  # the postmaster first: no new children after that
        tell(victim.pids(), signal.SIGSTOP)
        try:
            yield
        finally:
            tell(victim.pids()[::-1], signal.SIGCONT)

    return frozen
