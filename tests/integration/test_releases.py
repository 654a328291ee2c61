"""Every page opens against every release, and against databases that lack a table, a column or a right."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest
from django.test import Client

from agents_app.demo.builder import drop_column
from tests import mutants
from tests.cluster import Cluster
from tests.crawl import Visitor, addresses, visiting
from tests.lettadb import ROLE, LettaDatabase, pointed_at
from tests.mutants import Readers

pytestmark = pytest.mark.django_db
PAGES_A_TABLE = 6


@pytest.fixture
def visitor(superuser: Client) -> Iterator[Visitor]:
    """Fails the test with everything that went wrong."""
    with visiting(superuser) as found:
        yield found
    assert not found.troubles, "\n".join(found.troubles)


def test_every_page_of_every_release_opens(
    letta_of_each_release: LettaDatabase, visitor: Visitor
) -> None:
    for address in addresses(letta_of_each_release, each=2):
        visitor.is_well(address)


@pytest.fixture(scope="module")
def world(cluster: Cluster) -> LettaDatabase:
    return mutants.small_world(cluster, "0.16.8")


@pytest.fixture
def changing(world: LettaDatabase, superuser: Client) -> Iterator[Readers]:
    """Alias `letta` leads to a world that may be changed."""
    with pointed_at(world.uri()):
        yield mutants.readers(world, superuser)


@pytest.mark.parametrize(
    ("taken", "part"),
    [*((mutants.without_column, slice(part, None, 4)) for part in range(4)),
     (mutants.column_revoked, slice(0, None, 8))],
    ids=[*(f"missing-{part}" for part in range(4)), "revoked"],
)  # fmt: skip
def test_a_column_less_fails_no_page(
    taken: Callable[..., AbstractContextManager[None]],
    part: slice,
    world: LettaDatabase,
    changing: Readers,
    visitor: Visitor,
) -> None:
    for table, column in mutants.columns(world)[part]:  # `make bench` takes each, of each release
        pages = changing.of(table, column)
        with taken(world, table, column) if pages else nullcontext():
            visitor.are_well(
                pages, f"without {table}.{column}", also=mutants.right_without(table, column)
            )


@pytest.mark.parametrize("release", ["0.6.54", "0.8.17"])
def test_a_column_less_of_an_old_release_fails_no_page(
    release: str, cluster: Cluster, superuser: Client, visitor: Visitor
) -> None:
    world = mutants.small_world(cluster, release, keep_public=False)
    with pointed_at(world.uri()):
        readers = mutants.readers(world, superuser)
        for table, column in mutants.columns(world)[::8]:
            pages = readers.of(table, column)
            with mutants.without_column(world, table, column) if pages else nullcontext():
                visitor.are_well(
                    pages, f"without {table}.{column}", also=mutants.right_without(table, column)
                )


def test_a_dropped_column_takes_its_indexes_along_and_fails_no_page(
    world: LettaDatabase, changing: Readers, visitor: Visitor
) -> None:
    for table, column in mutants.indexed_columns(world):
        pages = changing.of(table, column)[:3]
        copy = mutants.copy_of(world)
        drop_column(copy.owner, table, column, schema=copy.schema)
        with pointed_at(copy.uri()):
            visitor.are_well(
                pages, f"dropped {table}.{column}", also=mutants.right_without(table, column)
            )


def told_by(table: str) -> frozenset[int]:
    """Without its row a page is a 404; without agents or messages there is no Letta to show, and that is said."""
    return frozenset({404, 503} if table in {"agents", "messages"} else {404})


def test_a_missing_table_is_told_and_fails_no_page(
    world: LettaDatabase, changing: Readers, visitor: Visitor
) -> None:
    for table in mutants.tables(world):
        pages = changing.of(table)[:PAGES_A_TABLE]
        with mutants.without_table(world, table) if pages else nullcontext():
            visitor.are_well(pages, f"without {table}", also=told_by(table))


def test_a_revoked_table_is_told_and_fails_no_page(
    world: LettaDatabase, changing: Readers, visitor: Visitor
) -> None:
    for table in mutants.tables(world):
        pages = changing.of(table)[:PAGES_A_TABLE]
        with mutants.revoked(world, table) if pages else nullcontext():
            visitor.are_well(pages, f"revoked {table}", also=told_by(table))


def test_the_vector_type_may_be_off_the_search_path(
    cluster: Cluster, superuser: Client, visitor: Visitor
) -> None:
    world = mutants.small_world(cluster, "0.16.8", vector_schema="extensions", keep_public=False)
    with pointed_at(world.uri()):
        pages = mutants.readers(world, superuser).of("archival_passages")
        assert {"embeddings:passage", "embeddings:archive"} <= {page.route for page in pages}
        visitor.are_well(pages, "vector elsewhere")


def test_the_vector_type_may_be_closed_to_the_role(
    cluster: Cluster, superuser: Client, visitor: Visitor
) -> None:
    world = mutants.small_world(cluster, "0.16.8", vector_schema="extensions")
    world.execute(f"REVOKE ALL ON SCHEMA extensions FROM PUBLIC, {ROLE}")
    with pointed_at(world.uri()):
        visitor.are_well(addresses(world, formats=("",), queries=False), "vector closed")
