"""Letta's secrets reach nobody; people's words reach pages only: no log, no error page, not our own database."""

import json
import logging
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from agents_app.accounts.models import AccessEvent
from agents_app.letta.secrets import SECRETS
from agents_app.ui.logs import JsonLine
from dashboard.embedded import binaries
from tests.crawl import Visitor, addresses, ids
from tests.integration.work.test_work import run_worker
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = re.compile(r"[A-Z][\w ,'’-]{38,}[.!?]")


class Lines(logging.Handler):
    """What would be written to stdout."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLine())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[list[str]]:
    handler, root = Lines(), logging.getLogger()
    root.addHandler(handler)
    yield handler.lines
    root.removeHandler(handler)


@pytest.fixture
def secrets(letta: LettaDatabase) -> set[str]:
    """Everything in the secret columns of the demo world, and what JSON in them holds."""
    found: set[str] = set()
    for table, columns in SECRETS.items():
        for column in columns:
            for (value,) in letta.rows(f'SELECT "{column}"::text FROM "{table}"'):
                found |= set(re.findall(r"demo-secret[\w-]*", value or ""))
    assert len(found) >= 10
    return found


@pytest.fixture
def sentences(letta: LettaDatabase) -> set[str]:
    """Whole sentences that people and agents said, remembered and filed."""
    found: set[str] = set()
    for sql in (
        "SELECT content::text FROM messages WHERE length(content::text) < 4000",
        "SELECT value FROM block WHERE length(value) < 9000",
        "SELECT text FROM archival_passages WHERE length(text) < 9000",
        "SELECT system FROM agents WHERE length(system) < 20000",
        "SELECT properties::text FROM identities WHERE length(properties::text) < 4000",
    ):
        for (text,) in letta.rows(sql):
            found |= set(WORDS.findall(text or ""))
    assert len(found) > 150
    return found


def crawl(visitor: Visitor, database: LettaDatabase, *, each: int = 1) -> dict[str, str]:
    """Every page of a few ids in every format, pages that fail, and what searches put into addresses."""
    wrong = ["/agents/agent-nobody/", "/messages/message-nobody/?format=json", "/agents/?after=forged", "/nowhere/",
             "/conversations/?since=rubbish"]  # fmt: skip
    urls = [address.url for address in addresses(database, each=each)] + wrong
    return {url: visitor.get(url).all_bytes.decode("utf-8", "replace") for url in urls}


def test_neither_pages_nor_logs_hold_secrets_and_logs_hold_no_words_and_no_queries(
    letta: LettaDatabase, superuser: Client, secrets: set[str], sentences: set[str], log: list[str]
) -> None:
    bodies = crawl(Visitor(superuser), letta, each=2)
    for sentence in sorted(sentences)[:5]:
        superuser.get(reverse("search:jump"), {"q": sentence[:200]})
    text = "\n".join(log)
    leaks = {(url, secret) for url, body in bodies.items() for secret in secrets if secret in body}
    assert leaks == set()
    assert {secret for secret in secrets if secret in text} == set()
    assert {sentence for sentence in sentences if sentence in text} == set()
    assert all(isinstance(json.loads(line), dict) for line in log)
    assert len(log) > 150
    assert "?" not in text


def test_a_fault_in_a_view_tells_nothing_of_what_it_handled(
    letta: LettaDatabase, superuser: Client, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = "She lives at Rosenweg 12 and her password is hunter2"

    def fail(*_: Any, **__: Any) -> None:
        raise ValueError(
            canary, f"SELECT * FROM messages WHERE text = '{canary}'", settings.DATABASES
        )

    monkeypatch.setattr("agents_app.agents.views.agent_rows", fail)
    monkeypatch.setattr("agents_app.agents.views._agent_or_404", fail)
    for url in (reverse("agents:list"), reverse("agents:agent", args=["agent-1"]) + "?format=json"):
        response = superuser.get(url)
        body = response.content.decode()
        assert response.status_code == 500
        assert response["X-Request-ID"] in body
        for word in (
            "Rosenweg",
            "hunter2",
            "SELECT",
            "ValueError",
            "Traceback",
            "agents_app",
            settings.VAR.name,
        ):
            assert word not in body
    assert "Rosenweg" not in "".join(log)
    assert any(json.loads(line).get("exception") == "ValueError" for line in log)


@pytest.fixture
def dump_of_ours() -> Callable[[], str]:
    """Our own database as a backup would hold it."""

    def dump() -> str:
        own = settings.DATABASES["default"]
        done = subprocess.run(
            [binaries() / "pg_dump", "-h", own["HOST"], "-U", own["USER"], "--inserts", own["NAME"]],
            capture_output=True, check=True, env=os.environ | {"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        return done.stdout.decode()

    return dump


def test_our_own_database_keeps_who_saw_what_and_never_what_was_said(
    letta: LettaDatabase, superuser: Client, sentences: set[str], dump_of_ours: Callable[[], str]
) -> None:
    crawl(Visitor(superuser), letta)
    known = ids(letta, each=1)
    phrase = sorted(sentences)[7]
    superuser.get(reverse("search:jump"), {"q": phrase})
    superuser.get(reverse("conversations:default_thread", args=known["agent_id"]), {"q": phrase})
    started = superuser.post(
        reverse("conversations:start_search", args=known["agent_id"]), {"q": phrase}
    )
    assert started.status_code == 302
    waiting = dump_of_ours()
    run_worker()
    assert superuser.get(f"{started['Location']}?format=json").json()["state"] == "done"
    assert phrase not in waiting
    dump = dump_of_ours()
    assert known["message_id"][0] in dump
    assert {sentence for sentence in sentences if sentence in dump} == set()
    assert phrase not in dump
    assert "demo-secret" not in dump


def test_every_page_with_peoples_words_is_on_record(
    letta: LettaDatabase, superuser: Client, sentences: set[str]
) -> None:
    for address in addresses(letta, formats=("", "json", "csv"), queries=False):
        before = AccessEvent.objects.count()
        response = Visitor(superuser).get(address.url)
        shown = {one for one in sentences if one.encode() in response.all_bytes}
        if shown and response.status_code == 200:
            assert AccessEvent.objects.count() > before, (address.url, sorted(shown)[:2])
