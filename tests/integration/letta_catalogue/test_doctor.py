"""What `manage.py doctor` says of databases in good and bad order."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from agents_app.letta.diagnosis import Line, letta_sections
from tests.integration.letta_catalogue.conftest import Place

RunManage = Callable[..., subprocess.CompletedProcess[str]]


def diagnosis(**changes: Any) -> dict[str, tuple[Line, ...]]:
    """Sections by title, of alias `letta` with changes to its entry."""
    entry = connections["letta"].settings_dict | changes
    sections = letta_sections(entry, routers=settings.DATABASE_ROUTERS, allow_powerful=False)
    return {section.title: section.lines for section in sections}


def bad(lines: tuple[Line, ...]) -> list[Line]:
    return [line for line in lines if line.level != "ok"]


def test_a_provisioned_database_is_in_order_but_for_an_index(alias: Place) -> None:
    found = diagnosis()
    faults = [line for lines in found.values() for line in bad(lines)]
    # Letta 0.13.0 has no index on messages (step_id); 0.14.0 brought it.
    assert [line.text.split(":")[0] for line in faults] == ["No index on messages (step_id)"]
    assert faults[0].todo == (
        'CREATE INDEX CONCURRENTLY "ix_messages_step_id" ON "public"."messages" ("step_id");'
    )


def test_release_schema_and_pgvector_are_named(alias: Place) -> None:
    text = " ".join(line.text for line in diagnosis()["Release"])
    assert "Letta 0.13.0 (revision f6cd5a1e519d)" in text
    assert "Schema public on PostgreSQL 16" in text
    assert "pgvector 0." in text


def test_pages_a_release_cannot_have_are_no_fault(alias: Place) -> None:
    lines = diagnosis()["Tables and pages"]
    assert [line.level for line in lines if "named conversations" in line.text] == ["ok"]


def test_a_revoked_table_switches_its_pages_off(alias: Place) -> None:
    alias.run(f"REVOKE ALL ON archival_passages FROM {alias.role}")
    texts = [line.text for line in bad(diagnosis()["Tables and pages"])]
    assert texts == [
        "archival_passages exists but the role may not read it.",
        "No archival memory: archival_passages not readable.",
    ]


def test_a_table_that_the_release_should_have_is_missed(own_alias: Place) -> None:
    own_alias.run("DROP TABLE prompts CASCADE")
    [line] = bad(diagnosis()["Tables and pages"])
    assert line.text == "prompts is missing, though Letta 0.13.0 has it."


def test_an_invalid_index_comes_with_ddl(own_alias: Place) -> None:
    own_alias.run(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_steps_run_id'::regclass"
    )
    todos = [line.todo for line in bad(diagnosis()["Indexes"])]
    assert 'REINDEX INDEX CONCURRENTLY "public"."ix_steps_run_id";' in todos


def test_a_readable_secret_is_a_warning_in_both_places(alias: Place) -> None:
    alias.run(f"GRANT SELECT ON providers TO {alias.role}")
    found = diagnosis()
    assert "providers.api_key" in bad(found["Locks against writing"])[0].text
    assert "readable, never selected" in bad(found["Secret columns"])[0].text


def test_a_powerful_role_fails_without_the_pages_connection(alias: Place) -> None:
    alias.run(f"GRANT DELETE ON messages TO {alias.role}")
    [line] = bad(diagnosis()["Locks against writing"])
    assert (line.level, "public.messages" in line.text) == ("fail", True)


def test_locks_of_our_own_are_looked_at(alias: Place) -> None:
    entry = connections["letta"].settings_dict
    sections = letta_sections(entry, routers=[], allow_powerful=False)
    locks = next(section for section in sections if section.title == "Locks against writing")
    assert bad(locks.lines)[0].text == "No router guards Letta's database."


def test_a_missing_database_ends_the_diagnosis(alias: Place) -> None:
    found = diagnosis(NAME="nowhere")
    assert list(found) == ["Letta's database"]
    assert found["Letta's database"][0].level == "fail"
    assert "/nowhere" in found["Letta's database"][0].text


def test_a_password_is_never_said(alias: Place) -> None:
    found = diagnosis(NAME="nowhere", PASSWORD="hunter2-secret")
    assert "hunter2" not in repr(found)


def test_without_an_address_it_says_what_to_set() -> None:
    found = diagnosis(INSPECTOR={"configured": False})
    assert found["Letta's database"][0].todo.startswith("Set LETTA_PG_URI")


@pytest.fixture
def run_manage(alias: Place, monkeypatch: pytest.MonkeyPatch) -> RunManage:
    """Runs manage.py in a process of its own against the alias's database."""
    own = alias.cluster.uri("postgres", "postgres")
    monkeypatch.setenv("LETTA_PG_URI", alias.cluster.uri(alias.database, alias.role))
    monkeypatch.setenv("INSPECTOR_DATABASE_URL", own)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "dashboard.settings")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=Path(settings.BASE_DIR), capture_output=True, text=True, check=False, timeout=110,
        )  # fmt: skip

    return run


def test_the_command_speaks_json_and_its_exit_code_is_the_worst_line(run_manage: RunManage) -> None:
    done = run_manage("doctor", "--json")
    document = json.loads(done.stdout)
    titles = [section["title"] for section in document["sections"]]
    assert titles[0] == "Settings"
    assert titles[-1] == "Indexes"
    assert done.returncode == document["exit_code"] == 2  # that own database is not migrated


def test_the_command_prints_signs_and_next_steps(run_manage: RunManage) -> None:
    done = run_manage("doctor")
    assert "  ✓ Letta 0.13.0" in done.stdout
    assert "      → python manage.py prepare" in done.stdout


def test_provision_sql_prints_a_script_that_runs(
    alias: Place, run_manage: RunManage, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text("correct horse\n")
    done = run_manage("provision_sql", "--role", alias.role, "--password-file", str(secret))
    assert (done.returncode, done.stderr) == (0, "")
    assert "correct horse" not in done.stdout
    alias.run(done.stdout, done.stdout)


def test_provision_sql_reads_another_address(alias: Place, run_manage: RunManage) -> None:
    uri = alias.cluster.uri(alias.database, "postgres").replace(
        "postgresql:", "postgresql+asyncpg:"
    )
    done = run_manage("provision_sql", "--read-uri", uri, "--iam", "--connection-limit", "5")
    assert 'GRANT rds_iam TO "letta_inspector";' in done.stdout
    assert "CONNECTION LIMIT 5" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--role", "postgres"], "name one for this console"),
        (["--password-file", "/nowhere/at/all"], "could not be read"),
        (["--read-uri", "nonsense"], "--read-uri should look like"),
        (["--schema", "elsewhere"], "is not Letta's"),
    ],
)
def test_provision_sql_explains_faults(
    run_manage: RunManage, arguments: list[str], words: str
) -> None:
    done = run_manage("provision_sql", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
