"""The page of one memory block."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db


def as_json(client: Client, pk: str) -> Any:
    return json.loads(client.get(f"/blocks/{pk}/?format=json").content)


def test_every_block_of_every_release_opens_with_its_value(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for pk, length in letta_of_each_release.rows("SELECT id, char_length(value) FROM block"):
        assert superuser.get(f"/blocks/{pk}/").status_code == 200, pk
        found = as_json(superuser, pk)
        assert len(found["value"]) == found["characters"] == length


def test_it_names_the_agents_that_hold_it(letta: LettaDatabase, superuser: Client) -> None:
    pk = letta.rows(
        "SELECT block_id FROM blocks_agents GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )[0][0]
    agents = {
        row[0] for row in letta.rows("SELECT agent_id FROM blocks_agents WHERE block_id = %s", [pk])
    }
    assert {one["id"] for one in as_json(superuser, pk)["agents"]} == agents


def test_a_private_copy_names_its_conversation(letta: LettaDatabase, superuser: Client) -> None:
    pk, conversation_id = letta.rows(
        "SELECT block_id, conversation_id FROM blocks_conversations ORDER BY 1 LIMIT 1"
    )[0]
    assert [one["id"] for one in as_json(superuser, pk)["conversations"]] == [conversation_id]


def test_ops_see_how_full_it_is_but_not_what_it_says(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    pk = letta.rows("SELECT id FROM block WHERE value <> '' ORDER BY id LIMIT 1")[0][0]
    found = as_json(browser_of("ops"), pk)
    assert (found["value"], found["identities"]) == (None, None)
    assert found["characters"] > 0
    assert (
        "needs the right to see content" in browser_of("ops").get(f"/blocks/{pk}/").content.decode()
    )
    assert not AccessEvent.objects.exists()


def test_reading_it_is_on_record(letta: LettaDatabase, browser_of: Callable[[str], Client]) -> None:
    pk = letta.rows("SELECT id FROM block ORDER BY id LIMIT 1")[0][0]
    browser_of("support").get(f"/blocks/{pk}/")
    assert AccessEvent.objects.get().object_ids == [pk]


def test_it_says_which_agent_and_call_changed_it_last(
    letta: LettaDatabase, superuser: Client
) -> None:
    pk = letta.rows(
        "SELECT id FROM block WHERE id NOT LIKE 'block-bad%%' ORDER BY version DESC NULLS LAST, id LIMIT 1"
    )[0][0]
    history = json.loads(superuser.get(f"/blocks/{pk}/history/?format=json&limit=200").content)
    last = history["results"][-1]
    context = superuser.get(f"/blocks/{pk}/").context
    assert context["last"].value.revision.id == last["id"]
    assert context["last"].value.revision.agent_id == last["agent_id"]
