"""A scene that tests fill: an empty database of 0.16.8, read through the console's role."""

from collections.abc import Iterator

import pytest

from tests.cluster import Cluster
from tests.integration.revisions.scene import Scene
from tests.lettadb import new_database, pointed_at


@pytest.fixture
def scene(cluster: Cluster) -> Iterator[Scene]:
    database = new_database(cluster, "0.16.8", schema="public")
    database.provision()
    made = Scene(database)
    made.organization()
    with pointed_at(database.uri()):
        yield made
