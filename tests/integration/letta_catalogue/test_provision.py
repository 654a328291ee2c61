"""The script of the least-privilege role, run as people run it: twice, anywhere, under any role."""

import subprocess
from pathlib import Path

import psycopg
import pytest

from agents_app.demo.releases import RELEASES
from agents_app.letta import catalogue, privileges
from agents_app.letta.provision import UnfitRole
from agents_app.letta.secrets import is_secret
from dashboard.embedded import binaries
from tests.integration.letta_catalogue.conftest import MakePlace, Place


def report(place: Place) -> privileges.LockReport:
    with place.connected() as conn:
        return privileges.report(conn, catalogue.load(conn))


def read_everything(place: Place) -> catalogue.Catalogue:
    """Selects every column the catalogue calls readable."""
    with place.connected() as conn:
        found = catalogue.load(conn)
        for table, columns in found.tables.items():
            names = ", ".join(f'"{column}"' for column in sorted(columns))
            conn.execute(f'SELECT {names} FROM "{table}" LIMIT 1'.encode())
    return found


def assert_secrets_closed(place: Place, found: catalogue.Catalogue) -> None:
    with place.connected() as conn:
        for table, columns in found.structure.items():
            for column in columns:
                if is_secret(table, column):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        conn.execute(f'SELECT "{column}" FROM "{table}"'.encode())


SHAPES: dict[str, dict[str, object]] = {
    "public": {},
    "compose": {"schema": "letta", "keep_public": False},
    "capitals": {"schema": 'Letta "Prod" $do$', "vector_schema": "Ext"},
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("release", RELEASES)
def test_twice_run_it_reads_all_but_secrets(letta: MakePlace, release: str, shape: str) -> None:
    place = letta(release, **SHAPES[shape])
    place.provision(runs=2)
    found = read_everything(place)
    assert found.tables.keys() == found.structure.keys()
    assert all(
        column in found.tables[table] or is_secret(table, column)
        for table, columns in found.structure.items()
        for column in columns
    )
    assert_secrets_closed(place, found)
    locks = report(place)
    assert [finding.text for finding in locks.refused + locks.warnings] == []


def test_the_vector_type_works_off_the_default_path(letta: MakePlace) -> None:
    place = letta(schema="letta", vector_schema="ext")
    place.provision()
    with place.connected() as conn:
        assert conn.execute("SELECT '[1,2]'::vector <-> '[1,3]'::vector").fetchone() == (1.0,)


def test_it_can_be_written_by_the_role_it_made(shared: MakePlace) -> None:
    place = shared()
    place.provision()
    again = place.script(user=place.role)
    place.run(again)
    assert report(place).refused == []
    assert "-- … and these without" in again


def test_a_powerless_role_can_write_it(letta: MakePlace) -> None:
    place = letta(schema="letta", vector_schema="ext")
    place.run("CREATE ROLE nobody_at_all LOGIN")
    place.run(place.script(user="nobody_at_all"))
    assert len(read_everything(place).tables) == len(read_everything(place).structure)


def test_psql_runs_it_too(shared: MakePlace, tmp_path: Path) -> None:
    place = shared()
    script = tmp_path / "role.sql"
    script.write_text(place.script())
    done = subprocess.run(
        [str(binaries() / "psql"), place.dsn(), "-v", "ON_ERROR_STOP=1", "-f", str(script)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "ERROR" in done.stderr) == (0, False)
    assert report(place).refused == []


def test_letta_keeps_what_public_loses(letta: MakePlace) -> None:
    place = letta()
    place.run("CREATE ROLE letta_owner LOGIN", "ALTER TABLE messages OWNER TO letta_owner")
    place.run("GRANT INSERT ON agents TO letta_owner")
    place.provision()
    with place.connected("letta_owner") as conn:
        conn.execute("CREATE TEMP TABLE mine (id int)")
        conn.execute("SELECT pg_notify('channel', 'text')")
    with place.connected() as conn:
        conn.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("CREATE TEMP TABLE mine (id int)")


def test_no_function_is_opened_that_was_closed(letta: MakePlace) -> None:
    script = letta().script()
    assert "lo_export" not in script
    assert "lo_create" in script


def test_an_owner_who_is_no_administrator_runs_it_with_locks_left_open(letta: MakePlace) -> None:
    place = letta(schema="letta")
    place.run(
        "CREATE ROLE plain_owner LOGIN CREATEROLE",
        "DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'letta' "
        "LOOP EXECUTE format('ALTER TABLE letta.%I OWNER TO plain_owner', t); END LOOP; END $$",
        "ALTER SCHEMA letta OWNER TO plain_owner",
    )
    place.run(place.script(user="plain_owner"), user="plain_owner")
    locks = report(place)
    assert locks.refused == []
    assert {finding.slug for finding in locks.warnings} == {"temporary", "large-objects", "notify"}
    read_everything(place)


def test_what_somebody_gave_the_role_is_taken_back(letta: MakePlace) -> None:
    place = letta()
    place.provision()
    place.run(
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {place.role}",
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {place.role}",
        f"GRANT pg_write_all_data TO {place.role}",
        f"ALTER ROLE {place.role} CREATEDB CREATEROLE CONNECTION LIMIT -1",
        "CREATE SCHEMA side; CREATE TABLE side.notes (id int, body text)",
        f"GRANT UPDATE (body) ON side.notes TO {place.role}; GRANT CREATE ON SCHEMA side TO {place.role}",
    )
    assert report(place).refused != []
    place.provision()
    locks = report(place)
    assert [finding.text for finding in locks.refused + locks.warnings] == []


def test_what_is_open_to_everybody_is_closed(letta: MakePlace) -> None:
    place = letta()
    place.run(
        "GRANT SELECT, DELETE ON providers TO PUBLIC; GRANT SELECT (api_key) ON providers TO PUBLIC",
        "GRANT USAGE ON SEQUENCE message_seq_id TO PUBLIC",
        "GRANT CREATE ON SCHEMA public TO PUBLIC",  # PostgreSQL's own default before 15
    )
    place.provision()
    locks = report(place)
    assert [finding.text for finding in locks.refused + locks.warnings] == []


def test_a_newer_release_is_handled_by_running_it_again(letta: MakePlace) -> None:
    place = letta()
    place.provision()
    place.run("DROP TABLE prompts CASCADE", "CREATE TABLE prompts (id varchar, prompt varchar)")
    with place.connected() as conn:
        assert catalogue.load(conn).revoked == {"prompts"}
    place.provision()
    with place.connected() as conn:
        assert catalogue.load(conn).revoked == frozenset()


def test_other_applications_tables_are_not_granted(letta: MakePlace) -> None:
    place = letta()
    place.run("CREATE TABLE payroll (salary int)")
    place.provision()
    with place.connected() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("SELECT * FROM payroll")


def test_the_role_carries_its_limits(letta: MakePlace) -> None:
    place = letta(schema="letta")
    place.run(place.script(connection_limit=3))
    with place.connected() as conn:
        settings = dict(
            conn.execute(
                "SELECT name, setting FROM pg_settings WHERE name IN ('default_transaction_read_only',"
                " 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout',"
                " 'client_connection_check_interval', 'search_path')"
            ).fetchall()
        )
        limit = conn.execute(
            "SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert limit == (3,)
    assert settings == {
        "default_transaction_read_only": "on",
        "statement_timeout": "3000",
        "lock_timeout": "500",
        "idle_in_transaction_session_timeout": "5000",
        "client_connection_check_interval": "1000",
        "search_path": "letta",
    }


def test_a_password_appears_as_its_hash_only(shared: MakePlace) -> None:
    place = shared()
    script = place.script(password="pass'wörd $1")
    assert "wörd" not in script
    assert "SCRAM-SHA-256$" in script
    place.run(script)
    with place.connected("postgres") as conn:
        row = conn.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [place.role]
        ).fetchone()
    assert row is not None
    assert row[0] in script


def test_without_a_password_it_says_how_to_set_one(shared: MakePlace) -> None:
    place = shared()
    assert f'\\password "{place.role}"' in place.script()


def test_iam_is_granted_on_demand(shared: MakePlace) -> None:
    place = shared()
    place.run("DO $$ BEGIN CREATE ROLE rds_iam; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    place.run(place.script(iam=True))
    place.run(place.script(iam=True))
    with place.connected() as conn:
        assert conn.execute("SELECT pg_has_role('rds_iam', 'MEMBER')").fetchone() == (True,)
    assert report(place).refused == []
    assert "PASSWORD" not in place.script(iam=True).upper().replace("\\PASSWORD", "")


@pytest.mark.parametrize("name", ["postgres", "letta_server"])
def test_an_administrators_or_lettas_role_is_not_narrowed(letta: MakePlace, name: str) -> None:
    place = letta()
    place.run(
        "DO $$ BEGIN CREATE ROLE letta_server LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "ALTER TABLE agents OWNER TO letta_server",
    )
    with pytest.raises(UnfitRole):
        place.script(role=name)


def test_odd_role_names_stay_names(shared: MakePlace) -> None:
    place = shared()
    place.role = 'it\'s "read\\only" $do$;\n-- DROP'
    place.run(place.script(), place.script())
    assert report(place).refused == []
