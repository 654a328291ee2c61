"""The small world of one customer."""

from collections.abc import Iterator

import pytest

from tests.cluster import Cluster
from tests.integration.people.world import customers
from tests.lettadb import LettaDatabase, pointed_at


@pytest.fixture(scope="session")
def shop_database(cluster: Cluster) -> LettaDatabase:
    return customers(cluster)


@pytest.fixture
def shop(shop_database: LettaDatabase) -> Iterator[LettaDatabase]:
    """Alias `letta` leads to it; what a test adds it takes away again."""
    with pointed_at(shop_database.uri()):
        yield shop_database
