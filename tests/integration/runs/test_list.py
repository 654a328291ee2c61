"""The list of runs: order, filters, windows, both eras, formats."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.letta.outcomes import FAILED_REASONS
from agents_app.runs import listing
from tests.cluster import Cluster
from tests.conftest import assign
from tests.lettadb import LettaDatabase, new_database, pointed_at
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db
LISTED = "SELECT id FROM runs ORDER BY created_at DESC NULLS FIRST, id DESC"


def walk(client: Client, url: str) -> list[dict]:
    """All results of a listing, page by page through `next`."""
    found: list[dict] = []
    while url:
        answer = client.get(url).json()
        found += answer["results"]
        url = answer["next"]
    return found


def test_the_pages_give_every_run_once_newest_first(
    letta: LettaDatabase, superuser: Client
) -> None:
    listed = [
        row["id"]
        for row in walk(superuser, "/runs/?format=json&limit=17")
        if row["source"] == "runs"
    ]
    assert listed == [row[0] for row in letta.rows(LISTED)]


def test_failed_runs_are_those_that_ended_badly_by_status_or_stop_reason(
    letta: LettaDatabase, superuser: Client
) -> None:
    listed = {
        row["id"]
        for row in walk(superuser, "/runs/?format=json&status=failed")
        if row["source"] == "runs"
    }
    sql = "SELECT id FROM runs WHERE lower(status) = 'failed' OR lower(stop_reason) = ANY(%s)"
    assert listed == {row[0] for row in letta.rows(sql, [sorted(FAILED_REASONS)])}
    assert listed


def test_unfinished_runs_are_found_and_marked(letta: LettaDatabase, superuser: Client) -> None:
    rows = walk(superuser, "/runs/?format=json&status=unfinished")
    assert rows
    assert all(row["is_unfinished"] for row in rows)


def test_a_search_that_pauses_says_how_far_it_looked_and_goes_on(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = walk(superuser, "/runs/?format=json&status=unfinished")
    monkeypatch.setattr(listing, "MOST_LOOKED_AT", 20)
    monkeypatch.setattr("agents_app.runs.sources.WINDOW", 20)
    page = superuser.get("/runs/?status=unfinished&limit=50").content.decode()
    assert "Looked at 20 runs, as far as" in page
    assert "Look further" in page
    assert walk(superuser, "/runs/?format=json&status=unfinished") == whole


@pytest.mark.parametrize("column", ["agent_id", "conversation_id", "organization_id"])
def test_an_indexed_filter_gives_its_own_runs(
    column: str, letta: LettaDatabase, superuser: Client
) -> None:
    value = letta.rows(
        f"SELECT {column} FROM runs WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY count(*) LIMIT 1"
    )[0][0]
    name = column.removesuffix("_id")
    listed = {
        row["id"]
        for row in walk(superuser, f"/runs/?format=json&{name}={value}")
        if row["source"] == "runs"
    }
    assert listed == {
        row[0] for row in letta.rows(f"SELECT id FROM runs WHERE {column} = %s", [value])
    }


def test_a_time_range_bounds_the_list(letta: LettaDatabase, superuser: Client) -> None:
    (first,) = letta.rows("SELECT min(created_at) FROM runs WHERE isfinite(created_at)")[0]
    since, until = first + timedelta(days=30), first + timedelta(days=40)
    url = f"/runs/?format=json&since={since:%Y-%m-%dT%H:%M}&until={until:%Y-%m-%dT%H:%M}"
    sql = "SELECT id FROM runs WHERE created_at >= %s AND created_at < %s"
    bounds = [f"{since:%Y-%m-%dT%H:%M}Z", f"{until:%Y-%m-%dT%H:%M}Z"]
    assert {row["id"] for row in walk(superuser, url)} == {
        row[0] for row in letta.rows(sql, bounds)
    }


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("status=sideways", "Select a valid choice"),
        ("agent=<b>", "This is not an id"),
        ("since=soon", "Write a date"),
    ],
)
def test_a_bad_filter_says_so_beside_its_field(
    query: str, words: str, letta: LettaDatabase, superuser: Client
) -> None:
    response = superuser.get(f"/runs/?{query}")
    assert response.status_code == 200
    assert words in response.content.decode()


def test_newer_pages_lead_back_to_the_same_rows(letta: LettaDatabase, superuser: Client) -> None:
    first = superuser.get("/runs/?limit=10")
    second = superuser.get(first.context["page"].older_url)
    back = superuser.get(second.context["page"].newer_url)
    assert [row.id for row in back.context["page"]] == [row.id for row in first.context["page"]]


def test_the_csv_holds_every_run(letta: LettaDatabase, superuser: Client) -> None:
    lines = b"".join(superuser.get("/runs/?format=csv").streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith('"id"') or lines[0].startswith("id,")
    assert (
        len([line for line in lines[1:] if "run-" in line])
        >= letta.rows("SELECT count(*) FROM runs")[0][0]
    )


def test_tokens_are_those_of_the_runs_steps(letta: LettaDatabase, superuser: Client) -> None:
    sql = (
        "SELECT run_id, count(*), sum(total_tokens) FROM steps WHERE run_id IS NOT NULL GROUP BY 1"
    )
    summed = {run_id: (steps, tokens) for run_id, steps, tokens in letta.rows(sql)}
    for row in superuser.get("/runs/?format=json&limit=200").json()["results"]:
        assert (row["steps"], row["total_tokens"]) == summed.get(row["id"], (None, None))


def test_a_page_costs_at_most_six_queries_all_by_index(
    letta: LettaDatabase, superuser: Client
) -> None:
    superuser.get("/runs/")
    for query in ("", "?status=failed", "?limit=200"):
        sql = statements(lambda query=query: superuser.get(f"/runs/{query}"))
        assert len(sql) <= 6
        assert scanned(letta, sql) <= {"jobs"}


@pytest.mark.parametrize("release", ["0.6.54", "0.8.17", "0.11.7"])
def test_before_012_jobs_of_type_run_are_the_runs(
    release: str, worlds: Callable[[str], LettaDatabase], superuser: Client
) -> None:
    database = worlds(release)
    with pointed_at(database.uri()):
        rows = walk(superuser, "/runs/?format=json&limit=50")
    assert [row["id"] for row in rows] == [
        row[0]
        for row in database.rows(
            "SELECT id FROM jobs WHERE job_type = 'run' ORDER BY created_at DESC, id DESC"
        )
    ]
    assert {row["source"] for row in rows} == {"jobs"}
    assert any(row["agent_name"] for row in rows)


def test_an_upgraded_database_lists_both_eras_and_walks_back_through_both(
    cluster: Cluster, superuser: Client
) -> None:
    database = upgraded(cluster)
    with pointed_at(database.uri()):
        rows = walk(superuser, "/runs/?format=json&limit=3")
        assert [row["id"] for row in rows] == [
            *(f"run-{n}" for n in range(5, 0, -1)),
            *(f"run-old-{n}" for n in range(5, 0, -1)),
        ]
        page = superuser.get("/runs/?limit=3")
        for _ in range(3):
            page = superuser.get(page.context["page"].older_url)
        for _ in range(3):
            page = superuser.get(page.context["page"].newer_url)
        assert [row.id for row in page.context["page"]] == ["run-5", "run-4", "run-3"]


def upgraded(cluster: Cluster) -> LettaDatabase:
    """Five runs, and five of before the upgrade to 0.12 that are jobs only."""
    database = new_database(cluster, "0.16.8", schema="public")
    database.execute(
        "INSERT INTO organizations (id, name, privileged_tools) VALUES ('org-1', 'one', false)"
    )
    database.execute(
        "INSERT INTO users (id, name, organization_id) VALUES ('user-1', 'one', 'org-1')"
    )
    database.execute(
        "INSERT INTO agents (id, organization_id, message_buffer_autoclear) VALUES ('agent-1', 'org-1', false)"
    )
    for n in range(1, 6):
        values = [f"2026-03-0{n}", f"run-{n}", f"2025-03-0{n}", f"run-old-{n}"]
        database.execute("INSERT INTO runs (created_at, id, agent_id, status, organization_id) "
                         "VALUES (%s, %s, 'agent-1', 'completed', 'org-1')", values[:2])  # fmt: skip
        database.execute("INSERT INTO jobs (created_at, id, user_id, status, job_type) "
                         "VALUES (%s, %s, 'user-1', 'completed', 'run')", values[2:])  # fmt: skip
    database.provision()
    return database


def test_a_huge_jobs_table_without_an_index_is_not_listed_and_the_page_says_so(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents_app.runs.sources.SMALL_TABLE", -1)
    page = superuser.get("/runs/").content.decode()
    assert "no longer indexes by time" in page


def test_how_many_jobs_everybody_has_is_told_to_nobody_of_a_narrower_scope(
    letta: LettaDatabase, superuser: Client, browser_of: Callable[[str], Client],
    person: Callable[[str], User], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("agents_app.runs.sources.SMALL_TABLE", -1)
    person("support").assignments.all().delete()
    assign(person("support"), "organization", "org-none", "own")
    assert "among about" in superuser.get("/runs/").content.decode()
    assert "among jobs" in browser_of("support").get("/runs/").content.decode()
