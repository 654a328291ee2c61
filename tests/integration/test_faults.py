"""Whatever happens to Letta's database: the page says which, soon, without secrets, and gets well by itself."""

import html
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from agents_app.letta import access, catalogue
from agents_app.letta.engine import base
from agents_app.letta.engine.pool import PoolLimits
from agents_app.letta.errors import (
    LettaBusy,
    LettaDown,
    LettaError,
    LettaFrozen,
    LettaMissing,
    LettaNotConfigured,
    LettaPasswordRefused,
    LettaTooPowerful,
    LettaWaking,
)
from tests import mutants
from tests.cluster import Cluster
from tests.crawl import Address, addresses
from tests.lettadb import ROLE, LettaDatabase, new_database, pointed_at
from tests.waiting import AFTER_WAITING_S, AT_ONCE_S, eventually

pytestmark = pytest.mark.django_db(transaction=True)
QUICK = PoolLimits(idle_s=0.5, sweep_s=0.1)
QUIET = (
    "account_login",
    "accounts:account",
    "accounts:people",
    "accounts:review",
    "accounts:trail",
    "accounts:trail_chain",
    "accounts:trail_people",
    "cluster:age",
    "cluster:home",
    "cluster:prices",
    "embeddings:meaning",
    "evidence:new",
    "livez",
    "readyz",
    "letta_state",
    "overview:home",
    "search:jump",
)
PARTLY = ("accounts:trail_agent", "accounts:trail_identity")  # say what they know without Letta
Freeze = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def world(victim: Cluster) -> LettaDatabase:
    return mutants.small_world(victim, "0.16.8")


@contextmanager
def leading_to(uri: str, **changes: Any) -> Iterator[None]:
    """Alias `letta` leads there in a console that has just been started."""
    base._pools.clear()
    catalogue._kept.clear()
    changes = {"pool": QUICK, "breaker_pause_s": 0.5} | changes
    with pointed_at(uri, changes):
        yield
    base._pools.clear()


@pytest.fixture
def pages(world: LettaDatabase) -> list[Address]:
    """Every page that asks Letta."""
    asking = addresses(world, formats=("", "json"), queries=False)
    return [
        page for page in asking if page.route not in QUIET + PARTLY and not page.may_be_absent
    ] + [
        Address("search:jump", reverse("search:jump") + "?q=order"),
        Address("agents:list", reverse("agents:list") + "?format=csv"),
    ]


def told(client: Client, url: str, error: type[LettaError], *, secrets: tuple[str, ...]) -> None:
    """The page says which fault it is, in time, and nothing that only operations should know."""
    began = time.monotonic()
    response = client.get(url)
    seconds, body = time.monotonic() - began, html.unescape(response.content.decode())
    assert response.status_code == error.status, (url, response.status_code, body[:300])
    assert seconds < AFTER_WAITING_S, (url, seconds)
    assert error.happened in body
    assert error.todo in body
    if "format=" in url:
        assert json.loads(body)["error"] == error.slug
    leaked = [
        word for word in (*secrets, "SELECT ", "psycopg", "Traceback", "/tmp/") if word in body
    ]
    assert leaked == [], (url, leaked)


def quick(client: Client) -> None:
    """What asks nothing of Letta answers as ever."""
    for name in QUIET:
        began = time.monotonic()
        status = client.get(reverse(name)).status_code
        assert time.monotonic() - began < AT_ONCE_S, name
        assert status in {200, 302}, name


@pytest.fixture
def everywhere(
    superuser: Client, pages: list[Address], world: LettaDatabase, client: Client
) -> Callable[[type[LettaError]], None]:
    """Every page tells of the fault; the rest stays quick."""

    def check(error: type[LettaError]) -> None:
        secrets = (str(world.cluster.socket_folder), world.name, "with_password", "hunter2")
        if (
            error is not LettaTooPowerful
        ):  # which names the role to be made, with the command for it
            secrets += (ROLE,)
        for page in pages:
            told(superuser, page.url, error, secrets=secrets)
        quick(superuser)
        quick(client)

    return check


def is_well(client: Client) -> bool:
    return bool(client.get(reverse("agents:list")).status_code == 200)


Everywhere = Callable[[type[LettaError]], None]


def test_a_server_that_is_down_is_told_everywhere_and_forgotten_when_it_is_back(
    world: LettaDatabase, everywhere: Everywhere, superuser: Client
) -> None:
    with leading_to(world.uri()):
        assert is_well(superuser)
        world.cluster.stop()
        try:
            everywhere(LettaDown)
        finally:
            world.cluster.ensure()
        assert eventually(lambda: is_well(superuser), within_s=30)


def test_a_closed_port_is_told_everywhere(everywhere: Everywhere) -> None:
    with leading_to("postgresql://somebody:hunter2@127.0.0.1:9/letta"):
        everywhere(LettaDown)


def test_a_frozen_server_is_told_and_forgotten_when_it_runs_again(
    world: LettaDatabase, everywhere: Everywhere, freeze: Freeze, superuser: Client
) -> None:
    with leading_to(world.uri(), breaker_pause_s=30.0):
        assert is_well(superuser)
        with freeze():
            everywhere(LettaFrozen)
    with leading_to(world.uri()):
        assert is_well(superuser)
        with freeze():
            told(superuser, reverse("runs:list"), LettaFrozen, secrets=())
        assert eventually(lambda: is_well(superuser), within_s=30)


def test_a_server_that_takes_long_to_answer_the_first_time_is_waking_up(
    world: LettaDatabase, freeze: Freeze, everywhere: Everywhere, superuser: Client
) -> None:
    with leading_to(world.uri()):
        with freeze():
            everywhere(LettaWaking)
            state = superuser.get(reverse("letta_state")).json()
            assert state == {"state": "waking", "cause": "waking"}
        assert eventually(lambda: is_well(superuser), within_s=30)


def test_pages_of_others_stay_quick_while_many_wait_for_a_frozen_server(
    world: LettaDatabase, freeze: Freeze, superuser: Client, client: Client
) -> None:
    waited: list[float] = []

    def ask() -> None:
        began, mine = time.monotonic(), Client(raise_request_exception=False)
        mine.cookies = superuser.cookies
        mine.get(reverse("agents:list"))
        waited.append(time.monotonic() - began)
        connections.close_all()

    with leading_to(world.uri()):
        assert is_well(superuser)
        with freeze():
            threads = [threading.Thread(target=ask) for _ in range(12)]
            for thread in threads:
                thread.start()
            time.sleep(0.5)
            quick(client)
            quick(superuser)
            for thread in threads:
                thread.join(20)
    assert len(waited) == 12
    assert max(waited) < AFTER_WAITING_S


@pytest.fixture
def locked_out(world: LettaDatabase) -> Iterator[tuple[str, Callable[[], None]]]:
    """A URI with a wrong password for a role that needs one, and how to make the password right."""
    rules = world.cluster.folder / "pg_hba.conf"
    before = rules.read_text()
    world.execute("CREATE ROLE with_password LOGIN PASSWORD 'right' IN ROLE " + ROLE)
    rules.write_text("local all with_password scram-sha-256\n" + before)
    world.execute("SELECT pg_reload_conf()")
    yield (
        f"postgresql://with_password:hunter2@/{world.name}?host={world.cluster.socket_folder}",
        lambda: world.execute("ALTER ROLE with_password PASSWORD 'hunter2'"),
    )
    rules.write_text(before)
    world.execute("SELECT pg_reload_conf()")
    world.execute("DROP ROLE with_password")


def test_a_refused_password_is_told_everywhere_and_works_once_it_is_right(
    locked_out: tuple[str, Callable[[], None]], everywhere: Everywhere, superuser: Client
) -> None:
    uri, mend = locked_out
    with leading_to(uri):
        everywhere(LettaPasswordRefused)
        mend()
        assert eventually(lambda: is_well(superuser), within_s=30)


@pytest.mark.parametrize("limit", [0, 1])
def test_a_server_without_a_free_connection_is_told(
    limit: int, world: LettaDatabase, everywhere: Everywhere, superuser: Client
) -> None:
    before = world.rows("SELECT rolconnlimit FROM pg_roles WHERE rolname = %s", [ROLE])[0][0]
    taken = [psycopg.connect(world.uri()) for _ in range(limit)]
    world.execute(f"ALTER ROLE {ROLE} CONNECTION LIMIT {limit}")
    with leading_to(world.uri()):
        try:
            everywhere(LettaBusy)
        finally:
            world.execute(f"ALTER ROLE {ROLE} CONNECTION LIMIT {before}")
            for connection in taken:
                connection.close()
        assert eventually(lambda: is_well(superuser), within_s=30)


def test_one_connection_is_enough_for_pages_one_after_another(
    world: LettaDatabase, pages: list[Address], superuser: Client
) -> None:
    before = world.rows("SELECT rolconnlimit FROM pg_roles WHERE rolname = %s", [ROLE])[0][0]
    world.execute(f"ALTER ROLE {ROLE} CONNECTION LIMIT 1")
    try:
        with leading_to(world.uri()):
            assert {superuser.get(page.url).status_code for page in pages} <= {200, 302}
    finally:
        world.execute(f"ALTER ROLE {ROLE} CONNECTION LIMIT {before}")


def test_a_missing_database_is_told_everywhere(victim: Cluster, everywhere: Everywhere) -> None:
    with leading_to(victim.uri("no_such_database", ROLE)):
        everywhere(LettaMissing)


def test_a_database_that_is_not_lettas_is_told_and_works_once_it_is(
    victim: Cluster, everywhere: Everywhere, superuser: Client
) -> None:
    other = LettaDatabase(victim, victim.create_database(), "0.16.8", "public")
    other.execute("CREATE TABLE agents (id integer); CREATE TABLE other (id integer)")
    with leading_to(other.uri()):
        everywhere(LettaMissing)
    with leading_to(victim.uri(victim.create_database(), ROLE)):
        everywhere(LettaMissing)


def test_a_role_with_too_much_power_is_told_everywhere(
    world: LettaDatabase, everywhere: Everywhere
) -> None:
    with leading_to(world.uri("postgres")):
        everywhere(LettaTooPowerful)


def test_no_database_at_all_is_told_everywhere(everywhere: Everywhere) -> None:
    with leading_to("postgresql://x@localhost/x", configured=False):
        everywhere(LettaNotConfigured)
        assert access.connects_total() == 0


def test_an_empty_letta_has_empty_pages_that_say_so(victim: Cluster, superuser: Client) -> None:
    empty = new_database(victim, "0.16.8")
    empty.provision()
    with leading_to(empty.uri()):
        for page in addresses(empty):
            status = superuser.get(page.url).status_code
            assert status in ({200, 302, 404, 405} if page.is_absent else {200, 302, 404}), page.url
        assert superuser.get(reverse("agents:list") + "?format=json").json() == {
            "results": [],
            "next": None,
        }


@pytest.fixture
def own_database_down(superuser: Client, settings: Any) -> Iterator[None]:
    """Our own database stops answering while people are signed in."""
    settings.EMBEDDED_DATABASE = False
    own = connections["default"]
    before = dict(own.settings_dict)
    own.close()
    own.settings_dict.update(HOST="/nonexistent")
    yield
    own.close()
    own.settings_dict.update(before)


def test_without_our_own_database_nothing_is_shown(
    world: LettaDatabase, pages: list[Address], superuser: Client, own_database_down: None
) -> None:
    with leading_to(world.uri()):
        for page in pages:
            response = superuser.get(page.url)
            assert response.status_code == 503, page.url
            assert response["Retry-After"]
            assert b"agent-" not in response.content
            assert b"nonexistent" not in response.content
        assert access.connects_total() == 0
    assert superuser.get(reverse("livez")).status_code == 200
    assert superuser.get(reverse("readyz")).status_code == 503
    assert superuser.get(reverse("account_login")).status_code in {200, 503}
