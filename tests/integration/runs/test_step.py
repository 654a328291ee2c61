"""The page of a step, its raw model requests on demand, traces by themselves, and jobs."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from agents_app.runs import traces
from tests.lettadb import LettaDatabase, pointed_at
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def traced(letta: LettaDatabase) -> tuple[str, str]:
    """A step and one of its traces."""
    sql = "SELECT step_id, id FROM provider_traces WHERE step_id IN (SELECT id FROM steps) ORDER BY 1, 2 LIMIT 1"
    step_id, trace_id = letta.rows(sql)[0]
    return str(step_id), str(trace_id)


def test_every_step_opens(letta_of_each_release: LettaDatabase, superuser: Client) -> None:
    for (step_id,) in letta_of_each_release.rows("SELECT id FROM steps ORDER BY id LIMIT 40"):
        assert superuser.get(f"/steps/{step_id}/").status_code == 200, step_id


def test_its_messages_are_its_own(letta_of_each_release: LettaDatabase, superuser: Client) -> None:
    sql = "SELECT step_id FROM messages WHERE step_id IN (SELECT id FROM steps) ORDER BY sequence_id DESC LIMIT 1"
    step_id = letta_of_each_release.rows(sql)[0][0]
    data = superuser.get(f"/steps/{step_id}/?format=json").json()
    stored = letta_of_each_release.rows(
        "SELECT id FROM messages WHERE step_id = %s ORDER BY sequence_id", [step_id]
    )
    assert [row["id"] for row in data["messages"]] == [row[0] for row in stored]


def test_a_step_lists_its_traces_without_reading_them(
    letta: LettaDatabase, traced: tuple[str, str], superuser: Client
) -> None:
    sql = statements(lambda: superuser.get(f"/steps/{traced[0]}/"))
    assert not any("request_json" in one and "pg_column_size" not in one for one in sql)
    assert not AccessEvent.objects.filter(action="trace.read").exists()


def test_an_opened_trace_is_shown_and_on_record(
    letta: LettaDatabase, traced: tuple[str, str], superuser: Client
) -> None:
    step_id, trace_id = traced
    data = superuser.get(f"/steps/{step_id}/?trace={trace_id}&format=json").json()
    stored = json.loads(
        letta.rows("SELECT request_json::text FROM provider_traces WHERE id = %s", [trace_id])[0][0]
    )
    assert data["trace"]["request"]["value"].keys() == stored.keys()
    event = AccessEvent.objects.get(action="trace.read")
    assert event.object_ids == [trace_id, step_id]
    assert event.agent_id.startswith("agent-")


@pytest.mark.parametrize("role", ["support", "ops"])
def test_traces_need_the_right_to_prompts(
    role: str, traced: tuple[str, str], browser_of: Callable[[str], Client]
) -> None:
    client = browser_of(role)
    assert client.get(f"/steps/{traced[0]}/").status_code == 200
    assert client.get(f"/steps/{traced[0]}/?trace={traced[1]}").status_code == 403
    assert client.get(f"/traces/{traced[1]}/").status_code == 403
    assert client.get(f"/traces/{traced[1]}/?download=request").status_code == 403


def test_a_trace_of_another_step_is_not_shown_here(
    letta: LettaDatabase, traced: tuple[str, str], superuser: Client
) -> None:
    other = letta.rows("SELECT id FROM steps WHERE id <> %s ORDER BY id LIMIT 1", [traced[0]])[0][0]
    assert superuser.get(f"/steps/{other}/?trace={traced[1]}").status_code == 404


def test_a_download_is_the_stored_text_in_pieces_and_an_export(
    letta: LettaDatabase,
    traced: tuple[str, str],
    superuser: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(traces, "PIECE_CHARACTERS", 100)
    response = superuser.get(f"/traces/{traced[1]}/?download=request")
    body = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert (
        body
        == letta.rows("SELECT request_json::text FROM provider_traces WHERE id = %s", [traced[1]])[
            0
        ][0]
    )
    assert AccessEvent.objects.filter(action="trace.export").count() == 1


def test_a_long_body_is_cut_and_says_so(
    letta: LettaDatabase,
    traced: tuple[str, str],
    superuser: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agents_app.runs.stored.SHOWN_CHARACTERS", 200)
    data = superuser.get(f"/steps/{traced[0]}/?trace={traced[1]}&format=json").json()
    assert data["trace"]["request"]["is_cut"]
    assert "cut off" in data["trace"]["request"]["problem"]


def test_a_trace_without_a_step_has_a_page_of_its_own(
    letta: LettaDatabase, superuser: Client
) -> None:
    for (trace_id,) in letta.rows(
        "SELECT id FROM provider_traces ORDER BY step_id NULLS FIRST, id LIMIT 5"
    ):
        assert superuser.get(f"/traces/{trace_id}/").status_code == 200


def test_a_step_costs_at_most_six_queries_all_by_index(
    letta: LettaDatabase, traced: tuple[str, str], superuser: Client
) -> None:
    superuser.get(f"/steps/{traced[0]}/")
    sql = statements(lambda: superuser.get(f"/steps/{traced[0]}/"))
    assert len(sql) <= 6
    assert scanned(letta, sql) == set()


def test_every_job_opens(letta_of_each_release: LettaDatabase, superuser: Client) -> None:
    for (job_id,) in letta_of_each_release.rows("SELECT id FROM jobs ORDER BY id LIMIT 25"):
        assert superuser.get(f"/jobs/{job_id}/").status_code == 200, job_id
        assert superuser.get(f"/jobs/{job_id}/?format=json").json()["id"] == job_id


def test_a_job_holds_its_notes_back_from_operations(
    worlds: Callable[[str], LettaDatabase], browser_of: Callable[[str], Client]
) -> None:
    database = worlds("0.8.17")
    job_id = database.rows(
        "SELECT id FROM jobs WHERE metadata_::text LIKE '{%' ORDER BY id LIMIT 1"
    )[0][0]
    with pointed_at(database.uri()):
        assert browser_of("ops").get(f"/jobs/{job_id}/?format=json").json()["metadata"] is None
        assert browser_of("support").get(f"/jobs/{job_id}/?format=json").json()["metadata"]["value"]
