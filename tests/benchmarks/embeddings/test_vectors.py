"""Heavy work on vectors as a person meets it: the map at once, the projection and the scan in the worker."""

import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from agents_app.embeddings.models import VectorFinding
from agents_app.work import queue
from agents_app.work.lanes import HEAVY
from agents_app.work.models import BackgroundWork, State
from tests.benchmarks.embeddings.archive import ARCHIVE, PASSAGES, Big, build, drop
from tests.cluster import Cluster
from tests.lettadb import pointed_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]
FULL = os.environ.get("SCALE") == "full"
AT_ONCE, PROJECTED = 5_000, 20_000 if FULL else 6_000
MAP = f"/archives/{ARCHIVE}/map/"
MAP_SECONDS, PROJECTION_SECONDS, SCAN_SECONDS = 2.0, 180.0, 300.0
MOST_MEGABYTES = 2_048


@pytest.fixture(scope="module")
def archives(cluster: Cluster) -> Iterator[Callable[[int], Big]]:
    """`archives(5_000)`: a database whose archive holds that many passages."""
    made: dict[int, Big] = {}

    def archive(passages: int) -> Big:
        if passages not in made:
            made[passages] = build(cluster, passages=passages)
        return made[passages]

    yield archive
    for big in made.values():
        drop(big)


def worked(user: User, kind: str) -> tuple[BackgroundWork, float]:
    """The finished work and how long it took, from asking to the end, the start of its process included.

    Prints the processor time too: on a busy machine work of low priority waits for the others.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    given = {"kind": "archive", "id": ARCHIVE, "space": ""}
    began = time.perf_counter()
    work = queue.start(user, kind, given)
    carrier = app.with_connector(app.connector.get_worker_connector())
    with watched(user, work):
        carrier.run_worker(
            queues=[HEAVY.queue], wait=False, install_signal_handlers=False, delete_jobs="always"
        )
    took = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{kind}: {used:.0f} s of processor time, load {os.getloadavg()[0]:.1f}")
    work.refresh_from_db()
    assert work.state == State.DONE, work.failure
    return work, took


@contextmanager
def watched(user: User, work: BackgroundWork) -> Iterator[None]:
    """Looks at the work every two seconds, as its page does; prints how far it is."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(2):
            found = queue.watched(user, work.pk)
            print(f"{found.percent if found else None} %", end=" ", flush=True)
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def child_megabytes() -> int:
    """The most memory that any process started from here has held."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def test_the_map_of_5000_passages_is_drawn_at_once(
    archives: Callable[[int], Big], superuser: Client
) -> None:
    with pointed_at(archives(AT_ONCE).database.uri()):
        superuser.get("/archives/")
        times = []
        for path in (MAP, f"{MAP}?format=json"):
            began = time.perf_counter()
            assert superuser.get(path).status_code == 200
            times.append(time.perf_counter() - began)
        began = time.perf_counter()
        superuser.get(f"{MAP}?colour=tag")
        again = time.perf_counter() - began
    print(
        f"map of {AT_ONCE:,}: page {times[0]:.2f} s, its points {times[1]:.2f} s, page again {again:.2f} s"
    )
    assert max(times) < MAP_SECONDS


def test_a_projection_is_drawn_in_the_background(
    archives: Callable[[int], Big], superuser: Client, person: Callable[[str], User]
) -> None:
    with pointed_at(archives(PROJECTED).database.uri()):
        _, took = worked(person("support"), "embedding-map")
        shown = superuser.get(f"{MAP}?by=neighbours&format=json").json()["projection"]
    print(
        f"projection of {PROJECTED:,}: {took:.0f} s, {child_megabytes():,} MB, drawn {shown['drawn']:,},"
        f" trustworthiness {shown['trustworthiness']}, neighbours kept {shown['neighbours_kept']}"
    )
    assert took < PROJECTION_SECONDS
    assert shown["drawn"] <= 10_000


def test_all_are_compared_with_all_in_the_background(
    archives: Callable[[int], Big], superuser: Client, person: Callable[[str], User]
) -> None:
    with pointed_at(archives(PASSAGES).database.uri()):
        _, took = worked(person("support"), "embedding-scan")
        began = time.perf_counter()
        scan = superuser.get(f"/archives/{ARCHIVE}/health/?format=json").json()["scan"]
        page = time.perf_counter() - began
    kept = len(bytes(VectorFinding.objects.get(kind="scan").body)) // 1024
    print(
        f"scan of {PASSAGES:,}: {took:.0f} s, {child_megabytes():,} MB, {scan['by_threshold'][3]},"
        f" kept {kept:,} kB, page {page:.2f} s"
    )
    assert took < SCAN_SECONDS
    assert child_megabytes() < MOST_MEGABYTES
    assert scan["looked_at"] == PASSAGES
    assert scan["by_threshold"][3]["groups"] > 0
