"""Faults of a real server: each is named, none makes a request wait, and each ends without a restart."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from agents_app.letta import access, catalogue
from agents_app.letta.errors import (
    LettaBusy,
    LettaDenied,
    LettaDown,
    LettaDrift,
    LettaError,
    LettaFrozen,
    LettaLocked,
    LettaMissing,
    LettaNotConfigured,
    LettaPasswordRefused,
    LettaTimeout,
    LettaTooPowerful,
    LettaWaking,
)
from tests.cluster import Cluster
from tests.integration.letta_engine.conftest import QUICK, Points, SlowDoor, owner_of
from tests.lettadb import ROLE, LettaDatabase
from tests.waiting import AFTER_WAITING_S, AT_ONCE_S, eventually

PAGE_SECONDS = 3.6
Freeze = Callable[[], AbstractContextManager[None]]


def seconds_until(error: type[LettaError], ask: Callable[[], object]) -> float:
    """How long a page waits before it is told of `error`."""
    began = time.monotonic()
    with access.deadline(PAGE_SECONDS), pytest.raises(error):
        ask()
    return time.monotonic() - began


def answers() -> bool:
    try:
        return access.rows("SELECT 1") == [(1,)]
    except LettaError:
        return False


def test_a_frozen_server_frees_the_page_then_fails_fast_then_recovers(
    freeze: Freeze, pointed: Points
) -> None:
    with pointed(pool=QUICK, breaker_pause_s=2.0):
        access.rows("SELECT 1")
        with freeze():
            assert seconds_until(LettaFrozen, answers_or_raises) < AFTER_WAITING_S
            assert seconds_until(LettaFrozen, answers_or_raises) < AT_ONCE_S
            assert access.status().state == "down"
            time.sleep(2.1)
            assert seconds_until(LettaFrozen, answers_or_raises) < AFTER_WAITING_S
        assert eventually(answers, within_s=30)
        assert access.status().state == "ok"


def answers_or_raises() -> None:
    access.rows("SELECT 1")


@pytest.mark.usefixtures("alias")
def test_a_page_that_gives_up_early_does_not_count_as_an_answer(freeze: Freeze) -> None:
    access.rows("SELECT 1")
    with freeze():
        assert seconds_until(LettaFrozen, answers_or_raises) < AFTER_WAITING_S
        time.sleep(0.6)
        with access.deadline(0.2), pytest.raises(LettaError):
            access.rows("SELECT 1")
        assert access.status().state == "down"
    assert eventually(answers, within_s=30)


@pytest.mark.usefixtures("alias")
def test_a_server_frozen_before_the_first_question_frees_the_page(freeze: Freeze) -> None:
    with freeze():
        assert seconds_until(LettaWaking, answers_or_raises) < AFTER_WAITING_S
    assert eventually(answers, within_s=30)


@pytest.mark.usefixtures("alias")
def test_several_threads_stuck_in_a_frozen_server_are_all_freed(freeze: Freeze) -> None:
    access.rows("SELECT 1")
    times: list[float] = []
    with freeze():
        threads = [
            threading.Thread(
                target=lambda: times.append(seconds_until(LettaError, answers_or_raises))
            )
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert len(times) == 12
    assert max(times) < AFTER_WAITING_S
    assert sorted(times)[-9] < AFTER_WAITING_S
    assert eventually(answers, within_s=30)


@pytest.mark.usefixtures("alias")
def test_a_page_whose_time_is_over_asks_nothing() -> None:
    access.rows("SELECT 1")
    with access.deadline(0.05):
        time.sleep(0.06)
        assert seconds_until(LettaTimeout, answers_or_raises) < AT_ONCE_S
    assert answers()


@pytest.mark.usefixtures("alias")
def test_an_inner_deadline_never_extends_the_outer() -> None:
    with access.deadline(0.2), access.deadline(60):
        assert access.remaining() < 0.2


def test_a_slow_first_connection_is_told_as_waking_and_is_ready_later(
    victim: Cluster, database: LettaDatabase, pointed: Points
) -> None:
    door = SlowDoor(victim)
    try:
        with pointed(door.uri(database)):
            assert seconds_until(LettaWaking, answers_or_raises) < AFTER_WAITING_S
            assert access.status().state == "waking"
            assert seconds_until(LettaWaking, answers_or_raises) < AT_ONCE_S
            door.open()
            assert eventually(lambda: access.status().state == "ok", within_s=30)
            began = time.monotonic()
            assert answers()
            assert time.monotonic() - began < AT_ONCE_S
            assert access.connects_total() == 1
    finally:
        door.close()


def test_one_attempt_serves_all_who_wait_for_the_first_connection(
    victim: Cluster, database: LettaDatabase, pointed: Points
) -> None:
    door = SlowDoor(victim)
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            access.rows("SELECT 1")
        except LettaError as error:
            failed.append(error)
        finally:
            connections["letta"].close()

    try:
        with pointed(door.uri(database)):
            threads = [threading.Thread(target=ask) for _ in range(6)]
            for thread in threads:
                thread.start()
            assert eventually(lambda: access.connects_total() == 1, within_s=30)
            time.sleep(0.3)  # for the others to come to the door, if they would
            assert access.connects_total() == 1
            door.open()
            for thread in threads:
                thread.join(30)
            assert failed == []
    finally:
        door.close()


@pytest.mark.usefixtures("alias")
def test_a_connection_killed_under_a_thread_is_replaced_silently(kill: Callable[[], None]) -> None:
    access.rows("SELECT 1")
    kill()
    assert answers()
    assert access.connects_total() == 2


@pytest.mark.usefixtures("alias")
def test_a_connection_killed_in_the_middle_of_a_question_is_asked_again(
    kill: Callable[[], None], database: LettaDatabase
) -> None:
    access.rows("SELECT 1")

    def kill_when_asked() -> None:
        asked = "SELECT 1 FROM pg_stat_activity WHERE usename = %s AND state = 'active'"
        eventually(lambda: bool(database.rows(asked, [ROLE])), within_s=30)
        kill()

    killer = threading.Thread(target=kill_when_asked)
    killer.start()
    rows = access.rows("SELECT count(*) FROM generate_series(1, 4000000)")
    killer.join()
    assert rows == [(4000000,)]
    assert access.connects_total() == 2


@pytest.mark.usefixtures("alias")
def test_a_kept_connection_that_died_is_noticed_without_asking(kill: Callable[[], None]) -> None:
    access.rows("SELECT 1")
    connections["letta"].close()
    kill()
    assert answers()
    assert access.status().cause is None


@pytest.mark.usefixtures("alias")
def test_a_slow_question_is_cancelled_and_leaves_nothing_running(
    backends: Callable[[], int],
) -> None:
    access.rows("SELECT 1")
    slow = lambda: access.rows("SELECT count(*) FROM generate_series(1, 1000000000)")  # noqa: E731
    assert 2.9 < seconds_until(LettaTimeout, slow) < AFTER_WAITING_S
    assert answers()
    assert access.status().state == "ok"
    assert backends() == 1


@pytest.mark.usefixtures("alias")
def test_a_question_longer_than_what_the_page_has_left_is_given_up(
    backends: Callable[[], int],
) -> None:
    access.rows("SELECT 1")
    with access.deadline(0.5), pytest.raises(LettaTimeout):
        access.rows("SELECT count(*) FROM generate_series(1, 1000000000)")
    connections["letta"].close()
    assert eventually(lambda: backends() == 0, within_s=10)
    assert access.status().cause is None


@pytest.mark.usefixtures("alias")
def test_a_locked_table_is_told_at_once(database: LettaDatabase) -> None:
    access.rows("SELECT 1")
    with owner_of(database) as owner, owner.transaction():
        owner.execute(f"LOCK TABLE {database.schema}.messages")
        assert (
            seconds_until(LettaLocked, lambda: access.rows("SELECT id FROM messages")) < AT_ONCE_S
        )
    assert access.rows("SELECT id FROM messages") == []


@pytest.mark.usefixtures("alias")
@pytest.mark.parametrize("sql", ["SELECT nothing FROM messages", "SELECT 1 FROM no_such_table"])
def test_drift_lets_the_catalogue_be_read_again(sql: str) -> None:
    access.rows("SELECT 1")
    before = catalogue.known()
    with pytest.raises(LettaDrift):
        access.rows(sql)
    connections["letta"].close()
    access.rows("SELECT 1")
    assert catalogue.known() is not before
    assert catalogue.known() is not None


@pytest.mark.usefixtures("alias")
def test_a_secret_column_is_denied() -> None:
    with pytest.raises(LettaDenied):
        access.rows("SELECT api_key FROM providers")


def test_nothing_configured_is_told(pointed: Points) -> None:
    with pointed("postgresql://x@localhost/x", configured=False):
        assert seconds_until(LettaNotConfigured, answers_or_raises) < AT_ONCE_S
        assert access.connects_total() == 0


def test_no_server_is_told_and_later_fails_fast(tmp_path: Path, pointed: Points) -> None:
    with pointed(f"postgresql://x@/x?host={tmp_path}"):
        for _ in range(5):
            assert seconds_until(LettaDown, answers_or_raises) < AT_ONCE_S
        assert access.connects_total() == 3


def test_an_unknown_host_is_told(pointed: Points) -> None:
    with pointed("postgresql://x@no-such-host.invalid/x"):
        assert seconds_until(LettaError, answers_or_raises) < AFTER_WAITING_S


def test_a_missing_database_is_told(victim: Cluster, pointed: Points) -> None:
    with pointed(victim.uri("no_such_database", ROLE)), pytest.raises(LettaMissing):
        access.rows("SELECT 1")


def test_a_database_that_is_not_lettas_is_told(victim: Cluster, pointed: Points) -> None:
    with pointed(victim.uri(victim.create_database(), ROLE)), pytest.raises(LettaMissing):
        access.rows("SELECT 1")


def test_a_superuser_is_refused_unless_allowed(
    victim: Cluster, database: LettaDatabase, pointed: Points
) -> None:
    with pointed(victim.uri(database.name, "postgres")), pytest.raises(LettaTooPowerful) as refused:
        access.rows("SELECT 1")
    assert "provision_sql" in refused.value.command
    with pointed(victim.uri(database.name, "postgres"), allow_powerful=True):
        assert answers()


def test_a_wrong_password_is_told_and_no_message_holds_it(locked_out: str, pointed: Points) -> None:
    with pointed(locked_out), pytest.raises(LettaPasswordRefused) as refused:
        access.rows("SELECT 1")
    assert "hunter2" not in f"{refused.value} {refused.value.detail}"


@pytest.fixture
def locked_out(victim: Cluster, database: LettaDatabase) -> Iterator[str]:
    """A URI with a wrong password for a role that needs one."""
    rules = victim.folder / "pg_hba.conf"
    before = rules.read_text()
    with owner_of(database) as owner:
        owner.execute("CREATE ROLE with_password LOGIN PASSWORD 'right'")
        rules.write_text("local all with_password scram-sha-256\n" + before)
        owner.execute("SELECT pg_reload_conf()")
        yield f"postgresql://with_password:hunter2@/{database.name}?host={victim.socket_folder}"
        rules.write_text(before)
        owner.execute("SELECT pg_reload_conf()")
        owner.execute("DROP ROLE with_password")


@pytest.fixture
def narrow_role(database: LettaDatabase) -> Iterator[None]:
    """The server lets the console's role connect twice only."""
    with owner_of(database) as owner:
        before = owner.execute(
            "SELECT rolconnlimit FROM pg_roles WHERE rolname = %s", [ROLE]
        ).fetchone()
        owner.execute(f"ALTER ROLE {ROLE} CONNECTION LIMIT 2")
        yield
        owner.execute(f"ALTER ROLE {ROLE} CONNECTION LIMIT {before[0] if before else -1}")


@pytest.mark.usefixtures("narrow_role")
def test_a_lower_limit_of_the_server_is_lived_with(pointed: Points) -> None:
    failed: list[LettaError] = []

    def ask() -> None:
        try:
            access.rows("SELECT count(*) FROM generate_series(1, 200000)")
        except LettaError as error:
            failed.append(error)
        finally:
            connections["letta"].close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    with pointed(pool=replace(QUICK, wait_s=60.0)):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert failed == []


@pytest.mark.usefixtures("alias", "narrow_role")
def test_a_server_without_a_free_connection_is_told(database: LettaDatabase) -> None:
    with psycopg.connect(database.uri()), psycopg.connect(database.uri()):
        assert seconds_until(LettaBusy, answers_or_raises) < AT_ONCE_S
    assert eventually(answers, within_s=30)


@pytest.mark.usefixtures("alias")
def test_a_server_that_stops_and_starts_needs_no_restart_of_the_console(victim: Cluster) -> None:
    access.rows("SELECT 1")
    victim.stop()
    for _ in range(4):
        assert seconds_until(LettaError, answers_or_raises) < AT_ONCE_S
    victim.ensure()
    assert eventually(answers, within_s=30)
    assert access.status().cause is None


@pytest.mark.usefixtures("alias")
def test_the_breaker_is_not_opened_by_answers(database: LettaDatabase) -> None:
    for _ in range(5):
        with pytest.raises(LettaDrift):
            access.rows("SELECT nothing FROM messages")
    assert answers()


def test_short_lived_pool_of_these_tests_is_like_the_real_one() -> None:
    assert QUICK.connections == 8
    assert QUICK.wait_s == 3.0
