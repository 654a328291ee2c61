"""An emulated AWS with a writer and a reader in it."""

from collections.abc import Iterator
from typing import Any

import pytest

from agents_app.aws import flight
from tests.awsdoor import Aws, emulated

# A page waits 1.5 s; a machine that runs tests may be too busy for an emulator to answer by then. Tests
# of waiting take the real figure, and a benchmark holds it for every fault.
PATIENT_S = 10.0


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, settings: Any, db: None) -> Iterator[Aws]:
    """The cluster `letta`: letta-1 writes, letta-2 reads, 0 to 8 ACU."""
    monkeypatch.setattr(flight, "PATIENCE_S", PATIENT_S)
    with emulated(monkeypatch, settings) as made:
        made.make_cluster()
        made.door.seen.clear()
        yield made
