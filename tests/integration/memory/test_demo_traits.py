"""The demo world shows every grade and trait of a history, each found by opening the pages."""

import re

import pytest
from django.test import Client

from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db

BLOCK_OF = """
SELECT b.id FROM block b JOIN blocks_agents l ON l.block_id = b.id JOIN agents a ON a.id = l.agent_id
 WHERE a.name = %s AND b.label = %s
"""
AGENT = "SELECT id FROM agents WHERE name = %s ORDER BY id LIMIT 1"
COPY = "SELECT block_id, conversation_id FROM blocks_conversations LIMIT 1"


def history(database: LettaDatabase, client: Client, agent: str, label: str) -> str:
    block = database.rows(BLOCK_OF, [agent, label])[0][0]
    return str(client.get(f"/blocks/{block}/history/?limit=200").content.decode())


@pytest.mark.parametrize("grade", ["observed", "verified", "replayed", "conflict", "gap"])
def test_the_list_of_repairs_has_revisions_of_every_grade(
    grade: str, letta: LettaDatabase, superuser: Client
) -> None:
    block = letta.rows(BLOCK_OF, ["Workshop Desk", "repair_queue"])[0][0]
    found = superuser.get(f"/blocks/{block}/history/?grade={grade}&limit=200").context["entries"]
    assert found
    assert {one.revision.grade for one in found} == {grade}


def test_its_completeness_line_says_what_is_missing(
    letta: LettaDatabase, superuser: Client
) -> None:
    body = history(letta, superuser, "Workshop Desk", "repair_queue")
    assert re.search(r"9 writes by the version counter, \d explained", body)


def test_a_block_is_shared_with_a_sleeptime_agent_that_writes_it(
    letta: LettaDatabase, superuser: Client
) -> None:
    sleeper = letta.rows(AGENT, ["Advice Desk-sleeptime"])[0][0]
    body = history(letta, superuser, "Advice Desk", "human")
    assert f'href="/agents/{sleeper}/"' in body
    page = superuser.get(f"/blocks/{letta.rows(BLOCK_OF, ['Advice Desk', 'human'])[0][0]}/")
    assert len(page.context["agents"].value) == 2


def test_an_edit_by_rest_left_no_message(letta: LettaDatabase, superuser: Client) -> None:
    body = history(letta, superuser, "Care Desk", "team_notes")
    assert "VIP since this month" in body
    assert "Changed without a message" in body


def test_a_text_went_back_to_what_it_had_said(letta: LettaDatabase, superuser: Client) -> None:
    night = letta.rows(AGENT, ["Night Desk"])[0][0]
    body = superuser.get(f"/agents/{night}/memory/").content.decode()
    assert "Flip-flop" in body


def test_an_undo_is_told_from_its_checkpoints(letta: LettaDatabase, superuser: Client) -> None:
    block = letta.rows(BLOCK_OF, ["Carrier Watcher", "persona"])[0][0]
    found = superuser.get(f"/blocks/{block}/history/").context["entries"]
    assert [one.revision.note for one in found] == ["undo", "", ""]


def test_a_renamed_block_keeps_its_history_and_its_rename_is_told_in_place(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent = letta.rows(AGENT, ["Workshop Desk"])[0][0]
    page = superuser.get(f"/agents/{agent}/messages/?memory=on")
    bodies = [superuser.get(url).content.decode() for url in page.context["effects_urls"]]
    assert any("renamed to" in body and "repair_queue" in body for body in bodies)


def test_a_conversation_has_a_copy_of_its_own(letta: LettaDatabase, superuser: Client) -> None:
    block, conversation = letta.rows(COPY)[0]
    body = superuser.get(f"/blocks/{block}/").content.decode()
    assert f'href="/conversations/{conversation}/"' in body
    assert superuser.get(f"/blocks/{block}/history/").status_code == 200
    shown = superuser.get(f"/conversations/{conversation}/?memory=on")
    assert len(shown.context["looked"].keys) == 1


def test_a_step_was_shown_less_than_was_stored(letta: LettaDatabase, superuser: Client) -> None:
    agent = letta.rows(AGENT, ["Night Desk"])[0][0]
    page = superuser.get(f"/agents/{agent}/messages/?view=full&limit=200")
    bodies = [superuser.get(url).content.decode() for url in page.context["unseen_urls"]]
    assert any("Stored but not seen" in body and "human" in body for body in bodies)
