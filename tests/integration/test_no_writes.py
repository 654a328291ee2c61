"""Nothing that can be asked of the console changes Letta's database."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agents_app.letta import access
from tests.conftest import ROLES
from tests.crawl import Visitor, addresses
from tests.lettadb import ROLE, LettaDatabase
from tests.routes import POSTS, PUBLIC, routes, samples
from tests.writes import ATTEMPTS

pytestmark = pytest.mark.django_db
METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
FEWER = ("get", "post", "delete")  # for roles that may do less than a superuser


def footprint(database: LettaDatabase) -> dict[str, Any]:
    """All that a write would leave: rows, tuples written, sequences, large objects, tables, notifications."""
    access.close_idle()
    wait_for_silence(database)
    counts = {}
    for (table,) in database.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s", [database.schema]
    ):
        counts[table] = database.rows(f'SELECT count(*) FROM "{table}"')[0][0]
    (numbers,) = database.rows(
        "SELECT sum(n_tup_ins), sum(n_tup_upd), sum(n_tup_del), (SELECT count(*) FROM pg_class),"
        " (SELECT count(*) FROM pg_largeobject_metadata), (SELECT sum(last_value) FROM pg_sequences),"
        " (SELECT temp_files FROM pg_stat_database WHERE datname = current_database()),"
        " pg_notification_queue_usage() FROM pg_stat_user_tables"
    )
    return counts | {"numbers": numbers}


def wait_for_silence(database: LettaDatabase) -> None:
    """A backend reports its statistics when it ends."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND datname = %s"
    gives_up = time.monotonic() + 30
    while database.rows(sql, [ROLE, database.name])[0][0] and time.monotonic() < gives_up:
        time.sleep(0.02)


@pytest.mark.parametrize("role", ROLES)
def test_every_method_on_every_page_leaves_no_trace(
    role: str, letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    before, visitor = footprint(letta), Visitor(browser_of(role))
    pages = addresses(letta, formats=("",), queries=False)
    answers = {
        (address.url, method): visitor.get(address.url, method).status_code
        for address in pages
        for method in (METHODS if role == "superuser" else FEWER)
    }
    assert footprint(letta) == before
    assert [asked for asked, status in answers.items() if status >= 500] == []


def test_signing_out_and_public_pages_leave_no_trace(
    letta: LettaDatabase, superuser: Client
) -> None:
    before = footprint(letta)
    known = samples(letta)
    urls = [route.url(known) for route in routes() if route.name in PUBLIC | POSTS]
    answers = {
        (url, method): getattr(superuser, method)(url).status_code
        for url in urls
        for method in METHODS
    }
    assert footprint(letta) == before
    assert max(answers.values()) < 500


def test_the_footprint_tells_of_a_single_write(letta: LettaDatabase) -> None:
    before = footprint(letta)
    letta.execute("UPDATE users SET name = name WHERE id = (SELECT min(id) FROM users)")
    assert footprint(letta) != before


def test_sixty_attempts_are_tried_against_the_locks() -> None:
    assert len({attempt.sql for attempt in ATTEMPTS}) == 60
