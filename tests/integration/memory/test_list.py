"""The list of all memory blocks."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agents_app.accounts.models import AccessEvent
from agents_app.memory import listing
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db


def rows(client: Client, query: str = "") -> list[dict[str, Any]]:
    """All rows of the list, page after page."""
    found, url = [], f"/blocks/?format=json&limit=200{query}"
    while url:
        page = json.loads(client.get(url).content)
        found += page["results"]
        url = page["next"]
    return found


def ids(client: Client, query: str = "") -> set[str]:
    return {row["id"] for row in rows(client, query)}


def stored(letta: LettaDatabase, where: str = "true") -> set[str]:
    return {row[0] for row in letta.rows(f"SELECT b.id FROM block b WHERE {where}")}


def test_all_blocks_of_every_release_are_listed_once(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    found = [row["id"] for row in rows(superuser)]
    assert len(found) == len(set(found))
    assert set(found) == stored(letta_of_each_release)


def test_pages_go_on_where_the_last_one_ended_and_back(
    letta: LettaDatabase, superuser: Client
) -> None:
    first = superuser.get("/blocks/?limit=5").context["page"]
    second = superuser.get(first.older_url).context["page"]
    back = superuser.get(second.newer_url).context["page"]
    assert [row.block.pk for row in back] == [row.block.pk for row in first]
    assert not {row.block.pk for row in second} & {row.block.pk for row in first}


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("&label=human", "label = 'human'"),
        ("&read_only=yes", "read_only"),
        ("&read_only=no", "read_only IS NOT TRUE"),
        ("&near_limit=on", "b.\"limit\" > 0 AND char_length(value) >= 0.9 * b.\"limit\""),
        ("&since=2026-11-01", "updated_at >= '2026-11-01'"),
        ("&shared=yes", "(SELECT count(*) FROM blocks_agents l WHERE l.block_id = b.id) > 1"),
        ("&shared=no", "(SELECT count(*) FROM blocks_agents l WHERE l.block_id = b.id) = 1"),
        ("&shared=none", "NOT EXISTS (SELECT 1 FROM blocks_agents l WHERE l.block_id = b.id)"),
    ],
)  # fmt: skip
def test_each_filter_keeps_what_it_says(
    query: str, where: str, letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "WINDOW", 7)
    assert ids(superuser, query) == stored(letta, where)


def test_blocks_of_an_agent_include_the_private_copies_of_its_conversations(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent, copy = letta.rows(
        "SELECT c.agent_id, l.block_id FROM blocks_conversations l JOIN conversations c ON c.id = l.conversation_id LIMIT 1"
    )[0]
    held = stored(letta, f"id IN (SELECT block_id FROM blocks_agents WHERE agent_id = '{agent}')")
    assert ids(superuser, f"&agent={agent}") >= held | {copy}


def test_an_organization_narrows_the_list(letta: LettaDatabase, superuser: Client) -> None:
    organization = letta.rows("SELECT organization_id FROM block WHERE organization_id IS NOT NULL LIMIT 1")[0][0]  # fmt: skip
    assert ids(superuser, f"&organization={organization}") == stored(
        letta, f"organization_id = '{organization}'"
    )


def test_a_search_that_pauses_says_how_far_it_looked_and_goes_on(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "WINDOW", 3)
    monkeypatch.setattr(listing, "LONGEST_SEARCH_S", -1)
    page = superuser.get("/blocks/?shared=yes").context["page"]
    assert page.note.startswith("Looked at 3 blocks, as far as ")
    assert ids(superuser, "&shared=yes") == stored(
        letta, "(SELECT count(*) FROM blocks_agents l WHERE l.block_id = b.id) > 1"
    )


def test_no_row_holds_what_a_block_says(letta: LettaDatabase, superuser: Client) -> None:
    for row in rows(superuser):
        assert "value" not in row
    assert not AccessEvent.objects.exists()


def test_it_names_holders_and_lengths(letta: LettaDatabase, superuser: Client) -> None:
    found = {row["id"]: row for row in rows(superuser)}
    for block, count, length in letta.rows(
        "SELECT b.id, (SELECT count(*) FROM blocks_agents l WHERE l.block_id = b.id), char_length(value) FROM block b"
    ):
        assert (found[block]["agent_count"], found[block]["characters"]) == (count, length)


def test_a_page_costs_the_same_few_queries_whatever_its_size(
    letta: LettaDatabase, superuser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    from django.db import connections

    superuser.get("/blocks/?limit=1")
    for limit in (2, 50):
        with django_assert_max_num_queries(7, connection=connections["letta"]):
            superuser.get(f"/blocks/?limit={limit}")


def test_the_export_has_every_row(letta: LettaDatabase, superuser: Client) -> None:
    response = superuser.get("/blocks/?format=csv&label=human")
    lines = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert {line["id"] for line in lines} == stored(letta, "label = 'human'")


def test_a_wrong_value_shows_its_error_and_narrows_nothing(
    letta: LettaDatabase, superuser: Client
) -> None:
    response = superuser.get("/blocks/?agent=%3Cb%3E&since=never")
    body = response.content.decode()
    assert "Paste the whole id" in body
    assert "Write a date as" in body
    assert len(response.context["page"]) > 1


def test_nothing_found_is_said(letta: LettaDatabase, superuser: Client) -> None:
    assert (
        "No block meets these filters." in superuser.get("/blocks/?label=nobody").content.decode()
    )


def test_htmx_gets_the_results_alone(letta: LettaDatabase, superuser: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    body = superuser.get("/blocks/", headers=headers).content.decode().lstrip()
    assert body.startswith('<section id="results"')


def test_ops_may_see_it(letta: LettaDatabase, browser_of: Callable[[str], Client]) -> None:
    assert browser_of("ops").get("/blocks/").status_code == 200
    assert browser_of("admin").get("/blocks/").status_code == 403
