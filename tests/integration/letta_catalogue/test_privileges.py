"""Roles with too much power, one lock open at a time."""

import time

import psycopg
import pytest

from agents_app.letta import catalogue, privileges
from agents_app.letta.errors import LettaTooPowerful
from tests.integration.letta_catalogue.conftest import MakePlace, Place


@pytest.fixture
def place(shared: MakePlace) -> Place:
    """A fresh role that the script made, in the shared database."""
    made = shared()
    made.provision()
    return made


@pytest.fixture
def alone(letta: MakePlace) -> Place:
    """The same in a database of its own, for tests that change more than the role."""
    made = letta()
    made.provision()
    return made


def report(place: Place) -> privileges.LockReport:
    with place.connected() as conn:
        return privileges.report(conn, catalogue.load(conn))


def slugs(findings: list[privileges.Finding]) -> set[str]:
    return {finding.slug for finding in findings}


GROUP = "DO $$ BEGIN CREATE ROLE {0} {1}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
REFUSED = {
    "superuser": ["ALTER ROLE {role} SUPERUSER"],
    "write": ["GRANT INSERT ON agents TO {role}"],
    "bypassrls": ["ALTER ROLE {role} BYPASSRLS"],
    "replication": ["ALTER ROLE {role} REPLICATION"],
    "createrole": ["ALTER ROLE {role} CREATEROLE"],
    "createdb": ["ALTER ROLE {role} CREATEDB"],
    "sequence": ["GRANT USAGE ON SEQUENCE message_seq_id TO {role}"],
}
MEMBERS = [
    "pg_execute_server_program",
    "pg_read_server_files",
    "pg_signal_backend",
    "pg_write_server_files",
]
WRITES = [
    "GRANT UPDATE ON messages TO {role}",
    "GRANT DELETE ON messages TO {role}",
    "GRANT TRUNCATE ON block TO {role}",
    "GRANT TRIGGER ON block TO {role}",
    "GRANT UPDATE (name) ON agents TO {role}",
    "CREATE SCHEMA aside; CREATE TABLE aside.t (id int); GRANT INSERT ON aside.t TO {role}",
]


@pytest.mark.parametrize("slug", REFUSED)
def test_a_powerful_role_is_refused(place: Place, slug: str) -> None:
    place.run(*(statement.format(role=place.role) for statement in REFUSED[slug]))
    assert slugs(report(place).refused) == {slug}


@pytest.mark.parametrize("statement", WRITES)
def test_any_right_to_change_any_table_is_refused(place: Place, statement: str) -> None:
    place.run(statement.format(role=place.role))
    [finding] = report(place).refused
    assert finding.slug == "write"
    place.run(finding.fix_sql)
    assert report(place).refused == []


@pytest.mark.parametrize("group", MEMBERS)
def test_members_of_powerful_roles_are_refused(place: Place, group: str) -> None:
    place.run(f"GRANT {group} TO {place.role}")
    [finding] = report(place).refused
    assert finding.slug == "member"
    place.run(finding.fix_sql)
    assert report(place).refused == []


def test_a_member_of_pg_write_all_data_is_refused_twice(place: Place) -> None:
    place.run(f"GRANT pg_write_all_data TO {place.role}")
    found = report(place)
    assert slugs(found.refused) == {"member", "write", "sequence"}
    place.run(*(finding.fix_sql for finding in found.refused))
    assert report(place).refused == []


def test_a_member_of_rds_superuser_is_refused(place: Place) -> None:
    place.run(GROUP.format("rds_superuser", "NOLOGIN"), f"GRANT rds_superuser TO {place.role}")
    assert slugs(report(place).refused) == {"member"}


def test_rights_of_a_group_count_without_inheriting_them(alone: Place) -> None:
    alone.run(
        GROUP.format("writers", "NOLOGIN"),
        "GRANT DELETE ON messages TO writers",
        f"GRANT writers TO {alone.role}; ALTER ROLE {alone.role} NOINHERIT",
    )
    assert slugs(report(alone).refused) == {"write"}
    alone.run("DROP OWNED BY writers")


def test_a_member_of_the_owning_role_is_refused(alone: Place) -> None:
    alone.run(
        GROUP.format("owners", "NOLOGIN"),
        "ALTER TABLE agents OWNER TO owners",
        f"GRANT owners TO {alone.role}",
    )
    assert "owner" in slugs(report(alone).refused)


def test_a_tables_owner_is_refused(alone: Place) -> None:
    alone.run(f"ALTER TABLE agents OWNER TO {alone.role}")
    assert slugs(report(alone).refused) == {"owner"}


def test_a_table_that_everybody_may_change_is_refused(alone: Place) -> None:
    alone.run("GRANT DELETE ON steps TO PUBLIC")
    [finding] = report(alone).refused
    assert finding.fix_sql.endswith(' ON TABLE "public"."steps" FROM PUBLIC;')
    alone.run(finding.fix_sql)
    assert report(alone).refused == []


def test_the_databases_owner_is_refused(alone: Place) -> None:
    alone.run(f"ALTER DATABASE {alone.database} OWNER TO {alone.role}")
    assert slugs(report(alone).refused) == {"owner"}


WARNED = {
    "temporary": "GRANT TEMPORARY ON DATABASE {database} TO {role}",
    "create": "GRANT CREATE ON SCHEMA public TO {role}",
    "create-schema": "GRANT CREATE ON DATABASE {database} TO {role}",
    "large-objects": "GRANT EXECUTE ON FUNCTION lo_create(oid) TO {role}",
    "notify": "GRANT EXECUTE ON FUNCTION pg_notify(text, text) TO {role}",
    "secrets": "GRANT SELECT ON providers TO {role}",
    "connection-limit": "ALTER ROLE {role} CONNECTION LIMIT -1",
}


@pytest.mark.parametrize("slug", WARNED)
def test_an_open_lock_is_warned_of_with_sql_that_closes_it(place: Place, slug: str) -> None:
    place.run(WARNED[slug].format(role=place.role, database=place.database))
    found = report(place)
    assert (found.refused, slugs(found.warnings)) == ([], {slug})
    place.run(found.warnings[0].fix_sql)
    assert report(place).warnings == []


def test_a_role_without_limits_is_warned_of(place: Place) -> None:
    place.run(f"ALTER ROLE {place.role} RESET ALL")
    found = report(place)
    assert slugs(found.warnings) == {"session", "session-timeouts", "role-settings"}
    place.run(*(finding.fix_sql for finding in found.warnings))
    assert report(place).warnings == []


def test_a_role_that_another_program_uses_is_warned_of(place: Place) -> None:
    dsn = place.dsn(place.role).replace("letta-inspector-tests", "letta-server")
    with psycopg.connect(dsn):
        found = report(place)
    assert (found.refused, slugs(found.warnings)) == ([], {"shared"})


def test_fixes_never_bind_a_role_that_is_not_the_consoles(place: Place) -> None:
    place.run(f"ALTER ROLE {place.role} SUPERUSER", f"ALTER ROLE {place.role} RESET ALL")
    found = report(place)
    assert not [finding for finding in found.findings if "ALTER ROLE" in finding.fix_sql]


def test_set_role_does_not_hide_the_sessions_role(place: Place) -> None:
    with place.connected("postgres") as conn:
        conn.execute(f"SET ROLE {place.role}".encode())
        found = privileges.report(conn, catalogue.load(conn))
    assert slugs(found.refused) == {"superuser"}


def test_the_report_is_quick(place: Place) -> None:
    with place.connected() as conn:
        known = catalogue.load(conn)
        times = []
        for _ in range(20):  # the best of them, as other processes share the machine
            begun = time.perf_counter()
            privileges.report(conn, known)
            times.append(time.perf_counter() - begun)
    assert min(times) < 0.02


@pytest.fixture
def fresh_verdicts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privileges, "_verdicts", {})


@pytest.mark.usefixtures("fresh_verdicts")
def test_check_raises_with_the_command_that_helps(place: Place) -> None:
    place.run(f"GRANT DELETE ON messages TO {place.role}")
    with place.connected() as conn, pytest.raises(LettaTooPowerful) as raised:
        privileges.check(conn, catalogue.load(conn), allow_powerful=False)
    assert raised.value.command == privileges.PROVISION
    assert "public.messages" in raised.value.detail


@pytest.mark.usefixtures("fresh_verdicts")
def test_check_lets_a_powerful_role_pass_when_allowed(place: Place) -> None:
    place.run(f"GRANT DELETE ON messages TO {place.role}")
    with place.connected() as conn:
        found = privileges.check(conn, catalogue.load(conn), allow_powerful=True)
    assert slugs(found.refused) == {"write"}
    assert privileges.verdict() is found


@pytest.mark.usefixtures("fresh_verdicts")
def test_a_verdict_stands_for_a_minute(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with place.connected() as conn:
        known = catalogue.load(conn)
        first = privileges.check(conn, known, allow_powerful=False)
        place.run(f"GRANT DELETE ON messages TO {place.role}")
        assert privileges.check(conn, known, allow_powerful=False) is first
        monkeypatch.setattr(privileges, "_VERDICT_SECONDS", -1.0)
        with pytest.raises(LettaTooPowerful):
            privileges.check(conn, known, allow_powerful=False)
