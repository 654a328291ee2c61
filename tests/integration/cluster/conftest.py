"""An emulated AWS whose cluster the console takes for Letta's."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from agents_app.letta import asleep
from tests.awsdoor import READER, WRITER, Aws, emulated, minutes_ago

CAPACITY = "ServerlessDatabaseCapacity"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, settings: Any, db: None) -> Iterator[Aws]:
    """The cluster `letta`: letta-1 writes, letta-2 reads, 0 to 8 ACU; nothing is published yet."""
    asleep.forget()
    # The tests share a busy machine: what a page waits for AWS is a matter of its own test.
    monkeypatch.setattr("agents_app.cluster.picture.PATIENCE_S", 8.0)
    with emulated(monkeypatch, settings) as made:
        made.make_cluster()
        made.door.seen.clear()
        yield made
    asleep.forget()


def capacity(aws: Aws, acu: float, *, since_minutes: int = 60, until_minutes: int = 2) -> None:
    """Both instances and the cluster at that capacity, minute by minute."""
    values = {minutes_ago(n): acu for n in range(until_minutes, since_minutes)}
    for instance in (WRITER, READER, None):
        aws.publish(CAPACITY, values, instance=instance)


MINUTE = timedelta(minutes=1)
