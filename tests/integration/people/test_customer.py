"""The parts of a customer's page: what they show, to whom, how many questions they ask, and what goes on record."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from tests.inert import findings
from tests.lettadb import LettaDatabase
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db

PARTS = ("conversations", "memory", "changes", "passages", "files")
BUDGETS = {"conversations": 5, "memory": 8, "changes": 40, "passages": 8, "files": 6}
LINKS = {"identities_agents", "identities_blocks", "archives_agents"}  # small, and without an index


def part(client: Client, name: str, identity: str = "identity-1") -> Any:
    response = client.get(f"/identities/{identity}/{name}/?format=json")
    assert response.status_code == 200, response.content[:300]
    return json.loads(response.content)[name]


def test_threads_are_those_of_all_agents_newest_first(
    shop: LettaDatabase, superuser: Client
) -> None:
    found = part(superuser, "conversations")
    listed = [
        (one["agent"]["id"], one["conversation_id"], one["messages"]) for one in found["results"]
    ]
    assert listed == [
        ("agent-1", None, 12),
        ("agent-3", None, 20),
        ("agent-2", None, 19),
        ("agent-1", "conv-1", 10),
    ]
    assert found["results"][3]["title"] == "Where is my parcel"
    assert (found["messages_7_days"], found["messages_30_days"]) == (7, 30)


def test_memory_begins_with_what_is_said_of_the_person(
    shop: LettaDatabase, superuser: Client
) -> None:
    found = part(superuser, "memory")["results"]
    assert [one["id"] for one in found] == [
        "block-copy",
        "block-human",
        "block-tied",
        "block-zebra",
    ]
    assert [one["other_agents"] for one in found] == [0, 0, 0, 1]
    assert found[1]["value"] == "Ada likes tea"
    assert found[2]["tied_to_identity"]
    assert found[0]["conversation_id"] == "conv-1"


def test_changes_of_the_last_days_name_the_call_and_the_agent(
    shop: LettaDatabase, superuser: Client
) -> None:
    found = {one["id"]: one for one in part(superuser, "changes")["results"]}
    assert found.keys() == {"block-human", "block-tied"}
    human = found["block-human"]
    assert (human["days_7"], human["days_30"], human["complete"]) == (1, 1, True)
    assert human["changes"][0]["tool"] == "core_memory_replace"
    assert human["changes"][0]["agent"] == {"id": "agent-1", "name": "Desk 1"}
    html = superuser.get("/identities/identity-1/changes/").content.decode()
    assert "coffee" in html
    assert "<ins>tea</ins>" in html


def test_one_block_alone_comes_as_a_fragment(shop: LettaDatabase, superuser: Client) -> None:
    response = superuser.get(
        "/identities/identity-1/changes/?block=block-human", headers={"HX-Request": "true"}
    )
    html = response.content.decode()
    assert html.strip().startswith("<article")
    assert "block-tied" not in html


def test_passages_are_counted_by_archive_and_shared_ones_named(
    shop: LettaDatabase, superuser: Client
) -> None:
    found = part(superuser, "passages")
    listed = [
        (one["id"], one["passages"], one["days_30"], one["other_agents"])
        for one in found["results"]
    ]
    assert listed == [("archive-1", 15, 4, 0), ("archive-2", 15, 5, 1)]
    assert found["newest"][0]["text"] == "tea order 1"


def test_files_are_those_of_attached_sources(shop: LettaDatabase, superuser: Client) -> None:
    (found,) = part(superuser, "files")["results"]
    assert (found["name"], found["source"]["name"]) == ("teapot.pdf", "Manuals")
    assert found["open_in"] == [{"id": "agent-1", "name": "Desk 1"}]


@pytest.mark.parametrize("name", PARTS)
def test_a_customer_without_anything_has_empty_parts(
    name: str, shop: LettaDatabase, superuser: Client
) -> None:
    assert part(superuser, name, "identity-4")["results"] == []
    html = superuser.get(f"/identities/identity-4/{name}/").content.decode()
    assert findings(html) == []
    assert superuser.get(f"/identities/absent/{name}/").status_code == 404


@pytest.mark.parametrize("name", PARTS)
def test_a_part_asks_few_questions_and_only_by_index(
    name: str, shop: LettaDatabase, superuser: Client
) -> None:
    path = f"/identities/identity-1/{name}/"
    superuser.get(path)
    asked = statements(lambda: superuser.get(path))
    assert len(asked) <= BUDGETS[name]
    assert scanned(shop, asked) <= LINKS


def test_the_first_page_asks_few_questions_and_leaves_the_parts_for_later(
    shop: LettaDatabase, superuser: Client
) -> None:
    superuser.get("/identities/identity-1/")
    asked = statements(lambda: superuser.get("/identities/identity-1/"))
    assert len(asked) <= 6
    html = superuser.get("/identities/identity-1/").content.decode()
    assert all(f'hx-get="/identities/identity-1/{name}/"' in html for name in PARTS)


@pytest.mark.parametrize("name", PARTS)
def test_a_part_comes_as_the_fragment_that_the_first_page_loads(
    name: str, shop: LettaDatabase, superuser: Client
) -> None:
    response = superuser.get(
        f"/identities/identity-1/{name}/", headers={"HX-Request": "true", "HX-Target": name}
    )
    assert response.content.decode().strip().startswith(f'<section id="{name}"')


@pytest.mark.parametrize("name", PARTS)
def test_ops_see_no_part(
    name: str, shop: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    assert browser_of("ops").get(f"/identities/identity-1/{name}/").status_code == 403


@pytest.mark.parametrize(
    ("name", "action", "ids"),
    [
        ("memory", "memory.identity", {"block-human", "block-copy", "block-tied", "block-zebra"}),
        ("changes", "memory.changes", {"block-human", "block-tied"}),
        ("files", "identity.files", {"file-1"}),
    ],
)
def test_each_look_at_a_part_is_on_record(
    name: str, action: str, ids: set[str], shop: LettaDatabase, superuser: Client
) -> None:
    superuser.get(f"/identities/identity-1/{name}/")
    event = AccessEvent.objects.get(action=action)
    assert set(event.object_ids[: event.object_count]) == ids
    assert {"identity-1", "agent-1"} <= set(event.object_ids)
    assert event.organization_id == "org-1"


@pytest.mark.parametrize("name", PARTS)
def test_parts_answer_in_every_release(
    name: str, letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for (pk,) in letta_of_each_release.rows("SELECT id FROM identities ORDER BY id LIMIT 4"):
        html = superuser.get(f"/identities/{pk}/{name}/").content.decode()
        assert findings(html) == []
        assert "results" in part(superuser, name, pk)
