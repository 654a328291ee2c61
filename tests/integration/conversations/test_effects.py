"""What calls did to memory, in place in the transcript: drawn later, bounded, for every release."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from tests.lettadb import LettaDatabase
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db

BUSY = """
SELECT agent_id FROM messages WHERE tool_calls::text ~ '"(memory_|core_memory_)' AND agent_id NOT LIKE 'agent-bad%%'
 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
"""
FAILED = """
SELECT c.agent_id, c.id FROM messages c JOIN messages r ON r.agent_id = c.agent_id AND r.tool_call_id = c.tool_call_id
 WHERE c.tool_calls::text ~ '"memory_replace"' AND r.role = 'tool' AND r.tool_returns::text ~ '"status": ?"error"' LIMIT 1
"""


def busy(database: LettaDatabase) -> str:
    return str(database.rows(BUSY)[0][0])


def page(client: Client, agent: str, query: str) -> Any:
    return client.get(f"/agents/{agent}/messages/?thread=all&{query}")


def told(client: Client, agent: str, query: str) -> Any:
    """What the page's own links to effects give as JSON."""
    urls = page(client, agent, query).context["effects_urls"]
    answers = [json.loads(client.get(f"{url}&format=json").content) for url in urls]
    return [one for answer in answers for one in answer["effects"]]


def test_each_release_tells_what_its_tools_changed(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    found = told(superuser, busy(letta_of_each_release), "memory=on")
    assert found
    assert {one["kind"] for one in found} <= {"edited", "created", "detached", "renamed"}
    edited = [one for one in found if one["kind"] == "edited"]
    assert edited
    assert all(one["before"] != one["after"] for one in edited)
    assert {one["label"] for one in edited if not one["block_id"]} <= {"open_repairs"}  # renamed


@pytest.mark.parametrize("view", ["reader", "full"])
def test_every_effect_has_its_place_on_the_page(
    view: str, letta: LettaDatabase, superuser: Client
) -> None:
    shown = page(superuser, busy(letta), f"view={view}&limit=100")
    places = set(re.findall(r'id="(effects-[^"]+)"', shown.content.decode()))
    sent = [superuser.get(url, headers={"HX-Request": "true"}).content.decode()
            for url in shown.context["effects_urls"]]  # fmt: skip
    swapped = {one for text in sent for one in re.findall(r'id="(effects-[^"]+)"', text)}
    assert swapped
    assert swapped <= places


def test_the_fragment_shows_counts_words_and_a_link_to_the_history(
    letta: LettaDatabase, superuser: Client
) -> None:
    url = page(superuser, busy(letta), "memory=on").context["effects_urls"][0]
    body = superuser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in body
    assert "<ins>+1</ins>" in body
    assert re.search(r'href="/blocks/block-[^"]+/history/\?to=call%3A', body)
    assert superuser.get(url).content.decode().count("<h1>") == 1


def test_the_history_that_an_effect_links_to_has_its_revision(
    letta: LettaDatabase, superuser: Client
) -> None:
    for one in told(superuser, busy(letta), "memory=on")[:5]:
        found = superuser.get(f"/blocks/{one['block_id']}/history/?to={one['revision_id']}")
        assert found.context["new"].id == one["revision_id"]
        assert found.context["new"].value == one["after"] or not one["whole"]


def test_a_failed_call_shows_nothing(letta: LettaDatabase, superuser: Client) -> None:
    agent, message = letta.rows(FAILED)[0]
    answer = superuser.get(f"/agents/{agent}/messages/effects/?message={message}&format=json")
    assert json.loads(answer.content) == {"effects": []}
    assert b"None of these calls" in superuser.get(
        f"/agents/{agent}/messages/effects/?message={message}"
    ).content  # fmt: skip


def test_json_of_a_transcript_leads_to_the_effects_of_its_rows(
    letta: LettaDatabase, superuser: Client
) -> None:
    found = json.loads(page(superuser, busy(letta), "format=json&memory=on").content)
    assert json.loads(superuser.get(found["effects"][0]).content)["effects"]


def test_effects_of_a_page_take_few_statements_by_index(
    letta: LettaDatabase, superuser: Client
) -> None:
    url = page(superuser, busy(letta), "view=full").context["effects_urls"][0]
    sent = statements(lambda: superuser.get(url))
    assert 0 < len(sent) <= 10, "\n\n".join(sent)
    assert not scanned(letta, sent) & {"messages", "block"}


def test_the_page_itself_asks_no_more_than_before(letta: LettaDatabase, superuser: Client) -> None:
    agent = busy(letta)
    page(superuser, agent, "view=full")
    assert len(statements(lambda: page(superuser, agent, "view=full"))) <= 12


def test_seeing_effects_is_on_record_by_ids(letta: LettaDatabase, superuser: Client) -> None:
    agent = busy(letta)
    told(superuser, agent, "memory=on")
    event = AccessEvent.objects.filter(action="memory.effects").latest("pk")
    assert all(one.startswith("block-") for one in event.object_ids)


@pytest.mark.parametrize(
    "query", ["message=%00", "message=a/b", "&".join(f"message=m{n}" for n in range(70))]
)
def test_odd_ids_are_refused(query: str, letta: LettaDatabase, superuser: Client) -> None:
    url = f"/agents/{busy(letta)}/messages/effects/?{query}"
    assert superuser.get(url).status_code == 400


def test_ids_of_another_agent_tell_nothing(letta: LettaDatabase, superuser: Client) -> None:
    agent = busy(letta)
    other = letta.rows(
        "SELECT id FROM messages WHERE agent_id <> %s AND tool_calls::text ~ 'memory_' LIMIT 1",
        [agent],
    )[0][0]
    answer = superuser.get(f"/agents/{agent}/messages/effects/?message={other}&format=json")
    assert json.loads(answer.content) == {"effects": []}


# --- only turns that changed memory ------------------------------------------------------------------


def test_the_filter_keeps_the_whole_turn(letta: LettaDatabase, superuser: Client) -> None:
    agent = busy(letta)
    shown = page(superuser, agent, "memory=on&limit=10")
    rows = shown.context["page"] if "page" in shown.context else shown.context["groups"]
    turns = [turn for group in rows for turn in group.turns]
    kinds = [turn.said.reading.kind for turn in turns]
    assert kinds[0] in {"user", "transcript", "agent_message"}
    calls = [turn for turn in turns if turn.said.reading.calls]
    assert calls
    assert all(piece.call.returned for turn in calls for piece in turn.pieces if piece.call)


def test_the_filter_finds_every_call_that_changed_memory_once(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent = busy(letta)
    every = {one["message_id"] for one in told(superuser, agent, "memory=on&limit=200")}
    url, found = f"/agents/{agent}/messages/?thread=all&memory=on&limit=7", list[str]()
    while url:
        answer = superuser.get(url)
        found += [key.id for key in answer.context["looked"].keys]
        url = answer.context["older_url"]
    assert len(found) == len(set(found))
    assert set(found) == every


def test_the_filter_says_how_far_it_looked(letta: LettaDatabase, superuser: Client) -> None:
    body = page(superuser, busy(letta), "memory=on&limit=5").content.decode()
    assert re.search(r"5 calls that changed memory: looked at [\d,]+ messages", body)


def test_the_filter_reads_no_table_whole(letta: LettaDatabase, superuser: Client) -> None:
    agent = busy(letta)
    sent = statements(lambda: page(superuser, agent, "memory=on&limit=20"))
    assert len(sent) <= 24, "\n\n".join(sent)
    assert not scanned(letta, sent) & {"messages", "conversation_messages", "steps", "runs"}


def test_it_works_in_each_release(letta_of_each_release: LettaDatabase, superuser: Client) -> None:
    agent = busy(letta_of_each_release)
    shown = page(superuser, agent, "memory=on")
    assert shown.context["looked"].keys
    assert page(superuser, agent, "memory=on&view=reader").status_code == 200


# --- time travel and what was not seen ------------------------------------------------------------------


def test_every_message_links_to_what_was_remembered_then(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent = busy(letta)
    body = page(superuser, agent, "view=full").content.decode()
    links = re.findall(rf'href="(/agents/{agent}/at/\?message=[^"]+)"', body)
    assert len(links) == body.count('class="turn__links"') > 10
    assert superuser.get(links[0]).status_code == 200


STALE = """
SELECT m.agent_id, array_agg(DISTINCT m.step_id) FROM messages m JOIN provider_traces t ON t.step_id = m.step_id
 WHERE m.tool_calls::text ~ '"memory_' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
"""


def test_steps_that_were_shown_an_older_text_are_marked(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent = letta.rows(STALE)[0][0]
    shown = page(superuser, agent, "view=full&limit=100")
    body = shown.content.decode()
    answers = [superuser.get(url, headers={"HX-Request": "true"}).content.decode()
               for url in shown.context["unseen_urls"]]  # fmt: skip
    marked = {one for text in answers for one in re.findall(r'id="(unseen-[^"]+)"', text)}
    assert marked
    assert all(f'id="{one}"' in body for one in marked)
    assert "Stored but not seen" in answers[0]


def test_unseen_as_json_names_shown_and_stored(letta: LettaDatabase, superuser: Client) -> None:
    agent = letta.rows(STALE)[0][0]
    url = page(superuser, agent, "view=full&limit=100").context["unseen_urls"][0]
    found = json.loads(superuser.get(f"{url}&format=json").content)["steps"]
    assert found
    assert all(one["shown"] != one["stored"] for step in found for one in step["blocks"])
    assert superuser.get(url).status_code == 200
