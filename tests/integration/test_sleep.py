"""A cluster may sleep: nothing but a person's question opens a connection to Letta, and none stays open."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from agents_app.letta import access, catalogue
from agents_app.letta.engine import base
from agents_app.letta.engine.pool import PoolLimits
from tests.lettadb import ROLE, LettaDatabase, pointed_at
from tests.waiting import eventually

pytestmark = pytest.mark.django_db


@pytest.fixture
def console(letta: LettaDatabase) -> Iterator[LettaDatabase]:
    """A console just started, with connections that live a fiftieth of their usual time."""
    base._pools.clear()
    catalogue._kept.clear()
    with pointed_at(letta.uri(), {"pool": PoolLimits(idle_s=2.0, sweep_s=0.1)}):
        yield letta
    base._pools.clear()


def connections_of(database: LettaDatabase) -> int:
    sql = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND datname = %s"
    return int(database.rows(sql, [ROLE, database.name])[0][0])


IDLE = ["/livez", "/readyz", "/letta-state", "/account/login/", "/account/", "/account/password/", "/",
        "/search/", "/nothing-here/", "/agents/..%2f/", "/static/css/base.css", "/agents/?q=%00"]  # fmt: skip


@pytest.mark.parametrize("url", IDLE)
@pytest.mark.parametrize("role", ["nobody", "support", "auditor", "ops", "admin", "superuser"])
def test_pages_that_ask_nothing_wake_nobody(
    url: str, role: str, console: LettaDatabase, request: pytest.FixtureRequest, client: Client
) -> None:
    who = client if role == "nobody" else request.getfixturevalue("browser_of")(role)
    for _ in range(3):
        assert who.get(url).status_code < 500
    assert access.connects_total() == 0
    assert connections_of(console) == 0


def test_strangers_and_people_without_the_right_wake_nobody(
    console: LettaDatabase, client: Client, request: pytest.FixtureRequest
) -> None:
    admin = request.getfixturevalue("browser_of")("admin")
    for url in (
        reverse("agents:list"),
        reverse("runs:list"),
        reverse("conversations:list"),
        "/?panel=letta",
    ):
        client.get(url)
        admin.get(url, headers={"HX-Request": "true"})
    assert access.connects_total() == 0


def test_the_poll_of_the_waking_page_wakes_nobody(
    console: LettaDatabase, superuser: Client
) -> None:
    for _ in range(20):
        assert superuser.get(reverse("letta_state")).json() == {"state": "unused", "cause": None}
    assert access.connects_total() == 0


def test_a_connection_is_closed_soon_after_its_last_question(
    console: LettaDatabase, superuser: Client
) -> None:
    assert superuser.get(reverse("agents:list")).status_code == 200
    assert connections_of(console) >= 1
    assert eventually(lambda: connections_of(console) == 0, within_s=15)
    assert access.status().open_connections == 0
    for url in IDLE:
        superuser.get(url)
    assert connections_of(console) == 0


def test_in_production_a_connection_is_closed_within_30_seconds() -> None:
    limits = PoolLimits()
    assert limits.idle_s + 2 * limits.sweep_s <= 30


@pytest.fixture
def doorbell() -> Iterator[tuple[int, list[int]]]:
    """A port that only counts who knocks."""
    knocks: list[int] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                guest, _ = listener.accept()
            except OSError:
                return
            knocks.append(1)
            guest.close()

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1], knocks
    listener.close()


@pytest.mark.parametrize(
    "arguments",
    [
        ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        ["manage.py", "migrate", "--plan"],
        ["manage.py", "showmigrations"],
        ["manage.py", "check", "--database", "default"],
        ["-c", "import dashboard.wsgi, time; time.sleep(0.5)"],
    ],
    ids=lambda words: words[1][:16],
)
def test_starting_up_wakes_nobody(
    arguments: list[str], doorbell: tuple[int, list[int]], db: None, tmp_path: Path
) -> None:
    port, knocks = doorbell
    own = settings.DATABASES["default"]
    environment = {
        name: value
        for name, value in os.environ.items()
        if "INSPECTOR" not in name and "ASYNC" not in name
    }
    environment |= {
        "LETTA_PG_URI": f"postgresql://x:y@127.0.0.1:{port}/letta",
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "INSPECTOR_VAR": str(tmp_path),
        "INSPECTOR_DATABASE_URL": f"postgresql://postgres@/{own['NAME']}?host={own['HOST'].replace('/', '%2F')}",
    }
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True,
        timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert knocks == []
