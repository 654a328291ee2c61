"""How quickly the pages of a large block answer: 100,000 characters, 2,000 revisions."""

import time
from collections.abc import Iterator
from multiprocessing import get_context

import pytest
from django.test import Client

from tests.benchmarks.memory.large_block import build
from tests.cluster import Cluster
from tests.lettadb import new_database, pointed_at

pytestmark = pytest.mark.django_db

SECONDS = {"history/": 1.0, "history/?view=inline": 1.0, "blame/": 2.0, "history/?format=json": 1.0}


@pytest.fixture(scope="module")
def large(cluster: Cluster) -> Iterator[None]:
    database = new_database(cluster, "0.16.8", schema="public")
    built = get_context("fork").Process(target=build, args=(database,))
    built.start()
    built.join()
    database.provision()
    with pointed_at(database.uri()):
        yield


@pytest.mark.parametrize("page", SECONDS)
def test_the_newest_part_shows_in_time(page: str, large: None, superuser: Client) -> None:
    superuser.get("/blocks/")  # connects, reads the catalogue
    began = time.perf_counter()
    response = superuser.get(f"/blocks/block-1/{page}")
    seconds = time.perf_counter() - began
    print(f"\n{page} of a block with 2,000 revisions: {seconds:.2f} s")
    assert response.status_code == 200
    assert seconds <= SECONDS[page]
