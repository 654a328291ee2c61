"""Tools, groups, organizations and API users: lists and pages in every release."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.conftest import opened_all
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
KINDS = {"tools": "tools", "groups": '"groups"', "organizations": "organizations", "users": "users"}


def as_json(client: Client, path: str) -> Any:
    return json.loads(client.get(path).content)


@pytest.mark.parametrize("kind", KINDS)
def test_lists_hold_every_row_newest_first(
    kind: str, letta: LettaDatabase, superuser: Client
) -> None:
    found, url = [], f"/{kind}/?limit=3&format=json"
    while url:
        body = as_json(superuser, url)
        found += [row["id"] for row in body["results"]]
        url = (body["next"] or "").removeprefix("http://testserver")
    assert found == [
        row[0]
        for row in letta.rows(f"SELECT id FROM {KINDS[kind]} ORDER BY created_at DESC, id DESC")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_of_every_release_opens(
    kind: str, letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for (pk,) in letta_of_each_release.rows(f"SELECT id FROM {KINDS[kind]}"):
        assert superuser.get(f"/{kind}/{pk}/").status_code == 200, pk
        assert as_json(superuser, f"/{kind}/{pk}/?format=json")["id"] == pk


@pytest.mark.parametrize("kind", ["tools", "organizations", "users"])
def test_lists_are_narrowed_by_name(kind: str, letta: LettaDatabase, superuser: Client) -> None:
    name = letta.rows(
        f"SELECT name FROM {KINDS[kind]} WHERE name ~ '^[a-z_A-Z ]+$' ORDER BY name LIMIT 1"
    )[0][0]
    names = {
        row["name"]
        for row in as_json(superuser, f"/{kind}/?format=json&limit=200&q={name.upper()}")["results"]
    }
    assert name in names
    assert all(name.lower() in one.lower() for one in names)


def test_tools_are_narrowed_by_type(letta: LettaDatabase, superuser: Client) -> None:
    kinds = {
        row["tool_type"] for row in as_json(superuser, "/tools/?type=custom&format=json")["results"]
    }
    assert kinds == {"custom"}


def test_a_tool_names_the_agents_that_have_it(letta: LettaDatabase, superuser: Client) -> None:
    tool_id, count = letta.rows(
        "SELECT tool_id, count(*) FROM tools_agents GROUP BY 1 ORDER BY 2, 1 LIMIT 1"
    )[0]
    agents = as_json(superuser, f"/tools/{tool_id}/?format=json")["agents"]
    assert len(agents["results"]) == count


def test_source_needs_the_right_to_see_prompts(
    letta: LettaDatabase, browser_of: Callable[[str], Client], person: Callable[[str], User]
) -> None:
    opened_all(person("auditor"), letta)
    tool_id = letta.rows("SELECT id FROM tools WHERE source_code <> '' ORDER BY id LIMIT 1")[0][0]
    assert as_json(browser_of("support"), f"/tools/{tool_id}/?format=json")["source_code"] is None
    assert as_json(browser_of("auditor"), f"/tools/{tool_id}/?format=json")["source_code"]
    assert (
        "needs the right to see prompts"
        in browser_of("support").get(f"/tools/{tool_id}/").content.decode()
    )


def test_a_group_keeps_the_order_of_its_members(letta: LettaDatabase, superuser: Client) -> None:
    group_id, ids = letta.rows(
        'SELECT id, agent_ids::text FROM "groups" WHERE agent_ids::text LIKE \'["agent-%%\' ORDER BY id LIMIT 1',
        [],
    )[0]
    page = as_json(superuser, f"/groups/{group_id}/?format=json")
    assert [one["id"] for one in page["members"]] == list(dict.fromkeys(json.loads(ids)))


def test_an_organization_counts_what_it_has_up_to_a_bound(
    letta: LettaDatabase, superuser: Client
) -> None:
    pk, count = letta.rows(
        "SELECT organization_id, count(*) FROM agents GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )[0]
    counts = as_json(superuser, f"/organizations/{pk}/?format=json")["counts"]
    assert counts["agents"] == {"count": count, "more": False}


def test_a_user_names_what_they_created(letta: LettaDatabase, superuser: Client) -> None:
    pk, count = letta.rows(
        "SELECT u.id, count(a.id) FROM users u JOIN agents a ON a._created_by_id = u.id"
        " GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )[0]
    assert as_json(superuser, f"/users/{pk}/?format=json")["created"]["agents"]["count"] == count


@pytest.mark.parametrize("kind", KINDS)
def test_absent_ids_are_404(kind: str, letta: LettaDatabase, superuser: Client) -> None:
    assert superuser.get(f"/{kind}/none-00000000-dead-4000-8000-000000000000/").status_code == 404
