"""The agents page: order by real activity, filters, pages, formats, rights."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents_app.agents import activity
from agents_app.agents.activity import windows
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db

ORDERED = """
SELECT a.id FROM agents a LEFT JOIN LATERAL (
  SELECT sequence_id FROM messages m WHERE m.agent_id = a.id AND NOT m.is_deleted
   ORDER BY sequence_id DESC LIMIT 1) l ON true
 WHERE {where} ORDER BY l.sequence_id DESC NULLS LAST, a.created_at DESC, a.id DESC
"""
FILTERS = {
    "": "true",
    "q=ada 100%25": "a.name = 'Ada 100%'",
    "q=agent-0000008": "a.id LIKE 'agent-0000008%'",
    "organization=org-2": "a.organization_id = 'org-2'",
    "type=sleeptime_agent": "a.agent_type = 'sleeptime_agent'",
    "tag=vip": "EXISTS (SELECT 1 FROM agents_tags t WHERE t.agent_id = a.id AND t.tag = 'vip')",
    "hidden=yes": "a.hidden",
    "hidden=no": "a.hidden IS NOT TRUE",
    "stop_reason=error": "a.last_stop_reason = 'error'",
    "model=openai/gpt-4o": "a.llm_config::text LIKE '%openai/gpt-4o%'",
    "model=gpt-4o": "a.llm_config::text LIKE '%openai/gpt-4o%'",
    "type=letta_v1_agent&hidden=no&organization=org-1": "a.agent_type = 'letta_v1_agent' AND a.hidden IS NOT TRUE"
    " AND a.organization_id = 'org-1'",
    "q=nobody": "false",
}


def walked(client: Client, url: str) -> list[str]:
    """Ids of all pages, by following `next`."""
    found: list[str] = []
    while url:
        body = json.loads(client.get(url).content)
        found += [row["id"] for row in body["results"]]
        url = (body["next"] or "").removeprefix("http://testserver")
    return found


def expected(database: LettaDatabase, where: str) -> list[str]:
    return [row[0] for row in database.rows(ORDERED.format(where=where.replace("%", "%")))]


@pytest.fixture(params=["windows", "probes", "growing windows"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way to a page, for the small database would always be probed."""
    few = {"windows": 0, "probes": 10**9, "growing windows": 0}[request.param]
    monkeypatch.setattr(activity, "FEW_AGENTS", few)
    if request.param == "growing windows":
        monkeypatch.setattr(windows, "PROBE", 1e9)
        monkeypatch.setattr(windows, "MOST_WINDOWS", 1_000)
        monkeypatch.setattr(windows, "WIDEST_WINDOW", 40)
    return str(request.param)


@pytest.mark.parametrize("query", FILTERS)
def test_every_filter_gives_exactly_its_agents_in_order_of_their_newest_message(
    query: str, way: str, active: LettaDatabase, superuser: Client
) -> None:
    url = f"/agents/?limit=7&format=json&{query}"
    assert walked(superuser, url) == expected(active, FILTERS[query])


@pytest.mark.parametrize("query", ["", "type=sleeptime_agent", "model=gpt-4o"])
def test_walking_back_from_the_last_page_gives_the_same_agents(
    query: str, way: str, active: LettaDatabase, superuser: Client
) -> None:
    pages = [superuser.get(f"/agents/?limit=7&{query}").context["page"]]
    while pages[-1].older_url:
        pages.append(superuser.get(pages[-1].older_url).context["page"])
    back = pages[-1]
    found = [[row.agent.pk for row in back]]
    while back.newer_url:
        back = superuser.get(back.newer_url).context["page"]
        found.append([row.agent.pk for row in back])
    assert [pk for page in reversed(found) for pk in page] == expected(active, FILTERS[query])


def test_activity_is_the_newest_message_that_is_not_deleted(
    active: LettaDatabase, superuser: Client
) -> None:
    first = json.loads(superuser.get("/agents/?format=json&limit=1").content)["results"][0]
    newest = active.rows(
        "SELECT agent_id, created_at FROM messages WHERE NOT is_deleted ORDER BY sequence_id DESC LIMIT 1"
    )
    assert (first["id"], first["last_activity"]) == (
        newest[0][0],
        f"{newest[0][1]:%Y-%m-%dT%H:%M:%S}Z",
    )


def test_agents_without_messages_come_last_and_say_so(
    active: LettaDatabase, superuser: Client
) -> None:
    rows = json.loads(superuser.get("/agents/?format=json&limit=200").content)["results"]
    assert [row["last_activity"] is None for row in rows] == sorted(
        row["last_activity"] is None for row in rows
    )
    assert "no messages" in superuser.get("/agents/?limit=200").content.decode()


def test_without_sequence_numbers_the_order_is_by_time(active: LettaDatabase, superuser: Client,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    from agents_app.letta.catalogue import Catalogue

    real = Catalogue.has_column
    monkeypatch.setattr(
        Catalogue,
        "has_column",
        lambda self, table, column: column != "sequence_id" and real(self, table, column),
    )
    by_time = (
        ORDERED.replace("SELECT sequence_id", "SELECT created_at")
        .replace("ORDER BY sequence_id DESC", "ORDER BY m.created_at DESC")
        .replace(
            "l.sequence_id DESC NULLS LAST",
            "l.created_at DESC NULLS LAST, CASE WHEN l IS NOT NULL THEN a.id END DESC",
        )
    )
    assert walked(superuser, "/agents/?format=json&limit=7") == [
        row[0] for row in active.rows(by_time.format(where="true"))
    ]


def test_the_number_of_queries_does_not_depend_on_the_number_of_agents(
    active: LettaDatabase, superuser: Client
) -> None:
    counts = []
    for limit in (5, 80):
        superuser.get("/agents/")
        with CaptureQueriesContext(connections["letta"]) as queries:
            superuser.get(f"/agents/?limit={limit}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_a_wrong_value_shows_its_error_and_the_rest_works(
    active: LettaDatabase, superuser: Client
) -> None:
    response = superuser.get("/agents/?hidden=perhaps&type=sleeptime_agent&limit=200")
    assert "Select a valid choice" in response.content.decode()
    assert {row.agent.agent_type for row in response.context["page"]} == {"sleeptime_agent"}


def test_csv_holds_all_pages_under_the_filter(active: LettaDatabase, superuser: Client) -> None:
    response = superuser.get("/agents/?type=sleeptime_agent&format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [row["id"] for row in rows] == expected(active, FILTERS["type=sleeptime_agent"])


def test_a_forged_cursor_is_refused(active: LettaDatabase, superuser: Client) -> None:
    assert superuser.get("/agents/?after=WyJhY3RpdmUiXQ:1:forged").status_code == 400


def test_nothing_found_and_nothing_there_say_different_things(
    active: LettaDatabase, superuser: Client
) -> None:
    assert "No agent meets these filters" in superuser.get("/agents/?q=nobody").content.decode()


def test_htmx_gets_the_results_alone(active: LettaDatabase, superuser: Client) -> None:
    body = superuser.get(
        "/agents/", headers={"HX-Request": "true", "HX-Target": "results"}
    ).content.decode()
    assert body.lstrip().startswith('<section id="results"')


def test_options_name_what_is_there(active: LettaDatabase, superuser: Client) -> None:
    body = superuser.get("/agents/").content.decode()
    for option in ("openai/gpt-4o", "vip", "team-3", "Shop 2"):
        assert f">{option}</option>" in body


def test_agents_of_every_release_are_listed(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    found = walked(superuser, "/agents/?format=json&limit=200")
    assert sorted(found) == sorted(
        row[0] for row in letta_of_each_release.rows("SELECT id FROM agents")
    )


def test_ops_see_agents_and_an_administrator_of_accounts_does_not(
    active: LettaDatabase, browser_of: Callable[[str], Any]
) -> None:
    assert browser_of("ops").get("/agents/").status_code == 200
    assert browser_of("admin").get("/agents/").status_code == 403
