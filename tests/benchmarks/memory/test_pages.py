"""How quickly the pages of a large block answer: 100,000 characters, 2,000 revisions; and what they cost.

First the newest part shows while the worker reads the whole; then every page works on what was kept.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from agents_app.memory import background
from agents_app.memory.reading import told
from agents_app.revisions.cache.models import BlockSkeleton, SkeletonPart
from agents_app.revisions.collect import gather, subject
from agents_app.revisions.history import stream
from tests.benchmarks.memory.large_block import TURNS, build
from tests.benchmarks.memory.test_history import megabytes
from tests.cluster import Cluster
from tests.lettadb import new_database, pointed_at

pytestmark = pytest.mark.django_db

PAGE = "/blocks/block-1/history/"
NEWEST_S, FIRST_S, HISTORY_S, DIFF_S, BLAME_S, GROWTH_MB = 1.0, 10.0, 1.0, 0.5, 2.0, 100.0
LEAST_REPORTS = 8  # progress is shown that often while the whole is read
TIMES = 3


@pytest.fixture(scope="module")
def large(cluster: Cluster) -> Iterator[None]:
    database = new_database(cluster, "0.16.8", schema="public")
    built = get_context("fork").Process(target=build, args=(database,))
    built.start()
    built.join()
    database.provision()
    with pointed_at(database.uri()):
        yield


@dataclass(frozen=True)
class Taken:
    """Seconds of wall time, and of this process's processor."""

    wall: float
    processor: float


class Measures:
    """Prints what was measured beside its limit; `check` fails with what was over.

    On a machine that is busy with something else the limits are held against processor time.
    """

    def __init__(self) -> None:
        self.over: list[str] = []
        self.busy = os.getloadavg()[0] > (os.cpu_count() or 1) + 1
        words = "busy: limits on processor time" if self.busy else "limits on wall time"
        print(
            f"\nblock of 100,000 characters, {TURNS} revisions; load {os.getloadavg()[0]:.1f}, {words}"
        )

    def time(self, name: str, taken: Taken, limit: float) -> None:
        held = taken.processor if self.busy else taken.wall
        words = f"{taken.wall:8.2f} s, processor {taken.processor:5.2f} s"
        self._note(name, words, held, limit)

    def size(self, name: str, megabytes: float, limit: float) -> None:
        self._note(name, f"{megabytes:8.2f} MB", megabytes, limit)

    def _note(self, name: str, words: str, value: float, limit: float) -> None:
        print(f"  {name:42}{words:28} of {limit:g}  ({value / limit:4.0%})")
        if value > limit:
            self.over.append(f"{name}: {value:.2f}, limit {limit:g}")

    def check(self) -> None:
        assert self.over == []


def once(question: Callable[[], object]) -> Taken:
    begun, spent = time.perf_counter(), time.process_time()
    question()
    return Taken(time.perf_counter() - begun, time.process_time() - spent)


def best(question: Callable[[], object]) -> Taken:
    """The shortest of some times: what the work takes when nothing else is in its way."""
    taken = [once(question) for _ in range(TIMES)]
    return Taken(min(one.wall for one in taken), min(one.processor for one in taken))


def body(client: Client, url: str) -> bytes:
    response = client.get(url)
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


class Reports:
    """Stands for the work's progress; the largest growth of this process between two reports is kept."""

    def __init__(self) -> None:
        self.began, self.most, self.count = megabytes(), 0.0, 0

    def report(self, done: int, **_: Any) -> None:
        self.count += 1
        self.most = max(self.most, megabytes() - self.began)


def test_pages_of_a_long_history(large: None, superuser: Client) -> None:
    superuser.get("/blocks/")  # connects, reads the catalogue
    found = Measures()
    found.time("newest revisions, nothing kept yet", best(lambda: body(superuser, PAGE)), NEWEST_S)
    reports = Reports()
    read = once(lambda: background.read_history(reports, {"block_id": "block-1"}))  # type: ignore[arg-type]
    found.time("first opening: the whole history read", read, FIRST_S)
    found.size("the worker grows meanwhile", reports.most, GROWTH_MB)
    assert reports.count >= LEAST_REPORTS
    assert b"too long" not in body(superuser, PAGE)
    ids = [one.id for one in told("block-1").revisions]  # type: ignore[union-attr]
    far = f"{PAGE}?from={quote(ids[100])}&to={quote(ids[1500])}"
    near = f"{PAGE}?from={quote(ids[-41])}&to={quote(ids[-40])}&view=inline"
    for name, url, limit in (
        ("history", PAGE, HISTORY_S),
        ("history, filtered by tool", f"{PAGE}?tool=memory_rethink", HISTORY_S),
        ("diff of neighbours, inline", near, DIFF_S),
        ("diff over 1,400 revisions", far, DIFF_S),
        ("text appeared or vanished", f"{PAGE}?q=Fact+12", BLAME_S),
        ("blame", "/blocks/block-1/blame/", BLAME_S),
        ("blame, rewrites ignored", "/blocks/block-1/blame/?rewrites=ignored", BLAME_S),
        (
            "blame of an earlier revision",
            f"/blocks/block-1/blame/?revision={quote(ids[900])}",
            BLAME_S,
        ),
        ("JSON, 50 of them with values", f"{PAGE}?format=json", HISTORY_S),
    ):
        found.time(name, best(lambda url=url: body(superuser, url)), limit)  # type: ignore[misc]
    kept = sum(
        len(json.dumps(rows)) for rows in SkeletonPart.objects.values_list("rows", flat=True)
    )
    found.size("kept for it in our own database", kept / 1e6, 5.0)
    found.check()


def test_the_json_of_a_long_history_walks_over_all_of_it(large: None, superuser: Client) -> None:
    """The first page comes while the history is read; values are the engine's own."""
    superuser.get("/blocks/")
    block = subject("block-1")
    assert block is not None
    whole = {
        one.id: (hash(one.value), one.grade, one.added, one.removed)
        for one in stream(gather(block))
    }
    url, seen, begun = f"{PAGE}?format=json&limit=200", [], time.perf_counter()
    while url:
        page = json.loads(body(superuser, url))
        assert (page["writes"], page["explained"], page["gaps"]) == (1999, 1999, 0)
        for one in page["results"]:
            assert whole[one["id"]] == (
                hash(one["value"]),
                one["grade"],
                one["added"],
                one["removed"],
            )
        seen += [one["id"] for one in page["results"]]
        url = page["next"]
    print(
        f"\nJSON of {len(seen)} revisions, 200 MB, over pages: {time.perf_counter() - begun:.1f} s"
    )
    assert seen == list(whole)
    assert BlockSkeleton.objects.count() == 1
