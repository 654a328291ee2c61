"""The page of a run: its steps, messages, what Letta kept of its end, and who sees which part."""

from collections.abc import Callable

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from tests.lettadb import LettaDatabase, pointed_at
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed_run(letta: LettaDatabase) -> str:
    """A run whose step failed with an error, and whose metadata names one."""
    sql = "SELECT r.id FROM runs r JOIN steps s ON s.run_id = r.id WHERE s.error_type LIKE 'LLM%' ORDER BY 1 LIMIT 1"
    return str(letta.rows(sql)[0][0])


@pytest.fixture
def long_run(letta: LettaDatabase) -> str:
    """The run with the most messages."""
    sql = (
        "SELECT run_id FROM messages WHERE run_id IS NOT NULL AND NOT is_deleted"
        " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    return str(letta.rows(sql)[0][0])


def test_steps_and_messages_are_the_runs_own_in_order(
    letta: LettaDatabase, long_run: str, superuser: Client
) -> None:
    data = superuser.get(f"/runs/{long_run}/?format=json").json()
    messages = letta.rows(
        "SELECT id FROM messages WHERE run_id = %s AND NOT is_deleted ORDER BY sequence_id",
        [long_run],
    )
    steps = letta.rows("SELECT id FROM steps WHERE run_id = %s ORDER BY created_at, id", [long_run])
    assert [row["id"] for row in data["messages"]] == [row[0] for row in messages][:200]
    assert [row["id"] for row in data["steps"]] == [row[0] for row in steps][:200]


def test_every_run_opens(letta: LettaDatabase, superuser: Client) -> None:
    for (run_id,) in letta.rows("SELECT id FROM runs ORDER BY id LIMIT 60"):
        assert superuser.get(f"/runs/{run_id}/").status_code == 200, run_id


def test_every_run_of_each_release_opens(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for (run_id,) in letta_of_each_release.rows(
        "SELECT id FROM jobs WHERE job_type = 'run' ORDER BY id LIMIT 25"
    ):
        response = superuser.get(f"/runs/{run_id}/")
        assert response.status_code == 200
        assert b"kept as a job" in response.content


def test_a_run_of_before_012_shows_its_messages(
    worlds: Callable[[str], LettaDatabase], superuser: Client
) -> None:
    database = worlds("0.11.7")
    job_id, count = database.rows(
        "SELECT job_id, count(*) FROM job_messages GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
    )[0]
    with pointed_at(database.uri()):
        data = superuser.get(f"/runs/{job_id}/?format=json&deleted=include").json()
    assert len(data["messages"]) == min(count, 200)
    assert data["agent_name"]


def test_an_error_is_shown_to_support_and_put_on_record(
    failed_run: str, browser_of: Callable[[str], Client]
) -> None:
    data = browser_of("support").get(f"/runs/{failed_run}/?format=json").json()
    assert any(step.get("error_data") for step in data["steps"])
    assert AccessEvent.objects.filter(action="run.read", object_kind="step").exists()


def test_operations_see_the_kind_of_error_but_not_its_text(
    failed_run: str, browser_of: Callable[[str], Client]
) -> None:
    data = browser_of("ops").get(f"/runs/{failed_run}/?format=json").json()
    assert any(step["error_type"] for step in data["steps"])
    assert not any("error_data" in step for step in data["steps"])
    assert data["metadata"] is None
    assert data["request_config"] is None
    assert not AccessEvent.objects.exists()


def test_an_unfinished_run_is_marked_with_its_age(letta: LettaDatabase, superuser: Client) -> None:
    run_id = letta.rows("SELECT id FROM runs WHERE status = 'created' ORDER BY created_at LIMIT 1")[
        0
    ][0]
    assert b"Unfinished since" in superuser.get(f"/runs/{run_id}/").content


def test_only_the_host_of_a_callback_is_shown(letta: LettaDatabase, superuser: Client) -> None:
    run_id, url = letta.rows(
        "SELECT id, callback_url FROM runs WHERE callback_url LIKE '%?%' ORDER BY id LIMIT 1"
    )[0]
    text = superuser.get(f"/runs/{run_id}/?format=json").content.decode()
    assert url.split("?", 1)[1] not in text
    assert '"is_set": true' in text


def test_messages_link_to_the_transcript_at_their_place(
    letta: LettaDatabase, long_run: str, superuser: Client
) -> None:
    message_id = letta.rows(
        "SELECT id FROM messages WHERE run_id = %s AND NOT is_deleted ORDER BY sequence_id LIMIT 1",
        [long_run],
    )[0][0]
    assert f"?at={message_id}" in superuser.get(f"/runs/{long_run}/").content.decode()


def test_a_run_costs_at_most_nine_queries_all_by_index(
    letta: LettaDatabase, long_run: str, superuser: Client
) -> None:
    superuser.get(f"/runs/{long_run}/")
    sql = statements(lambda: superuser.get(f"/runs/{long_run}/"))
    assert len(sql) <= 9
    assert scanned(letta, sql) == set()


def test_an_unknown_run_is_a_404(letta: LettaDatabase, superuser: Client) -> None:
    assert superuser.get("/runs/run-00000000-dead-4000-8000-000000000000/").status_code == 404
    assert superuser.get("/runs/<b>/").status_code == 404
