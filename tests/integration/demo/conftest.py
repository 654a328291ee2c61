"""Freshly built databases, and small worlds that are made once."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import psycopg
import pytest

from agents_app.demo.builder import build_database
from agents_app.demo.load import fill
from tests.cluster import Cluster

UNTIL = datetime(2026, 11, 20, 18, tzinfo=UTC)
Rows = list[tuple[Any, ...]]
Ask = Callable[..., Rows]


@pytest.fixture
def built(cluster: Cluster) -> Callable[..., str]:
    """`built("0.16.8", schema="letta", …)`: the owner's DSN of a new database of the release."""

    def build(release: str = "0.16.8", **options: Any) -> str:
        dsn = cluster.dsn(cluster.create_database())
        build_database(dsn, release, **options)
        return dsn

    return build


def ask(dsn: str, query: str, *parameters: Any, schema: str = "public") -> Rows:
    """Rows of a query, as the owner."""
    with psycopg.connect(dsn) as connection:
        connection.execute(f"SET search_path TO {schema}, public")
        return connection.execute(query.encode(), parameters or None).fetchall()


@pytest.fixture(scope="session")
def small(cluster: Cluster) -> Callable[[str], Ask]:
    """`small("0.13.0")("SELECT …")` asks a world of 900 messages of that release."""

    @cache
    def world(release: str) -> str:
        dsn = cluster.dsn(cluster.create_database())
        build_database(dsn, release)
        fill(dsn, release, agents=20, messages=900, passages=60, hostile=False, seed=3, until=UNTIL)
        return dsn

    return lambda release: lambda query, *parameters: ask(world(release), query, *parameters)
