"""Letta-shaped databases for tests: built, filled, provisioned with the product's own script, and pointed at."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connections

from agents_app.demo.builder import build_database
from agents_app.letta import access
from agents_app.letta.engine import deadline
from agents_app.letta.engine.pool import PoolLimits
from agents_app.letta.provision import provision_script
from agents_app.letta.uri import letta_database
from agents_app.ui import middleware
from tests.cluster import Cluster

ROLE = "letta_inspector"
UNTIL = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(frozen=True)
class LettaDatabase:
    """One database of a release, with its owner's connection string and the console's URI."""

    cluster: Cluster
    name: str
    release: str
    schema: str

    @property
    def owner(self) -> str:
        return self.cluster.dsn(self.name)

    def uri(self, user: str = ROLE) -> str:
        return self.cluster.uri(self.name, user)

    def execute(self, sql: str, params: Any = None) -> None:
        """One statement as the owner, in the schema of the tables."""
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute(f"SET search_path = {self.schema}, public")
            connection.execute(sql, params)

    def rows(self, sql: str, params: Any = None) -> list[tuple[Any, ...]]:
        """What the owner sees."""
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute(f"SET search_path = {self.schema}, public")
            return connection.execute(sql, params).fetchall()

    def provision(self) -> None:
        """Makes the console's role by the product's own script."""
        with psycopg.connect(self.owner) as connection:
            script = provision_script(connection, role=ROLE)
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute(script.encode())


def new_database(
    cluster: Cluster, release: str = "0.16.8", *, schema: str = "letta", **options: Any
) -> LettaDatabase:
    """An empty database of the release; not yet provisioned."""
    made = LettaDatabase(cluster, cluster.create_database(), release, schema)
    build_database(made.owner, release, schema=schema, **options)
    return made


PATIENT = {"pool": PoolLimits(wait_s=60.0)}


@contextmanager
def _patience() -> Iterator[None]:
    """Pages and questions wait a minute for Letta and not a few seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(middleware, "LETTA_SECONDS", 60.0)
        patch.setattr(deadline, "QUESTION_SECONDS", 60.0)
        patch.setattr(deadline, "FROZEN_AFTER_SECONDS", 55.0)
        yield


@contextmanager
def pointed_at(uri: str, changes: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Lets alias `letta` of every thread lead to `uri` for a while.

    Without `changes` it waits patiently: tests that are not about time shall not fail on a busy machine.
    """
    if changes is None:
        with _patience(), pointed_at(uri, PATIENT):
            yield
        return
    settings = connections.settings["letta"]
    before = dict(settings)
    access.close_idle()
    entry = letta_database(uri, allow_weak_tls=False)
    entry["INSPECTOR"] |= changes
    settings.update(entry)
    try:
        yield
    finally:
        access.close_idle()
        settings.clear()
        settings.update(before)
