"""Passages' pages where this database, or this role, lacks a column or a table."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests import mutants
from tests.cluster import Cluster
from tests.crawl import Visitor, visiting
from tests.lettadb import LettaDatabase, pointed_at

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
TABLES = (
    "archives", "archives_agents", "archival_passages", "source_passages", "passage_tags", "sources",
    "sources_agents", "files", "file_contents",
)  # fmt: skip
HERE = ("embeddings:",)


@pytest.fixture(scope="module")
def world(cluster: Cluster) -> LettaDatabase:
    return mutants.small_world(cluster, "0.16.8", keep_public=False)


@pytest.fixture
def visitor(superuser: Client) -> Iterator[Visitor]:
    with visiting(superuser) as found:
        yield found
        assert found.troubles == []


def test_no_column_of_passages_is_needed_for_their_pages(
    world: LettaDatabase, superuser: Client, visitor: Visitor
) -> None:
    with pointed_at(world.uri()):
        readers = mutants.readers(world, superuser)
        for table, column in mutants.columns(world):
            if table not in TABLES:
                continue
            pages = [page for page in readers.of(table, column) if page.route.startswith(HERE)]
            with mutants.without_column(world, table, column):
                right = mutants.right_without(table, column)
                visitor.are_well(pages, f"without {table}.{column}", also=right)


def test_no_table_of_passages_is_needed_for_their_pages(
    world: LettaDatabase, superuser: Client, visitor: Visitor
) -> None:
    with pointed_at(world.uri()):
        readers = mutants.readers(world, superuser)
        for table in TABLES:
            pages = [page for page in readers.of(table) if page.route.startswith(HERE)]
            for taken in (mutants.without_table, mutants.revoked):
                with taken(world, table):
                    visitor.are_well(pages, f"{taken.__name__} {table}", also=frozenset({404}))
