"""Every statement that reads a column, with each column of each release missing or revoked: ten minutes."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest
from django.test import Client

from tests import mutants
from tests.cluster import Cluster
from tests.crawl import visiting
from tests.lettadb import pointed_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "taken", [mutants.without_column, mutants.column_revoked], ids=["missing", "revoked"]
)
@pytest.mark.parametrize("release", ["0.6.54", "0.8.17", "0.11.7", "0.13.0", "0.16.8"])
@pytest.mark.timeout(1200)
def test_no_column_is_needed_by_any_page(
    release: str,
    taken: Callable[..., AbstractContextManager[None]],
    cluster: Cluster,
    superuser: Client,
) -> None:
    world = mutants.small_world(cluster, release)
    with pointed_at(world.uri()), visiting(superuser) as visitor:
        readers = mutants.readers(world, superuser)
        for table, column in mutants.columns(world):
            pages = readers.of(table, column)
            with taken(world, table, column) if pages else nullcontext():
                visitor.are_well(
                    pages, f"without {table}.{column}", also=mutants.right_without(table, column)
                )
    assert not visitor.troubles, "\n".join(visitor.troubles)
