"""Time travel: an agent's memory at a message, a step, a time."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db

BUSY = """
SELECT l.agent_id, b.id FROM blocks_agents l JOIN block b ON b.id = l.block_id
 WHERE b.id NOT LIKE 'block-bad%%' ORDER BY b.version DESC NULLS LAST, b.id LIMIT 1
"""


def as_json(client: Client, agent: str, query: str = "") -> Any:
    response = client.get(f"/agents/{agent}/at/?format=json{query}")
    assert response.status_code == 200, response.content[:300]
    return json.loads(response.content)


def values(found: Any) -> dict[str, str]:
    return {one["id"]: one["value"] for one in found["blocks"] if one["id"]}


@pytest.fixture
def call(letta: LettaDatabase, superuser: Client) -> dict[str, Any]:
    """A revision in the middle of a history, with the row that called and the agent that did."""
    block = letta.rows(BUSY)[0][1]
    page = json.loads(superuser.get(f"/blocks/{block}/history/?format=json&limit=200").content)
    found = [one for one in page["results"] if one["message_id"] and one["value"] is not None]
    middle: dict[str, Any] = found[len(found) // 2] | {"block": block}
    return middle


def test_without_a_moment_it_shows_what_is_remembered_now(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent = letta.rows(BUSY)[0][0]
    found = values(as_json(superuser, agent))
    held = letta.rows("SELECT b.id, b.value FROM blocks_agents l JOIN block b ON b.id = l.block_id WHERE l.agent_id = %s", [agent])  # fmt: skip
    assert found == dict(held)


def test_it_opens_for_agents_of_every_release(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for agent, message in letta_of_each_release.rows(
        "SELECT DISTINCT ON (agent_id) agent_id, id FROM messages ORDER BY agent_id, created_at DESC, id LIMIT 4"
    ):
        assert superuser.get(f"/agents/{agent}/at/?message={message}").status_code == 200


def test_after_the_row_with_the_return_the_value_is_the_one_that_was_written(
    call: dict[str, Any], letta: LettaDatabase, superuser: Client
) -> None:
    later = letta.rows(
        "SELECT id FROM messages WHERE agent_id = %s AND role = 'tool' AND sequence_id >"
        " (SELECT sequence_id FROM messages WHERE id = %s) ORDER BY sequence_id LIMIT 1",
        [call["agent_id"], call["message_id"]],
    )[0][0]
    found = as_json(superuser, call["agent_id"], f"&message={later}")
    assert values(found)[call["block"]] == call["value"]


def test_at_a_time_the_value_is_that_of_the_last_revision_before(
    call: dict[str, Any], superuser: Client
) -> None:
    found = as_json(superuser, call["agent_id"], f"&t={quote(call['at'])}")
    assert {one["grade"] for one in found["blocks"] if one["id"] == call["block"]} != {None}


def test_a_step_with_a_request_shows_exactly_what_was_sent(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent, step = letta.rows(
        "SELECT s.agent_id, s.id FROM steps s JOIN provider_traces t ON t.step_id = s.id"
        " WHERE s.agent_id IS NOT NULL ORDER BY s.id LIMIT 1"
    )[0]
    found = as_json(superuser, agent, f"&step={step}")
    assert found["context_source"] == "trace"
    assert found["context"][0]["role"]
    assert superuser.get(f"/agents/{agent}/at/?step={step}").status_code == 200


def test_without_the_right_to_prompts_the_context_is_rebuilt_and_says_so(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    agent, step = letta.rows(
        "SELECT s.agent_id, s.id FROM steps s JOIN provider_traces t ON t.step_id = s.id"
        " JOIN messages m ON m.step_id = s.id WHERE s.agent_id = m.agent_id ORDER BY s.id LIMIT 1"
    )[0]
    found = as_json(browser_of("support"), agent, f"&step={step}")
    assert found["context_source"] == "rebuilt"
    assert all("content" not in one for one in found["context"])
    body = browser_of("support").get(f"/agents/{agent}/at/?step={step}").content.decode()
    assert "needs the right to see prompts" in body


def test_steps_lead_to_the_ones_beside_them(call: dict[str, Any], superuser: Client) -> None:
    url = f"/agents/{call['agent_id']}/at/?step={call['step_id']}"
    stops = superuser.get(url).context["stops"]
    assert stops.earlier
    back = superuser.get(superuser.get(stops.earlier).context["stops"].later).context
    assert back["when"].step_id == call["step_id"]


def test_a_message_of_another_agent_is_a_404(letta: LettaDatabase, superuser: Client) -> None:
    agent = letta.rows(BUSY)[0][0]
    other = letta.rows("SELECT id FROM messages WHERE agent_id <> %s LIMIT 1", [agent])[0][0]
    assert superuser.get(f"/agents/{agent}/at/?message={other}").status_code == 404
    assert superuser.get(f"/agents/{agent}/at/?step=step-nobody").status_code == 404


def test_before_the_first_message_nothing_is_claimed(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent = letta.rows(BUSY)[0][0]
    body = superuser.get(f"/agents/{agent}/at/?t=1999-01-01").content.decode()
    assert "nothing tells what it remembered then" in body


def test_a_wrong_time_shows_its_error(letta: LettaDatabase, superuser: Client) -> None:
    agent = letta.rows(BUSY)[0][0]
    assert "Write a date as" in superuser.get(f"/agents/{agent}/at/?t=soon").content.decode()


def test_reading_it_is_on_record(letta: LettaDatabase, browser_of: Callable[[str], Client]) -> None:
    agent = letta.rows(BUSY)[0][0]
    browser_of("support").get(f"/agents/{agent}/at/")
    event = AccessEvent.objects.get()
    assert (event.action, event.agent_id, event.object_ids[0]) == ("memory.at", agent, agent)


def test_it_needs_the_right_to_content(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    assert browser_of("ops").get(f"/agents/{letta.rows(BUSY)[0][0]}/at/").status_code == 403
