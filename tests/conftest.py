"""Fixtures for all tests: a real PostgreSQL, Letta-shaped databases, people of each role."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client, SimpleTestCase
from hypothesis import HealthCheck, settings

from agents_app.accounts.models import Assignment
from agents_app.demo.load import fill
from agents_app.letta.scoping import trust_this_process
from dashboard.owndb import connection as own_connection
from tests import openings
from tests.cluster import Cluster
from tests.lettadb import UNTIL, LettaDatabase, new_database, pointed_at
from tests.settings import VAR

# A busy machine is no finding: an example may take its time, and so may making one up.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

trust_this_process()  # queries called by themselves read everything, as commands do


def assign(user: User, kind: str, value: str, level: str = "") -> None:
    """Assigns an organization ("*": every one), identity or tag to the person."""
    Assignment.objects.update_or_create(
        user=user, kind=kind, value=value, defaults={"level": level}
    )


def opened_all(user: User, database: LettaDatabase) -> None:
    """Opens every organization of the database to the person, as with a reason."""
    for (organization_id,) in database.rows("SELECT id FROM organizations"):
        openings.opened(user, organization_id)


RELEASES = ("0.6.54", "0.8.17", "0.11.7", "0.13.0", "0.16.8")
ROLES = ("support", "auditor", "ops", "admin", "superuser")

JOB = """
INSERT INTO jobs (id, user_id, status, job_type, created_at)
SELECT 'job-00000000-0000-4000-8000-000000000001', id, 'completed', 'job', '2026-11-19' FROM users LIMIT 1
"""


@pytest.fixture(scope="session", autouse=True)
def _patience_with_our_database() -> Iterator[None]:
    """A busy machine is no fault of our database's; its own tests (gates) set the real wait again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_connection, "WAIT_SECONDS", 60.0)
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The run's PostgreSQL server."""
    running = Cluster(VAR / "postgres")
    running.ensure()
    yield running
    running.stop()
    shutil.rmtree(VAR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(cluster: Cluster) -> None:
    """Our own database lives in the same server, so it must be up before Django asks for it."""


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The run's server is deleted as a whole; dropping our database first would take seconds."""
    return True


@pytest.fixture(scope="session", autouse=True)
def _letta_is_open() -> Iterator[None]:
    """Django's test cases close every alias they did not make; alias `letta` leads where a test points it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_add_databases_failures", "_remove_databases_failures"):
            patch.setattr(SimpleTestCase, name, classmethod(lambda _case: None))
        yield


@pytest.fixture(scope="session")
def worlds(cluster: Cluster) -> Callable[[str], LettaDatabase]:
    """`worlds("0.16.8")`: the small demo world, hostile rows included, in that release; made once a run."""
    made: dict[str, LettaDatabase] = {}

    def world(release: str = "0.16.8") -> LettaDatabase:
        if release not in made:
            database = new_database(cluster, release, keep_public=release != "0.16.8")
            fill(
                database.owner, release, agents=14, messages=900, passages=60,
                hostile=True, seed=7, until=UNTIL, schema=database.schema,
            )  # fmt: skip
            database.execute(JOB)
            database.provision()
            made[release] = database
        return made[release]

    return world


@pytest.fixture
def letta(worlds: Callable[[str], LettaDatabase]) -> Iterator[LettaDatabase]:
    """Alias `letta` leads to the demo world of 0.16.8, through the provisioned role. Read it, never change it."""
    database = worlds("0.16.8")
    with pointed_at(database.uri()):
        yield database


@pytest.fixture(params=RELEASES)
def letta_of_each_release(
    request: pytest.FixtureRequest, worlds: Callable[[str], LettaDatabase]
) -> Iterator[LettaDatabase]:
    """The same for every release."""
    database = worlds(request.param)
    with pointed_at(database.uri()):
        yield database


@pytest.fixture
def person(db: None) -> Callable[[str], User]:
    """`person("support")`: a user of that role."""

    def make(role: str) -> User:
        user, is_new = User.objects.get_or_create(
            username=role, defaults={"is_superuser": role == "superuser"}
        )
        if role in ROLES and role != "superuser":
            user.groups.set([Group.objects.get_or_create(name=role)[0]])
        if role == "support" and is_new:
            assign(user, "organization", "*", "own")
        return user

    return make


@pytest.fixture
def browser_of(person: Callable[[str], User]) -> Callable[[str], Client]:
    """`browser_of("support")`: a test client signed in as that role; faults arrive as pages."""

    def make(role: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(person(role))
        return client

    return make


@pytest.fixture
def superuser(browser_of: Callable[[str], Client]) -> Client:
    """A client with every right."""
    return browser_of("superuser")
