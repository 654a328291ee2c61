"""IAM tokens: a fresh one for each connection, one silent retry, never in a log, never a failed request."""

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from agents_app.aws.errors import AwsNoCredentials
from agents_app.letta import access
from agents_app.letta.engine import opening
from agents_app.letta.errors import LettaError, LettaTokenMissing, LettaTokenRefused
from tests.cluster import Cluster
from tests.iam import TokenServer, token_server
from tests.integration.letta_engine.conftest import QUICK, Points
from tests.lettadb import ROLE, LettaDatabase
from tests.tlsdoor import TlsDoor, tls_door
from tests.waiting import eventually


@pytest.fixture
def door(victim: Cluster) -> Iterator[TlsDoor]:
    with tls_door(victim) as made:
        yield made


@pytest.fixture
def tokens(
    victim: Cluster,
    database: LettaDatabase,
    door: TlsDoor,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[TokenServer]:
    settings.AWS_REGION = "eu-central-1"
    with token_server(victim, database, door, monkeypatch) as made:
        yield made


@pytest.fixture
def by_token(
    tokens: TokenServer, database: LettaDatabase, pointed: Points
) -> Iterator[TokenServer]:
    """Alias `letta` leads through the TLS door and signs in with tokens."""
    uri = tokens.door.uri(ROLE, database.name)
    with pointed(uri, iam_auth=True, pool=QUICK, breaker_pause_s=0.5):
        yield tokens


def ask_for(seconds: float, failed: list[LettaError], asked: list[int]) -> None:
    """Questions without a pause; every few of them on a new connection."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            assert access.rows("SELECT 1") == [(1,)]
            asked.append(1)
        except LettaError as error:
            failed.append(error)
        if len(asked) % 5 == 0:
            access.close_idle()
    connections["letta"].close()


def run(tokens: TokenServer, *, seconds: float, life_s: float) -> tuple[list[LettaError], int]:
    """Failures and questions of four threads while tokens expire."""
    failed: list[LettaError] = []
    asked: list[int] = []
    threads = [threading.Thread(target=ask_for, args=(seconds, failed, asked)) for _ in range(4)]
    threads.append(
        threading.Thread(target=tokens.turn_for, args=(seconds,), kwargs={"life_s": life_s})
    )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 20)
    return failed, len(asked)


def test_each_connection_has_a_token_of_its_own(by_token: TokenServer) -> None:
    for number in range(1, 4):
        access.rows("SELECT 1")
        access.close_idle()
        assert by_token.made == number
        by_token.turn()


def test_no_request_fails_while_tokens_expire_under_load(by_token: TokenServer) -> None:
    failed, asked = run(by_token, seconds=15, life_s=0.5)
    assert failed == []
    assert asked > 100
    assert by_token.turns > 15
    assert by_token.made >= by_token.turns


def test_a_token_that_expired_under_way_is_made_anew_silently(
    by_token: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale, real = ["expired under way"], opening.token
    monkeypatch.setattr(opening, "token", lambda *words: stale.pop() if stale else real(*words))
    assert access.rows("SELECT 1") == [(1,)]
    assert access.connects_total() == 1
    assert access.status().state == "ok"


def test_a_role_without_iam_is_told_after_two_tokens(
    by_token: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    monkeypatch.setattr(opening, "token", lambda *_: tried.append(1) or "secret-token")
    with pytest.raises(LettaTokenRefused) as refused:
        access.rows("SELECT 1")
    assert len(tried) == 2
    assert "rds_iam" in str(refused.value)
    assert (
        "secret-token" not in f"{refused.value} {refused.value.detail} {refused.value.__cause__!r}"
    )


def test_without_credentials_nothing_is_sent(
    by_token: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> str:
        raise AwsNoCredentials

    monkeypatch.setattr(opening, "token", none)
    with pytest.raises(LettaTokenMissing) as missing:
        access.rows("SELECT 1")
    assert "No AWS credentials" in str(missing.value)
    assert by_token.door.accepted == 0


def test_no_log_line_holds_a_token(by_token: TokenServer, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("botocore").setLevel(logging.WARNING)
    with caplog.at_level(logging.DEBUG):
        access.rows("SELECT 1")
        with pytest.raises(LettaError):
            access.rows("SELECT nothing FROM messages")
    text = "".join(record.getMessage() for record in caplog.records)
    assert "X-Amz" not in text
    assert "Signature" not in text


def test_a_failover_is_survived_by_reconnecting(by_token: TokenServer) -> None:
    for _ in range(5):
        assert access.rows("SELECT 1") == [(1,)]
        assert by_token.door.cut() >= 1
        by_token.turn()
    assert eventually(lambda: access.rows("SELECT 1") == [(1,)], within_s=5)


def test_the_rights_are_looked_at_for_each_new_connection(
    by_token: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agents_app.letta import privileges

    looked: list[int] = []
    real = privileges.report
    monkeypatch.setattr(privileges, "report", lambda *words: looked.append(1) or real(*words))
    for _ in range(3):
        access.rows("SELECT 1")
        access.rows("SELECT 1")
        access.close_idle()
    assert len(looked) == 3
