"""An emulated AWS with a writer and a reader in it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.awsdoor import Aws, emulated


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, settings: Any, db: None) -> Iterator[Aws]:
    """The cluster `letta`: letta-1 writes, letta-2 reads, 0 to 8 ACU."""
    with emulated(monkeypatch, settings) as made:
        made.make_cluster()
        made.door.seen.clear()
        yield made
