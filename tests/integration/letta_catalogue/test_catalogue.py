"""What the catalogue says of databases of every release and shape."""

import psycopg
import pytest

from agents_app.demo.builder import drop_column
from agents_app.demo.releases import RELEASES, tables
from agents_app.letta import catalogue
from agents_app.letta.errors import LettaMissing
from tests.cluster import Cluster
from tests.integration.letta_catalogue.conftest import MakePlace, Place

SPANS = {
    "0.6.54": "0.6.54 to 0.7.1",
    "0.8.17": "0.8.16 or 0.8.17",
    "0.11.7": "0.11.7",
    "0.13.0": "0.13.0",
    "0.16.8": "0.16.7 or 0.16.8",
}


def load(place: Place, user: str = "postgres") -> catalogue.Catalogue:
    with place.connected(user) as conn:
        return catalogue.load(conn)


@pytest.mark.parametrize("release", RELEASES)
def test_structure_is_what_the_release_has(letta: MakePlace, release: str) -> None:
    found = load(letta(release))
    assert found.release == SPANS[release]
    assert {name: frozenset(columns) for name, columns in found.structure.items()} == {
        name: table.column_names for name, table in tables(release).items()
    }
    assert (found.schema, found.search_path, found.revoked) == ("public", ("public",), frozenset())


def test_it_takes_four_statements(shared: MakePlace) -> None:
    place = shared()
    statements = 0

    class Counting(psycopg.Cursor):  # type: ignore[type-arg]
        def execute(self, *arguments: object, **words: object) -> "Counting":
            nonlocal statements
            statements += 1
            return super().execute(*arguments, **words)  # type: ignore[arg-type]

    with place.connected("postgres") as conn:
        conn.cursor_factory = Counting
        catalogue.load(conn)
    assert statements == 4


def test_secrets_are_in_no_selectable_column_even_for_a_superuser(shared: MakePlace) -> None:
    found = load(shared())
    assert found.has_column("providers", "name")
    assert not found.has_column("providers", "api_key")
    assert ("providers", "api_key_enc") in found.readable_secrets


def test_types_are_those_of_pg_type(shared: MakePlace) -> None:
    found = load(shared())
    assert found.type_of("messages", "content") == "json"
    assert found.type_of("messages", "created_at") == "timestamptz"
    assert found.type_of("steps", "status") == "stepstatus"
    assert found.type_of("archival_passages", "embedding") == "vector"
    assert found.type_of("archival_passages", "nothing") is None


def test_a_schema_named_with_capitals_and_no_public(letta: MakePlace) -> None:
    found = load(letta(schema="Letta Prod", keep_public=False))
    assert (found.schema, found.search_path) == ("Letta Prod", ("Letta Prod",))


def test_the_vector_type_in_another_schema_joins_the_path(letta: MakePlace) -> None:
    found = load(letta(schema="letta", vector_schema="ext"))
    assert found.search_path == ("letta", "ext")
    assert found.vector is not None
    assert found.vector[0] == "ext"


def test_a_vector_schema_closed_to_the_role_is_named_but_not_used(letta: MakePlace) -> None:
    place = letta(schema="letta", vector_schema="ext")
    place.provision()
    place.run(f"REVOKE USAGE ON SCHEMA ext FROM {place.role}")
    found = load(place, place.role)
    assert (found.vector, found.vector_schema, found.search_path) == (None, "ext", ("letta",))


def test_revoked_tables_exist_but_cannot_be_selected(shared: MakePlace) -> None:
    place = shared()
    place.provision()
    place.run(f"REVOKE ALL ON archival_passages, source_passages FROM {place.role}")
    found = load(place, place.role)
    assert found.revoked == {"archival_passages", "source_passages"}
    assert not found.has_table("archival_passages")
    assert "archival_passages" not in found.missing


def test_a_role_without_the_schema_sees_the_structure_only(letta: MakePlace) -> None:
    place = letta(schema="letta")
    place.run(f"CREATE ROLE {place.role} LOGIN")
    found = load(place, place.role)
    assert (found.tables, found.revision) == ({}, None)
    assert found.release == "unknown, like 0.16.7 or newer"
    assert len(found.structure) == len(tables("0.16.8"))


def test_dropped_columns_are_absent(letta: MakePlace) -> None:
    place = letta()
    drop_column(place.dsn(), "messages", "sequence_id")
    found = load(place)
    assert not found.has_column("messages", "sequence_id")
    assert not found.has_index("messages", "agent_id", "sequence_id")
    assert found.has_index("messages", "agent_id", "created_at")


def test_a_revoked_column_is_absent_but_counted_as_revoked(shared: MakePlace) -> None:
    place = shared()
    place.provision()
    place.run(
        f"REVOKE SELECT ON agents FROM {place.role}",
        f"GRANT SELECT (id, name) ON agents TO {place.role}",
    )
    found = load(place, place.role)
    assert found.tables["agents"] == {"id", "name"}
    assert "system" in found.revoked_columns("agents")


def test_without_alembic_version_the_columns_speak(letta: MakePlace) -> None:
    place = letta("0.11.7")
    place.run("DROP TABLE alembic_version")
    found = load(place)
    assert (found.revision, found.release) == (None, "unknown, like 0.11.7")


def test_an_unknown_revision_is_kept_and_the_columns_speak(letta: MakePlace) -> None:
    place = letta("0.13.0")
    place.run("UPDATE alembic_version SET version_num = 'feedfacecafe'")
    found = load(place)
    assert (found.revision, found.release) == ("feedfacecafe", "unknown, like 0.13.0")


def test_views_count_as_tables(letta: MakePlace) -> None:
    place = letta(schema="letta")
    place.run(
        "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public",
        *(
            f'CREATE VIEW public.{t} AS SELECT * FROM letta."{t}"'
            for t in ("agents", "messages", "block")
        ),
        "ALTER TABLE letta.agents RENAME TO agents_base",
    )
    found = load(place)
    assert found.schema == "public"
    assert found.tables.keys() == {"agents", "messages", "block"}


def test_of_several_the_one_on_the_search_path_wins(letta: MakePlace, cluster: Cluster) -> None:
    place = letta("0.8.17", schema="old")
    with psycopg.connect(cluster.dsn(place.database)) as conn:
        conn.execute("CREATE SCHEMA new")
        for table in ("agents", "messages", "alembic_version"):
            conn.execute(f"CREATE TABLE new.{table} AS TABLE old.{table}")
        assert catalogue.load(conn).schema == "old"
        conn.execute("SET LOCAL search_path = new")
        assert catalogue.load(conn).schema == "new"
        assert catalogue.load(conn, schema="old").schema == "old"


def test_somebody_elses_agents_and_messages_are_no_letta(cluster: Cluster) -> None:
    place = Place(cluster, cluster.create_database())
    place.run("CREATE TABLE agents (id int)", "CREATE TABLE messages (id int, body text)")
    with pytest.raises(LettaMissing):
        load(place)


def test_an_empty_database_is_no_letta(cluster: Cluster) -> None:
    with pytest.raises(LettaMissing):
        load(Place(cluster, cluster.create_database()))


def test_an_invalid_index_is_not_used(letta: MakePlace) -> None:
    place = letta()
    place.run("UPDATE pg_index SET indisvalid = false "
              "WHERE indexrelid = 'ix_messages_agent_sequence'::regclass")  # fmt: skip
    found = load(place)
    assert [index.name for index in found.invalid_indexes()] == ["ix_messages_agent_sequence"]
    assert not found.has_index("messages", "agent_id", "sequence_id")


def test_estimates_are_the_planners(letta: MakePlace) -> None:
    place = letta()
    assert "organizations" not in load(place).rows
    place.run("ANALYZE alembic_version")
    assert load(place).rows["alembic_version"] == 1


def test_it_is_read_at_first_use_and_kept(alias: Place) -> None:
    assert catalogue.known() is None
    found = catalogue.current()
    assert found.release == "0.13.0"
    assert catalogue.current() is found
    assert catalogue.known() is found


def test_it_is_forgotten_at_most_once_a_minute(alias: Place) -> None:
    first = catalogue.current()
    assert catalogue.forget(reason="column does not exist")
    second = catalogue.current()
    assert second is not first
    assert not catalogue.forget(reason="column does not exist")
    assert catalogue.current() is second


def test_an_old_catalogue_is_read_again(alias: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    first = catalogue.current()
    monkeypatch.setattr(catalogue, "_MAX_AGE_SECONDS", -1.0)
    assert catalogue.current() is not first
