"""The first opening of a long history: how long it takes, and how much the worker grows."""

import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from agents_app.revisions.collect import gather, subject
from agents_app.revisions.history import newest, stream
from tests.benchmarks.memory.large_block import TURNS, build
from tests.cluster import Cluster
from tests.lettadb import new_database, pointed_at

FIRST_OPENING_SECONDS, NEWEST_SECONDS, GROWTH_MEGABYTES = 10.0, 1.0, 100.0


@pytest.fixture(scope="module")
def large_block(cluster: Cluster) -> Iterator[None]:
    database = new_database(cluster, "0.16.8", schema="public")
    built = get_context("fork").Process(
        target=build, args=(database,)
    )  # what it allocates is not measured
    built.start()
    built.join()
    database.provision()
    with pointed_at(database.uri()):
        newest("block-1", calls=1)  # connects, reads the catalogue
        yield


def megabytes() -> float:
    """The resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def test_the_newest_revisions_show_at_once(large_block: None) -> None:
    begun = time.perf_counter()
    found = newest("block-1", calls=40)
    seconds = time.perf_counter() - begun
    print(f"\nnewest revisions of {TURNS}: {seconds:.2f} s")
    assert found is not None
    assert len(found.revisions) >= 39
    assert seconds <= NEWEST_SECONDS


def test_a_whole_history_streams_in_little_memory(large_block: None) -> None:
    block = subject("block-1")
    assert block is not None
    before, begun, most, count, last = megabytes(), time.perf_counter(), 0.0, 0, None
    for count, revision in enumerate(stream(gather(block)), start=1):
        last = revision.value
        if count % 50 == 0:
            most = max(most, megabytes() - before)
    seconds = time.perf_counter() - begun
    print(
        f"\n{count} revisions of {len(block.value or '')} characters: {seconds:.1f} s, {most:.0f} MB"
    )
    assert last == block.value
    assert count >= TURNS - 20
    assert seconds <= FIRST_OPENING_SECONDS
    assert most <= GROWTH_MEGABYTES
