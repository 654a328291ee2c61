"""A narrowed statement sees just the rows that belong, in every table, and by the same indexes."""

from collections.abc import Callable

import pytest
from django.db import connections

from agents_app.letta import access, catalogue, scoping
from agents_app.letta.errors import LettaWriteRefused
from agents_app.letta.scoping import EVERYTHING, NOTHING, Scope
from agents_app.letta.scoping.paths import TO_ORGANIZATION
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db


def _organizations(letta: LettaDatabase) -> list[str]:
    return [one for (one,) in letta.rows("SELECT id FROM organizations ORDER BY 1")]


def _count(table: str, scope: Scope) -> int:
    with scoping.using(scope):
        ((number,),) = access.rows(f'SELECT count(*) FROM "{table}"')
    return int(number)


def test_the_organizations_share_every_table(letta_of_each_release: LettaDatabase) -> None:
    ids = _organizations(letta_of_each_release)
    for table in sorted(catalogue.current().tables.keys() - {"alembic_version"}):
        shares = [_count(table, Scope((one,))) for one in ids]
        together = _count(table, Scope(tuple(ids)))
        assert sum(shares) == together <= _count(table, EVERYTHING), table
        if catalogue.current().has_column(table, "organization_id"):
            rows = letta_of_each_release.rows(f'SELECT count(organization_id) FROM "{table}"')
            assert together == rows[0][0], table
        elif table in TO_ORGANIZATION:
            assert together or not _count(table, EVERYTHING), f"{table} belongs to nobody"


def test_nothing_is_seen_where_no_scope_was_put(letta: LettaDatabase) -> None:
    for table in sorted(catalogue.current().tables.keys() - {"alembic_version"}):
        assert _count(table, NOTHING) == 0


def test_rows_of_an_identity_hang_on_its_agents(letta: LettaDatabase) -> None:
    ((identity, agent),) = letta.rows(
        "SELECT identity_id, agent_id FROM identities_agents ORDER BY 1, 2 LIMIT 1"
    )
    agents = [
        one
        for (one,) in letta.rows(
            "SELECT agent_id FROM identities_agents WHERE identity_id = %s", [identity]
        )
    ]
    assert agent in agents
    scope = Scope(None, identities=(identity,))
    for table in ("messages", "conversations", "steps", "runs", "files_agents", "blocks_agents"):
        expected = letta.rows(f"SELECT count(*) FROM {table} WHERE agent_id = ANY (%s)", [agents])
        assert _count(table, scope) == expected[0][0], table
    blocks = letta.rows(
        "SELECT count(*) FROM block WHERE id IN (SELECT block_id FROM blocks_agents WHERE agent_id = ANY (%s))"
        " OR id IN (SELECT block_id FROM identities_blocks WHERE identity_id = %s)"
        " OR id IN (SELECT block_id FROM blocks_conversations JOIN conversations c ON c.id = conversation_id"
        " WHERE c.agent_id = ANY (%s))",
        [agents, identity, agents],
    )
    assert _count("block", scope) == blocks[0][0]
    assert _count("identities", scope) == 1
    assert _count("providers", scope) == _count("providers", EVERYTHING)


def test_tags_and_organizations_narrow_together(letta: LettaDatabase) -> None:
    rows = letta.rows(
        "SELECT t.tag, a.organization_id, count(*) FROM agents_tags t JOIN agents a ON a.id = t.agent_id GROUP BY 1, 2"
    )
    for tag, organization, number in rows:
        assert _count("agents", Scope((organization,), tags=(tag,))) == number


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a.id FROM agents a JOIN messages m ON m.agent_id = a.id LIMIT 1",
        "(SELECT id FROM agents) UNION ALL (SELECT id FROM block)",
        "WITH few AS (SELECT id FROM agents) SELECT id FROM few",
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n, agents",
        "EXPLAIN (FORMAT JSON) SELECT id FROM agents",
        "-- words first\nSELECT (SELECT count(*) FROM messages) FROM \"agents\" WHERE name <> '100%'",
    ],
)
def test_statements_of_every_form_are_narrowed(letta: LettaDatabase, sql: str) -> None:
    scope = Scope(("it's 100% not an organization",))
    narrowed = scoping.narrowed(sql, scope, catalogue.current(), has_params=False)
    assert "NOT MATERIALIZED" in narrowed
    with scoping.using(scope):
        access.rows(sql)
        access.rows(sql.replace("%", "%%") + " -- %%", {})


def test_a_table_named_with_its_schema_is_refused(letta: LettaDatabase) -> None:
    for sql in (
        f"SELECT id FROM {letta.schema}.agents",
        f'SELECT id FROM "{letta.schema}" . "agents"',
    ):
        with scoping.using(Scope(("org-1",))), pytest.raises(LettaWriteRefused):
            access.rows(sql)


def test_values_cannot_break_out_of_their_quotes(letta: LettaDatabase) -> None:
    hostile = "x']::text[]) OR true OR name = ANY (ARRAY['\\"
    assert _count("agents", Scope((hostile,))) == 0
    assert _count("agents", Scope(None, identities=(hostile,), tags=(hostile,))) == 0


def test_a_page_of_messages_uses_its_index_in_a_narrower_scope(letta: LettaDatabase) -> None:
    ((agent, organization),) = letta.rows(
        "SELECT agent_id, organization_id FROM messages GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1"
    )
    sql = "EXPLAIN SELECT id, content FROM messages WHERE agent_id = %s ORDER BY sequence_id DESC LIMIT 50"
    for scope in (
        Scope((organization,)),
        Scope(None, tags=("vip",)),
        Scope(None, identities=("identity-1",)),
    ):
        with scoping.using(scope), connections["letta"].cursor() as cursor:
            cursor.execute(sql, [agent])
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan on messages" not in plan, plan
        assert "CTE" not in plan, plan


def test_every_table_has_a_way_or_is_meant_to_have_none(
    letta_of_each_release: LettaDatabase, worlds: Callable[[str], LettaDatabase]
) -> None:
    without = {
        table
        for table in catalogue.current().tables
        if not catalogue.current().has_column(table, "organization_id")
        and table not in TO_ORGANIZATION
    }
    assert without <= {"alembic_version", "organizations", "prompts"}
