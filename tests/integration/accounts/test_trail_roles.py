"""With a role of its own for the owner, the console can add to the trail and change nothing in it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cluster import Cluster

APP, OWNER = "trail_app", "trail_owner"
INSERT = (
    "INSERT INTO agents_app_accessevent (action, object_kind, object_ids, object_count, organization_id, request_id)"
    " VALUES ('conversation.read', 'message', '{message-1}', 1, '', 'r1')"
)
WRITES = (
    "UPDATE agents_app_accessevent SET action = 'x'",
    "UPDATE agents_app_accessevent SET sequence = 9 WHERE sequence = 1",
    "DELETE FROM agents_app_accessevent",
    "TRUNCATE agents_app_accessevent",
    "TRUNCATE agents_app_accessevent CASCADE",
    "ALTER TABLE agents_app_accessevent DISABLE TRIGGER ALL",
    "DROP TRIGGER trail_seal ON agents_app_accessevent",
    "CREATE OR REPLACE FUNCTION trail_hash(previous text, event agents_app_accessevent) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    "UPDATE agents_app_trailhead SET sequence = 0",
    "DELETE FROM agents_app_trailhead",
    "INSERT INTO agents_app_trailsegment (first_sequence, last_sequence, last_hash, last_at, file_sha256) VALUES (1, 1, '', now(), '')",
    "ALTER TABLE agents_app_accessevent OWNER TO trail_app",
    "SET session_replication_role = replica",
    "DROP TABLE agents_app_trailhead",
    "UPDATE agents_app_opening SET opened_at = now()",
    "UPDATE agents_app_opening SET reason = 'x'",
    "DELETE FROM agents_app_opening",
    "UPDATE agents_app_reveal SET revealed_at = now()",
    "UPDATE agents_app_reveal SET object_id = 'x', closed_at = NULL",
    "DELETE FROM agents_app_reveal",
    "UPDATE agents_app_review SET verdict = 'approved'",
    "DELETE FROM agents_app_review",
    "TRUNCATE agents_app_review",
)
Command = Callable[..., str]


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> str:
    """An empty database whose owner is not the console's role."""
    for role in (APP, OWNER):
        cluster.create_role(role)
    return cluster.create_database(owner=OWNER)


@pytest.fixture(scope="module")
def manage(cluster: Cluster, database: str, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Runs a management command as an operator would, in a process of its own."""
    var = tmp_path_factory.mktemp("own")
    surroundings = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
        "INSPECTOR_DATABASE_URL": cluster.uri(database, APP),
        "INSPECTOR_DATABASE_OWNER_URL": cluster.uri(database, OWNER),
        "INSPECTOR_CHECKPOINT_DIR": str(var / "checkpoints"),
        "INSPECTOR_CHECKPOINT_KEY_FILE": str(var / "key.pem"),
        "INSPECTOR_VAR": str(var),
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=surroundings, capture_output=True, text=True, timeout=90,
        )  # fmt: skip
        return done.stdout + done.stderr

    assert run("prepare") == "Ready.\n"
    return run


@pytest.fixture
def app(cluster: Cluster, database: str, manage: Command) -> Iterator[psycopg.Connection]:
    with psycopg.connect(cluster.dsn(database, APP), autocommit=True) as connection:
        connection.execute(INSERT)
        yield connection


@pytest.mark.parametrize("write", WRITES)
def test_the_consoles_role_cannot_change_the_trail(app: psycopg.Connection, write: str) -> None:
    before = app.execute("SELECT count(*), max(hash) FROM agents_app_accessevent").fetchone()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(write)
    assert (
        before == app.execute("SELECT count(*), max(hash) FROM agents_app_accessevent").fetchone()
    )


def test_a_row_that_is_added_gets_number_time_and_seal_whatever_it_says(
    app: psycopg.Connection,
) -> None:
    forged = INSERT.replace("(action,", "(sequence, at, hash, action,").replace(
        "('conv", "(77, '2001-01-01', 'forged', 'conv"
    )
    app.execute(forged)
    row = app.execute(
        "SELECT sequence, extract(year FROM at), hash FROM agents_app_accessevent ORDER BY sequence DESC"
    ).fetchone()
    assert row is not None
    assert (row[0] < 77, row[1] > 2001, len(row[2])) == (True, True, 64)


def test_the_rest_of_our_database_can_be_used(app: psycopg.Connection) -> None:
    app.execute("INSERT INTO auth_group (name) VALUES ('new')")
    app.execute("UPDATE auth_group SET name = 'newer' WHERE name = 'new'")
    app.execute("DELETE FROM auth_group WHERE name = 'newer'")
    app.execute("SELECT count(*) FROM procrastinate_jobs")
    app.execute("UPDATE agents_app_opening SET seen_at = now(), closed_at = now()")
    app.execute("UPDATE agents_app_reveal SET closed_at = now()")


def test_the_doctor_says_that_the_role_can_only_add(manage: Command) -> None:
    assert "The console's role can only add to the trail." in manage("doctor")


def test_old_rows_are_moved_into_a_signed_file_and_the_rest_still_follows(
    app: psycopg.Connection, manage: Command, tmp_path: Path
) -> None:
    assert "Signed checkpoint-" in manage("checkpoint_trail", "--make-key")
    assert "Moved rows 1 to" in manage("archive_trail", "--before", "2126-01-01", "--to", str(tmp_path))  # fmt: skip
    assert app.execute("SELECT count(*) FROM agents_app_accessevent").fetchone() == (0,)
    app.execute(INSERT)
    assert "1 rows up to" in manage("verify_trail")
    segment = next(tmp_path.glob("*.jsonl"))
    assert segment.with_suffix(".signed.json").exists()
    assert "are as recorded" in manage("verify_trail", "--file", str(segment), "--part")
    segment.write_text(segment.read_text().replace("message-1", "message-2", 1))
    assert "Row 1 is changed" in manage("verify_trail", "--file", str(segment), "--part")
