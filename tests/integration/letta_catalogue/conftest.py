"""Letta-shaped databases and roles for them, each test with names of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import connections

from agents_app.demo.builder import build_database
from agents_app.letta import access, catalogue, privileges
from agents_app.letta.provision import provision_script
from tests.cluster import Cluster

NUMBERS = count(1)


@dataclass
class Place:
    """One database; `role` is made by its provision script on demand."""

    cluster: Cluster
    database: str
    role: str = field(default_factory=lambda: f"reader_{next(NUMBERS)}")

    def dsn(self, user: str = "postgres") -> str:
        return f"{self.cluster.dsn(self.database, user)} application_name=letta-inspector-tests"

    def run(self, *statements: str, user: str = "postgres") -> None:
        """Runs each as one message, as a driver sends a whole script."""
        with psycopg.connect(self.dsn(user), autocommit=True) as conn:
            for statement in statements:
                conn.execute(statement.encode())

    @contextmanager
    def connected(self, user: str | None = None) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.dsn(user or self.role), autocommit=True) as conn:
            yield conn

    def script(self, *, user: str = "postgres", **options: Any) -> str:
        with self.connected(user) as conn:
            return provision_script(conn, role=options.pop("role", self.role), **options)

    def provision(self, *, runs: int = 1) -> None:
        script = self.script()
        for _ in range(runs):
            self.run(script)


MakePlace = Callable[..., Place]


@pytest.fixture
def letta(cluster: Cluster) -> MakePlace:
    """`letta("0.16.8", schema="letta", …)` builds a database of that release."""

    def make(release: str = "0.16.8", **options: Any) -> Place:
        database = cluster.create_database()
        build_database(cluster.dsn(database), release, **options)
        return Place(cluster, database)

    return make


@pytest.fixture(scope="session")
def _shared_databases() -> dict[str, str]:
    return {}


@pytest.fixture
def shared(cluster: Cluster, _shared_databases: dict[str, str]) -> MakePlace:
    """`shared("0.16.8")`: a role not made yet, in a database whose tables every test leaves alone."""

    def make(release: str = "0.16.8") -> Place:
        if release not in _shared_databases:
            _shared_databases[release] = cluster.create_database()
            build_database(cluster.dsn(_shared_databases[release]), release)
        return Place(cluster, _shared_databases[release])

    return make


@pytest.fixture
def alias(shared: MakePlace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Alias `letta` pointed at a fresh role in the shared database of 0.13.0."""
    place = shared("0.13.0")
    place.provision()
    _point_alias(place, monkeypatch)
    yield place
    access.close_idle()


@pytest.fixture
def own_alias(letta: MakePlace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The same in a database of its own."""
    place = letta("0.13.0")
    place.provision()
    _point_alias(place, monkeypatch)
    yield place
    access.close_idle()


def _point_alias(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = connections["letta"].settings_dict
    words = {"NAME": place.database, "USER": place.role, "HOST": str(place.cluster.socket_folder)}
    inspector = {"configured": True, "allow_powerful": False}
    for name, value in (words | {"PORT": "", "OPTIONS": {}, "INSPECTOR": inspector}).items():
        monkeypatch.setitem(settings, name, value)
    monkeypatch.setattr(catalogue, "_kept", {})
    monkeypatch.setattr(catalogue, "_forgotten", -catalogue._REREAD_SECONDS)
    monkeypatch.setattr(privileges, "_verdicts", {})
