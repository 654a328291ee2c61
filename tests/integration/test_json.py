"""The JSON and CSV of pages: strict, whole, each row once, whatever the page size."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.crawl import Address, addresses, ids
from tests.lettadb import LettaDatabase
from tests.routes import POSTS, routes

pytestmark = pytest.mark.django_db
# The table of each listing; all its rows are listed once, but for what the comment says.
LISTINGS = {
    "agents:list": "SELECT id FROM agents WHERE NOT is_deleted",
    "agents:tools": "SELECT id FROM tools WHERE NOT is_deleted",
    "agents:groups": 'SELECT id FROM "groups" WHERE NOT is_deleted',
    "agents:organizations": "SELECT id FROM organizations WHERE NOT is_deleted",
    "agents:users": "SELECT id FROM users WHERE NOT is_deleted",
    "embeddings:list": "SELECT id FROM archives",
    "embeddings:sources": "SELECT id FROM sources",
    "embeddings:passages": "SELECT id FROM archival_passages",
    "memory:list": "SELECT id FROM block WHERE NOT is_deleted",
    "people:identities": "SELECT id FROM identities WHERE NOT is_deleted",
    "runs:list": "SELECT id FROM runs WHERE NOT is_deleted",
}


def strict(response: Any) -> Any:
    def refuse(word: str) -> NoReturn:
        raise AssertionError(f"{word} in JSON")

    return json.loads(response.content.decode("ascii"), parse_constant=refuse)


def walk(client: Client, url: str) -> Iterator[dict[str, Any]]:
    """Every page of a listing."""
    while url:
        response = client.get(url)
        assert response.status_code == 200, (url, response.content[:300])
        found = strict(response)
        yield found
        url = found["next"]
        assert url is None or url.startswith("http://testserver/")


def is_data(address: Address) -> bool:
    download = {
        "conversations:raw",
        "conversations:image",
        "embeddings:replay",
        "letta_state",
        "accounts:account",
    }
    return "format=json" in address.url and address.route not in download


def test_every_page_is_json_too_and_ids_are_whole(letta: LettaDatabase, superuser: Client) -> None:
    for address in filter(is_data, addresses(letta, each=2)):
        response = superuser.get(address.url)
        if not address.is_absent:
            assert response.status_code == 200, address.url
            assert response["Content-Type"] == "application/json", address.url
        assert isinstance(strict(response), dict), address.url


@pytest.mark.parametrize("name", [*LISTINGS, "conversations:list"])
@pytest.mark.parametrize("limit", [7, 200])
def test_a_listing_has_results_and_next_and_gives_each_row_once(
    name: str, limit: int, letta: LettaDatabase, superuser: Client
) -> None:
    pages = list(walk(superuser, f"{reverse(name)}?format=json&limit={limit}"))
    assert all({"results", "next"} <= page.keys() for page in pages)
    assert all(len(page["results"]) == limit for page in pages[:-1])
    found = [tuple(row.get(key) for key in ("id", "agent_id", "conversation_id")) for page in pages
             for row in page["results"]]  # fmt: skip
    assert len(found) == len(set(found))
    if name in LISTINGS:
        assert {row[0] for row in found} == {key for (key,) in letta.rows(LISTINGS[name])}


@pytest.mark.parametrize("name", [*LISTINGS, "conversations:list"])
def test_a_page_holds_at_most_200_rows(name: str, letta: LettaDatabase, superuser: Client) -> None:
    for limit in ("201", "1000", "99999999"):
        assert (
            len(strict(superuser.get(f"{reverse(name)}?format=json&limit={limit}"))["results"])
            <= 200
        )
    for limit in ("0", "-1", "x", "1e9", "٣", ""):
        assert superuser.get(f"{reverse(name)}?format=json&limit={limit}").status_code in {200, 400}


@pytest.mark.parametrize("name", [*LISTINGS, "conversations:list"])
def test_an_export_has_the_rows_of_the_listing(
    name: str, letta: LettaDatabase, superuser: Client
) -> None:
    response = superuser.get(f"{reverse(name)}?format=csv")
    body = b"".join(response.streaming_content).decode()
    rows = list(csv.reader(io.StringIO(body, newline=""), strict=True))
    listed = [
        row
        for page in walk(superuser, f"{reverse(name)}?format=json&limit=200")
        for row in page["results"]
    ]
    assert len(rows) - 1 == len(listed)


@pytest.mark.parametrize("deleted", ["", "&deleted=include"])
@pytest.mark.parametrize("limit", [9, 200])
def test_walking_all_of_an_agent_gives_exactly_its_rows_in_order(
    limit: int, deleted: str, letta: LettaDatabase, superuser: Client
) -> None:
    for agent_id in ids(letta, each=4)["agent_id"]:
        url = reverse("conversations:default_thread", args=[agent_id])
        pages = walk(superuser, f"{url}?thread=all&format=json&limit={limit}{deleted}")
        found = [row["id"] for page in pages for row in page["results"]]
        where = "" if deleted else "AND NOT is_deleted"
        stored = letta.rows(
            f"SELECT id FROM messages WHERE agent_id = %s {where} ORDER BY sequence_id", [agent_id]
        )
        assert found == [key for (key,) in stored]


def test_backwards_is_the_same_in_reverse(letta: LettaDatabase, superuser: Client) -> None:
    (agent_id,) = ids(letta, each=1)["agent_id"]
    url = (
        reverse("conversations:default_thread", args=[agent_id])
        + "?thread=all&format=json&limit=20"
    )
    forwards = [row["id"] for page in walk(superuser, url) for row in page["results"]]
    backwards = [
        row["id"] for page in walk(superuser, f"{url}&order=desc") for row in page["results"]
    ]
    assert backwards == forwards[::-1]


def test_a_named_conversation_gives_its_own_members(
    letta: LettaDatabase, superuser: Client
) -> None:
    for (conversation_id,) in letta.rows("SELECT id FROM conversations WHERE NOT is_deleted"):
        url = reverse("conversations:conversation", args=[conversation_id])
        pages = walk(superuser, f"{url}?format=json&limit=11")
        found = [row["id"] for page in pages for row in page["results"]]
        stored = letta.rows(
            "SELECT m.id FROM messages m WHERE NOT m.is_deleted AND (m.conversation_id = %(id)s OR m.id IN"
            " (SELECT message_id FROM conversation_messages WHERE conversation_id = %(id)s AND NOT is_deleted))"
            " ORDER BY m.sequence_id",
            {"id": conversation_id},
        )
        assert sorted(found) == sorted(key for (key,) in stored)
        assert len(found) == len(set(found))


def test_what_a_role_may_not_see_is_not_in_its_json(
    letta: LettaDatabase, browser_of: Callable[[str], Client], person: Callable[[str], User]
) -> None:
    words = "your parcel is on its way"
    ops = browser_of("ops")
    for address in addresses(letta, each=2):
        body = b"".join(ops.get(address.url))
        assert words.encode() not in body, address.url


def test_every_listing_is_walked_here() -> None:
    listing = {
        route.name
        for route in routes()
        if not route.parameters and ":" in route.name and not route.name.startswith("cluster:")
    }  # the cluster pages list nothing that goes on
    elsewhere = {
        "overview:home",
        "accounts:account",
        "accounts:people",
        "accounts:trail",
        "accounts:trail_people",
        "accounts:trail_chain",
        "accounts:review",
        "search:jump",
        "conversations:list",
        "embeddings:meaning",
        "evidence:new",
        "people:go",
    }
    assert listing - elsewhere - POSTS <= LISTINGS.keys()
