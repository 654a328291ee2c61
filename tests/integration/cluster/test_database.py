"""The database view on every release, through the provisioned role, on a plain PostgreSQL."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from agents_app.cluster.models import DatabaseVisit
from agents_app.letta import catalogue
from tests.cluster import Cluster
from tests.lettadb import ROLE, LettaDatabase, new_database, pointed_at

pytestmark = pytest.mark.django_db
URL = "/cluster/database/"


def data(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"{URL}?format=json&{query}")
    assert response.status_code == 200, response.content[:500]
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_every_release_has_all_parts(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    found = data(superuser, "agents=on&texts=on")
    for name, part in found.items():
        assert not (isinstance(part, dict) and "error" in part), (name, part)
    tables = {table["name"]: table for table in found["tables"]}
    assert tables["messages"]["total_bytes"] > tables["messages"]["table_bytes"] > 0
    assert found["agents"]["agents"]
    page = superuser.get(f"{URL}?agents=on&texts=on")
    assert page.status_code == 200
    assert "messages" in page.content.decode()


def test_sizes_are_postgresqls_own(letta: LettaDatabase, superuser: Client) -> None:
    found = {table["name"]: table["total_bytes"] for table in data(superuser)["tables"]}
    for name in ("messages", "agents", "provider_traces"):
        assert (
            found[name] == letta.rows("SELECT pg_total_relation_size(%s::regclass)", [name])[0][0]
        )


def test_bytes_by_agent_of_a_small_table_are_all_of_it(
    letta: LettaDatabase, superuser: Client
) -> None:
    share = data(superuser, "agents=on")["agents"]
    rows = dict(letta.rows("SELECT agent_id, count(*) FROM messages GROUP BY 1"))
    sampled = {table["name"]: table for table in share["tables"]}
    assert sampled["messages"]["percent"] == 100
    assert sampled["messages"]["rows"] == sum(rows.values())
    biggest = share["agents"][0]
    assert biggest["sampled_rows"] >= rows[biggest["agent_id"]]


def test_what_a_plain_role_may_not_see_is_a_state(letta: LettaDatabase, superuser: Client) -> None:
    with psycopg.connect(letta.owner):
        page = superuser.get(URL).content.decode()
    assert "needs pg_read_all_stats" in page
    assert "GRANT pg_read_all_stats TO" in page


@pytest.fixture
def seeing(cluster: Cluster, letta: LettaDatabase) -> Iterator[LettaDatabase]:
    """The role may read statistics, as an operator can allow."""
    letta.execute(f"GRANT pg_read_all_stats TO {ROLE}")
    yield letta
    letta.execute(f"REVOKE pg_read_all_stats FROM {ROLE}")


@pytest.fixture
def blocked(seeing: LettaDatabase) -> Iterator[tuple[int, int]]:
    """A session that waits for another's lock; the process ids of both."""
    with psycopg.connect(seeing.owner) as holder, psycopg.connect(seeing.owner) as waiter:
        for one in (holder, waiter):
            one.execute(f"SET search_path = {seeing.schema}")
        holder.execute("LOCK TABLE prompts IN ACCESS EXCLUSIVE MODE")
        sql = "SELECT id FROM prompts WHERE prompt = 'a customer wrote this'"
        thread = threading.Thread(target=_ignoring, args=(waiter, sql), daemon=True)
        thread.start()
        _until_waiting(seeing, waiter.info.backend_pid)
        yield holder.info.backend_pid, waiter.info.backend_pid
        holder.rollback()
        thread.join(5)


def _ignoring(connection: psycopg.Connection[Any], sql: str) -> None:
    try:
        connection.execute(sql)  # type: ignore[arg-type]
    except psycopg.Error:
        return


def _until_waiting(database: LettaDatabase, pid: int) -> None:
    for _ in range(200):
        if database.rows(
            "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'", [pid]
        ):
            return
    raise AssertionError("the session does not wait")


def test_blocked_queries_name_who_blocks_and_hide_their_text(
    blocked: tuple[int, int], superuser: Client
) -> None:
    holder, waiter = blocked
    found = data(superuser)
    [query] = [one for one in found["queries"] if one["pid"] == waiter]
    assert query["blocked_by"] == [holder]
    assert query["text"] is None
    assert "SELECT id FROM" not in superuser.get(URL).content.decode()


def test_texts_come_on_demand_without_values_and_go_on_record(
    blocked: tuple[int, int], superuser: Client
) -> None:
    page = superuser.get(f"{URL}?texts=on").content.decode()
    assert "SELECT id FROM prompts WHERE prompt = ?" in page
    assert "a customer wrote this" not in page
    assert AccessEvent.objects.filter(action="queries.read").count() == 1


def test_a_locked_table_greys_out_its_part_only(letta: LettaDatabase, superuser: Client) -> None:
    with psycopg.connect(letta.owner) as holder:
        holder.execute(f"LOCK TABLE {letta.schema}.prompts IN ACCESS EXCLUSIVE MODE")
        page = superuser.get(URL)
    assert page.status_code == 200
    assert "has locked this table" in page.content.decode()
    assert "PostgreSQL" in page.content.decode()


def test_growth_is_told_between_visits(letta: LettaDatabase, superuser: Client) -> None:
    assert data(superuser)["compared_with"] is None
    visit = DatabaseVisit.objects.get()
    visit.tables["messages"][0] -= 5_000_000
    DatabaseVisit.objects.update(at=datetime.now(UTC) - timedelta(days=2), tables=visit.tables)
    found = data(superuser)
    [messages] = [table for table in found["tables"] if table["name"] == "messages"]
    assert messages["growth"]["bytes"] == 5_000_000
    assert DatabaseVisit.objects.count() == 2
    assert "+4.8 MB" in superuser.get(URL).content.decode()


def test_visits_soon_after_another_are_not_kept(letta: LettaDatabase, superuser: Client) -> None:
    data(superuser)
    data(superuser)
    assert DatabaseVisit.objects.count() == 1


def test_missing_and_invalid_indexes_come_with_ddl(cluster: Cluster, superuser: Client) -> None:
    database = new_database(cluster, "0.16.8")
    database.provision()
    database.execute("DROP INDEX ix_runs_created_at")
    database.execute(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_runs_agent_id'::regclass"
    )
    with pointed_at(database.uri()):
        catalogue._kept.clear()
        found = {one["ddl"] for one in data(superuser)["missing_indexes"]}
    assert (
        'CREATE INDEX CONCURRENTLY "ix_runs_created_at_id" ON "letta"."runs" ("created_at", "id");'
        in found
    )
    assert 'REINDEX INDEX CONCURRENTLY "letta"."ix_runs_agent_id";' in found


def test_support_may_not_look(letta: LettaDatabase, browser_of: Callable[[str], Client]) -> None:
    assert browser_of("support").get(URL).status_code == 403
    assert browser_of("ops").get(URL).status_code == 200
