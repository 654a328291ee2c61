"""A search through a whole thread runs in the worker and finds what the page's windows find."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from procrastinate.contrib.django import app

from agents_app.accounts.models import AccessEvent
from agents_app.letta import access
from agents_app.work.models import BackgroundWork
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db(transaction=True)
BUSIEST = """
SELECT agent_id FROM messages WHERE role = 'user' AND NOT is_deleted
 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
"""


@pytest.fixture
def agent_id(letta: LettaDatabase) -> str:
    return str(letta.rows(BUSIEST)[0][0])


def started(client: Client, agent_id: str, **fields: Any) -> str:
    response = client.post(f"/agents/{agent_id}/messages/search/", fields)
    assert response.status_code == 302, response.content[:300]
    return str(response["Location"])


def run_worker() -> None:
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(
        queues=["letta"], wait=False, install_signal_handlers=False, delete_jobs="always"
    )


def test_it_finds_every_user_message_of_the_agent(
    superuser: Client, agent_id: str, letta: LettaDatabase
) -> None:
    url = started(superuser, agent_id, role="user", thread="all")
    run_worker()
    data = superuser.get(url + "?format=json").json()
    sql = "SELECT id FROM messages WHERE agent_id = %s AND role = 'user' AND NOT is_deleted ORDER BY sequence_id DESC"
    expected = [row[0] for row in letta.rows(sql, [agent_id])][:500]
    assert data["state"] == "done"
    assert [hit["id"] for hit in data["results"]] == expected


def test_the_page_shows_the_hits_as_places(superuser: Client, agent_id: str) -> None:
    url = started(superuser, agent_id, role="user", thread="all")
    run_worker()
    page = superuser.get(url).content.decode()
    assert "Done" in page
    assert f"/agents/{agent_id}/messages/?at=" in page or "/conversations/" in page


def test_a_waiting_page_asks_nothing_of_letta(superuser: Client, agent_id: str) -> None:
    url = started(superuser, agent_id, role="user")
    access.close_idle()
    before = access.connects_total()
    assert "Waiting for the worker" in superuser.get(url).content.decode()
    assert access.connects_total() == before


def test_the_last_poll_stops_polling(superuser: Client, agent_id: str) -> None:
    url = started(superuser, agent_id, role="user")
    headers = {"HX-Request": "true", "HX-Target": "progress"}
    assert superuser.get(url, headers=headers).status_code == 200
    run_worker()
    assert superuser.get(url, headers=headers).status_code == 286


def test_it_can_be_cancelled(superuser: Client, agent_id: str) -> None:
    url = started(superuser, agent_id, role="user")
    assert "Cancelled" in superuser.post(url).content.decode()


def test_the_words_are_neither_stored_nor_recorded(superuser: Client, agent_id: str) -> None:
    started(superuser, agent_id, q="zebra crossing")
    work, event = BackgroundWork.objects.get(), AccessEvent.objects.latest("pk")
    assert b"zebra" not in bytes(work.arguments)
    assert event.action == "conversation.search"
    assert event.object_ids == [agent_id]


def test_without_anything_to_look_for_it_is_a_clear_error(superuser: Client, agent_id: str) -> None:
    response = superuser.post(f"/agents/{agent_id}/messages/search/", {})
    assert response.status_code == 400
    assert "Say what to look for" in response.content.decode()


def test_it_belongs_to_one_person(superuser: Client, browser_of: Any, agent_id: str) -> None:
    url = started(superuser, agent_id, role="user")
    assert User.objects.count() == 1
    assert browser_of("support").get(url).status_code == 404


def test_starting_needs_the_right_and_a_form(
    browser_of: Any, superuser: Client, agent_id: str
) -> None:
    path = f"/agents/{agent_id}/messages/search/"
    assert browser_of("ops").post(path, {"role": "user"}).status_code == 403
    assert superuser.get(path).status_code == 405
    assert (
        superuser.post("/agents/agent-none/messages/search/", {"role": "user"}).status_code == 404
    )
