"""Our own database stopped, frozen, full or closed to writing: no content, and a page that says why in time."""

import html
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import psycopg
import pytest
from django.conf import settings as ours
from django.db import connections
from django.test import Client

from agents_app.letta import access
from dashboard.embedded import binaries
from dashboard.owndb import connection
from dashboard.owndb.connection import forget_silence
from tests.cluster import Cluster
from tests.crawl import Visitor, addresses
from tests.integration.test_secrets import sentences
from tests.lettadb import LettaDatabase
from tests.waiting import AFTER_WAITING_S, eventually

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = {
    "conversations:default_thread", "conversations:conversation", "conversations:message",
    "conversations:message_raw", "conversations:list", "memory:block", "memory:history", "agents:list",
    "agents:agent", "embeddings:passage", "embeddings:passages", "people:identity", "people:identities",
    "runs:step", "runs:trace", "search:jump", "accounts:trail",
}  # fmt: skip
__all__ = ["sentences"]
Freeze = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _the_real_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """3.2 s, where the rest of the suite is patient."""
    monkeypatch.setattr(connection, "WAIT_SECONDS", 3.2)


@pytest.fixture
def elsewhere(victim: Cluster, superuser: Client) -> Iterator[str]:
    """Our own database, people and sessions included, on a server that may be broken; gives its name."""
    own, name = ours.DATABASES["default"], victim.create_database()
    dump = subprocess.run(
        [binaries() / "pg_dump", "-h", own["HOST"], "-U", own["USER"], own["NAME"]],
        capture_output=True, check=True, env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    subprocess.run(
        [binaries() / "psql", "-q", "-h", str(victim.socket_folder), "-U", "postgres", name],
        input=dump.stdout, capture_output=True, check=True,
    )  # fmt: skip
    database = connections["default"]
    before = dict(database.settings_dict)
    database.close()
    forget_silence()
    database.settings_dict.update(HOST=str(victim.socket_folder), NAME=name)
    yield name
    database.close()
    forget_silence()
    database.settings_dict.update(before)


@pytest.fixture
def content(letta: LettaDatabase) -> list[str]:
    """Addresses of pages, data, tables and files with what people said or with names."""
    found = addresses(letta, formats=("", "json", "csv"), queries=False)
    urls = [page.url for page in found if page.route in CONTENT and not page.may_be_absent]
    assert len(urls) > 25
    return [*urls, "/search/?q=order", "/agents/?format=csv", "/trail/?format=csv"]


def told(client: Client, url: str, words: str) -> float:
    """503, why, and nothing else; gives the seconds it took."""
    began = time.monotonic()
    between_requests()
    response = Visitor(client).get(url)
    seconds = time.monotonic() - began
    body = html.unescape(response.all_bytes.decode("utf-8", "replace"))
    assert response.status_code == 503, (url, response.status_code, body[:300])
    assert words in body.replace("’", "'"), (url, body[:300])
    assert response["Retry-After"]
    assert seconds < AFTER_WAITING_S, (url, seconds)
    for word in ("agent-", "message-", "demo", "SELECT", "psycopg", "Traceback"):
        assert word not in body.split("<main")[-1], (url, word)
    return seconds


def between_requests() -> None:
    """What Django does when a request begins, and its test client leaves out."""
    connections["default"].close_if_unusable_or_obsolete()


def is_well(client: Client, url: str) -> bool:
    between_requests()
    return bool(client.get(url).status_code == 200)


NO_ANSWER = "own database does not answer"
NO_ROWS = "own database takes no rows"


def test_stopped(
    victim: Cluster, elsewhere: str, content: list[str], superuser: Client, settings: Any
) -> None:
    settings.EMBEDDED_DATABASE = False  # which would start it again
    assert superuser.get(content[0]).status_code == 200
    victim.stop()
    asked = access.connects_total()
    try:
        for url in content:
            told(superuser, url, NO_ANSWER)
        assert access.connects_total() == asked
        assert superuser.get("/livez").status_code == 200
        assert superuser.get("/readyz").status_code == 503
    finally:
        victim.ensure()
    assert eventually(lambda: is_well(superuser, content[0]), within_s=30)


def test_frozen(
    victim: Cluster, elsewhere: str, content: list[str], superuser: Client, freeze: Freeze
) -> None:
    assert superuser.get(content[0]).status_code == 200
    with freeze():
        for url in content[:6]:
            forget_silence()
            told(superuser, url, NO_ANSWER)
        # While it is silent everybody else is told at once.
        assert min(told(superuser, url, NO_ANSWER) for url in content[:3]) < 1
        assert superuser.get("/livez").status_code == 200
        assert superuser.get("/readyz").status_code == 503
    assert eventually(lambda: is_well(superuser, content[0]), within_s=30)


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100'; END $$;
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION full_disk()', t);
  END LOOP; END $$
"""
CLOSED = {
    "full": FULL,
    "replica": "ALTER DATABASE {name} SET default_transaction_read_only = on",
    "without the right to insert": "CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
}


@pytest.mark.parametrize("fault", CLOSED)
def test_takes_no_rows(
    fault: str, victim: Cluster, elsewhere: str, content: list[str], superuser: Client
) -> None:
    with psycopg.connect(victim.dsn(elsewhere), autocommit=True) as owner:
        owner.execute(CLOSED[fault].replace("{name}", elsewhere).encode())
    connections["default"].close()
    if "right" in fault:
        connections["default"].settings_dict["USER"] = "reader"
    for url in content:
        told(superuser, url, NO_ROWS)
    with psycopg.connect(victim.dsn(elsewhere)) as owner:
        owner.execute("SET default_transaction_read_only = off")
        assert owner.execute("SELECT count(*) FROM agents_app_accessevent").fetchone() == (0,)


def test_the_trail_alone_takes_no_rows(
    victim: Cluster, elsewhere: str, content: list[str], superuser: Client, sentences: set[str]
) -> None:
    on_the_trail = FULL.replace("'public'", "'public' AND tablename = 'agents_app_accessevent'")
    with psycopg.connect(victim.dsn(elsewhere), autocommit=True) as owner:
        owner.execute(on_the_trail)
    statuses = []
    for url in content:
        response = Visitor(superuser).get(url)
        statuses.append(response.status_code)
        body = html.unescape(response.all_bytes.decode("utf-8", "replace"))
        assert response.status_code in {200, 503}, url
        assert {one for one in sentences if one in body} == set(), url
    assert statuses.count(503) > 15


def test_a_row_that_fails_in_the_middle_of_an_export_ends_it_there(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agents_app.accounts import audit

    monkeypatch.setattr(audit, "MOST_IDS", 2)
    response = superuser.get("/identities/?format=csv")
    before = len(b"".join(response.streaming_content).splitlines())
    assert before > 4
    calls = iter([True, True, False])

    def fail(*arguments: Any, **options: Any) -> None:
        if not next(calls, False):
            raise psycopg.OperationalError

    monkeypatch.setattr(audit, "record", fail)
    response, sent = superuser.get("/identities/?format=csv"), []
    with pytest.raises(psycopg.OperationalError):
        sent.extend(response.streaming_content)
    assert len(b"".join(sent).splitlines()) == 1 + 4  # the names of the columns, two stretches
