"""The message that led to a change of memory, with the words marked that the call took from it."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.cluster import Cluster
from tests.integration.revisions.scene import Scene
from tests.lettadb import LettaDatabase, new_database, pointed_at

pytestmark = pytest.mark.django_db

BUSY = """
SELECT l.block_id FROM blocks_agents l JOIN block b ON b.id = l.block_id
 WHERE b.id NOT LIKE 'block-bad%%' AND b.label = 'human' ORDER BY b.version DESC, b.id LIMIT 1
"""


def caused(database: LettaDatabase, client: Client) -> list[dict[str, Any]]:
    """Revisions of a busy block that a call brought after a message."""
    block = database.rows(BUSY)[0][0]
    found = json.loads(client.get(f"/blocks/{block}/history/?format=json&limit=200").content)
    return [one for one in found["results"] if one["tool"] and one["cause_message_id"]]


def address(one: dict[str, Any]) -> str:
    return f"/messages/{one['cause_message_id']}/?words={one['id']}"


def test_words_of_the_call_are_marked_in_the_message_before_it(
    letta: LettaDatabase, superuser: Client
) -> None:
    bodies = [superuser.get(address(one)).content.decode() for one in caused(letta, superuser)[:20]]
    marks = [re.findall(r'<mark class="hit">([^<]+)</mark>', body) for body in bodies]
    assert any(marks)  # customers write in languages that the agent's notes are not in
    assert all("Marked are words that a call wrote into" in body for body in bodies)


def test_the_blame_page_links_to_marks_by_ids_alone(
    letta: LettaDatabase, superuser: Client
) -> None:
    block = letta.rows(BUSY)[0][0]
    body = superuser.get(f"/blocks/{block}/blame/").content.decode()
    links = re.findall(r'hx-get="(/messages/[^"]+)"', body)
    assert links
    assert all(re.fullmatch(r"/messages/[\w-]+/\?words=call%3A[\w-]+%3A\d+", one) for one in links)


def test_htmx_gets_an_excerpt_only(letta: LettaDatabase, superuser: Client) -> None:
    one = caused(letta, superuser)[0]
    body = superuser.get(address(one), headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in body
    assert len(body) < 6_000
    assert f'href="{address(one)}"' in body.replace("%3A", ":")


@pytest.mark.parametrize("words", ["nothing", "call:absent:0", "call::", "a/b", "call:x:99", ""])
def test_what_names_no_call_marks_nothing(
    words: str, letta: LettaDatabase, superuser: Client
) -> None:
    one = caused(letta, superuser)[0]
    body = superuser.get(f"/messages/{one['cause_message_id']}/?words={words}").content.decode()
    assert '<mark class="hit">' not in body


def test_a_reader_without_prompts_gets_no_excerpt_of_one(
    letta: LettaDatabase, superuser: Client, browser_of: Any
) -> None:
    prompt = letta.rows(
        "SELECT message_ids->>0 FROM agents WHERE id NOT LIKE 'agent-bad%%' ORDER BY id LIMIT 1"
    )[0][0]
    one = caused(letta, superuser)[0]
    url = f"/messages/{prompt}/?words={one['id']}"
    body = browser_of("support").get(url, headers={"HX-Request": "true"}).content.decode()
    assert "right to see prompts" in body
    assert "<mark" not in body


def test_words_of_what_is_masked_in_memory_are_not_marked(
    cluster: Cluster, superuser: Client, browser_of: Any
) -> None:
    database = new_database(cluster)
    told = Scene(database)
    told.organization()
    told.agent("agent-1")
    asked, called = _written(told, "Mail ada.lovelace@corp-example.com yearly")
    database.provision()
    with pointed_at(database.uri()):
        for client, found in (
            (superuser, {"yearly", "lovelace"}),
            (browser_of("support"), {"yearly"}),
        ):
            body = client.get(f"/messages/{asked}/?words=call:{called}:0").content.decode()
            assert set(re.findall(r'<mark class="hit">([^<]+)</mark>', body)) == found


def _written(told: Scene, line: str) -> tuple[str, str]:
    """Ids of a customer's message and of the call after it that wrote the line."""
    told.block("block-1", f"old\n{line}", version=2)
    told.attach("agent-1", "block-1")
    called = told.turn(
        "agent-1", {"human": "old"}, "memory_insert", label="human", new_string=line, insert_line=-1,
        returned=f"old\n{line}",
    )  # fmt: skip
    asked = told.database.rows("SELECT id FROM messages WHERE role = 'user'")[0][0]
    text = [{"type": "text", "text": "lovelace wants it yearly, please"}]
    told.database.execute(
        "UPDATE messages SET content = %s WHERE role = 'user'", [json.dumps(text)]
    )
    return asked, called
