"""Age of data: counted whole, by index, from statistics, or said to be unknown; and never before somebody asks."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from agents_app.cluster.ages import reading
from tests.cluster import Cluster
from tests.inert import findings
from tests.lettadb import LettaDatabase, new_database, pointed_at
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db

ROWS = """
INSERT INTO organizations (id, name, privileged_tools, is_deleted, created_at) VALUES ('org-1', 'Shop', false, false, now());
INSERT INTO agents (id, name, organization_id, message_buffer_autoclear, is_deleted, created_at)
  VALUES ('agent-1', 'Desk', 'org-1', false, false, now());
INSERT INTO messages (id, agent_id, role, tool_calls, sequence_id, created_at, organization_id, is_deleted)
  SELECT 'message-' || n, 'agent-1', 'user', '[]'::json, n, now() - n * interval '1 day' + interval '1 hour', 'org-1', false
    FROM generate_series(1, 500) AS n;
INSERT INTO messages (id, agent_id, role, tool_calls, sequence_id, created_at, organization_id, is_deleted)
  VALUES ('message-none', 'agent-1', 'user', '[]', 501, NULL, 'org-1', false);
INSERT INTO steps (id, organization_id, completion_tokens, prompt_tokens, total_tokens, is_deleted, created_at)
  SELECT 'step-' || n, 'org-1', 0, 0, 0, false, now() - n * interval '1 day' FROM generate_series(1, 400) AS n;
ANALYZE steps;
ANALYZE messages
"""
DAYS = [7, 23, 60, 275, 135]


@pytest.fixture(scope="module")
def aged_database(cluster: Cluster) -> LettaDatabase:
    database = new_database(cluster)
    for statement in ROWS.strip().split(";\n"):
        database.execute(statement)
    database.provision()
    return database


@pytest.fixture
def aged(aged_database: LettaDatabase) -> Iterator[LettaDatabase]:
    with pointed_at(aged_database.uri()):
        yield aged_database


def asked(client: Client, query: str = "ask=on") -> dict[str, Any]:
    found = json.loads(client.get(f"/cluster/age/?format=json&{query}").content)
    return {one["table"]: one for one in found["tables"]}


def test_nothing_is_asked_before_the_button_is_pressed(
    aged: LettaDatabase, superuser: Client
) -> None:
    assert statements(lambda: superuser.get("/cluster/age/")) == []
    assert "Ask now" in superuser.get("/cluster/age/").content.decode()


def test_a_small_table_is_counted_whole(aged: LettaDatabase, superuser: Client) -> None:
    found = asked(superuser)["messages"]
    assert (found["how"], found["rows"], found["untimed"]) == ("counted", 501, 1)
    assert [band["rows"] for band in found["bands"]] == DAYS
    assert found["oldest"] < found["newest"]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table is too large to be read whole."""
    monkeypatch.setattr(reading, "SMALL_BYTES", -1)


def test_a_large_table_is_told_by_the_index_on_its_time(
    aged: LettaDatabase, large: None, superuser: Client
) -> None:
    found = asked(superuser)["messages"]
    assert found["how"] == "by index"
    assert [band["rows"] for band in found["bands"]][:4] == DAYS[:4]
    assert found["bands"][4]["about"]
    assert abs(found["bands"][4]["rows"] - DAYS[4]) < 20


def test_counting_stops_at_its_bound_and_statistics_go_on(
    aged: LettaDatabase, large: None, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_COUNTED", 20)
    bands = asked(superuser)["messages"]["bands"]
    assert [band["about"] for band in bands] == [False, True, True, True, True]
    assert abs(bands[3]["rows"] - DAYS[3]) < 30


def test_without_an_index_statistics_tell_or_nothing_does(
    aged: LettaDatabase, large: None, superuser: Client
) -> None:
    found = asked(superuser)
    assert (found["steps"]["how"], found["steps"]["ends_about"]) == ("estimated", True)
    assert abs(found["steps"]["bands"][0]["rows"] - 7) <= 2
    assert (found["jobs"]["how"], found["jobs"]["bands"][0]["rows"]) == ("unknown", None)
    assert "no statistics" in found["jobs"]["why"]


def test_large_tables_are_read_by_index_only(
    aged: LettaDatabase, large: None, superuser: Client
) -> None:
    superuser.get("/cluster/age/")
    asked_of = statements(lambda: superuser.get("/cluster/age/?ask=on"))
    ours = [one for one in asked_of if "pg_catalog" not in one]
    assert scanned(aged, ours) == set()
    assert len(asked_of) < 200


def test_one_table_can_be_asked_for_alone(aged: LettaDatabase, superuser: Client) -> None:
    assert asked(superuser, "ask=on&table=messages").keys() == {"messages"}
    assert asked(superuser, "ask=on&table=absent") == {}


def test_what_there_was_no_time_for_is_said(
    aged: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONGEST_S", -1)
    assert "ask for this table alone" in asked(superuser)["messages"]["why"]


def test_it_is_exported_and_inert(aged: LettaDatabase, superuser: Client) -> None:
    body = b"".join(superuser.get("/cluster/age/?ask=on&format=csv")).decode()  # type: ignore[arg-type]
    assert '"messages"' in body
    html = superuser.get("/cluster/age/?ask=on").content.decode()
    assert findings(html) == []


def test_only_those_who_may_see_the_cluster_ask(
    aged: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    assert browser_of("ops").get("/cluster/age/?ask=on").status_code == 200
    assert browser_of("support").get("/cluster/age/").status_code == 403


def test_it_answers_in_every_release(
    letta_of_each_release: LettaDatabase, superuser: Client, large: None
) -> None:
    found = asked(superuser)
    assert found["messages"]["oldest"] is not None
    assert not [one["why"] for one in found.values() if "time left" in one["why"]]
