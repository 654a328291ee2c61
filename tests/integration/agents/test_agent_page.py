"""The page of one agent: its sections, rights, record and number of queries."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents_app.accounts.models import AccessEvent
from agents_app.agents import detail
from agents_app.letta.errors import LettaTimeout
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
MOST_QUERIES = 34


def every_agent(database: LettaDatabase) -> list[str]:
    return [row[0] for row in database.rows("SELECT id FROM agents ORDER BY id")]


def busiest(database: LettaDatabase) -> str:
    found: str = database.rows(
        "SELECT agent_id FROM blocks_agents GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )[0][0]
    return found


def as_json(client: Client, path: str) -> Any:
    return json.loads(client.get(f"{path}?format=json").content)


def test_every_agent_of_every_release_opens(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for agent_id in every_agent(letta_of_each_release):
        page = superuser.get(f"/agents/{agent_id}/")
        assert page.status_code == 200, agent_id
        assert as_json(superuser, f"/agents/{agent_id}/")["id"] == agent_id


def test_a_page_costs_a_bounded_number_of_queries(letta: LettaDatabase, superuser: Client) -> None:
    superuser.get("/agents/")
    for agent_id in every_agent(letta):
        with CaptureQueriesContext(connections["letta"]) as queries:
            superuser.get(f"/agents/{agent_id}/")
        assert len(queries) <= MOST_QUERIES


def test_blocks_come_with_their_length_limit_and_sharers(
    letta: LettaDatabase, superuser: Client
) -> None:
    shared = letta.rows(
        "SELECT block_id, min(agent_id), max(agent_id) FROM blocks_agents"
        " GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    )[0]
    blocks = {block["id"]: block for block in as_json(superuser, f"/agents/{shared[1]}/")["blocks"]}
    length, limit = letta.rows(
        'SELECT char_length(value), "limit" FROM block WHERE id = %s', [shared[0]]
    )[0]
    assert (blocks[shared[0]]["characters"], blocks[shared[0]]["limit"]) == (length, limit)
    assert shared[2] in {one["id"] for one in blocks[shared[0]]["shared_with"]}


def test_context_counts_listed_and_missing_messages(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent_id, listed, there = letta.rows(
        "SELECT a.id, count(*), count(m.id) FROM agents a, json_array_elements_text(CASE WHEN a.message_ids::text"
        " ~ '^.(.message-[-0-9a-f]{36}.,? ?)+.$' THEN a.message_ids ELSE '[]'::json END) AS i(id)"
        " LEFT JOIN messages m ON m.id = i.id GROUP BY 1 HAVING count(*) < 2000 ORDER BY 2 DESC LIMIT 1"
    )[0]
    context = as_json(superuser, f"/agents/{agent_id}/")["context"]
    assert (context["messages"], context["dangling"]) == (listed, listed - there)


def test_ops_see_structure_but_no_text(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    page = as_json(browser_of("ops"), f"/agents/{busiest(letta)}/")
    assert page["blocks"]
    assert {block["value"] for block in page["blocks"]} == {None}
    assert (page["system"], page["identities"], page["metadata"]) == (None, None, None)
    body = browser_of("ops").get(f"/agents/{busiest(letta)}/").content.decode()
    assert "needs the right to see memory" in body
    assert not AccessEvent.objects.exists()


def test_support_reads_blocks_but_not_the_prompt(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    page = as_json(browser_of("support"), f"/agents/{busiest(letta)}/")
    assert any(block["value"] for block in page["blocks"])
    assert page["system"] is None


def test_reading_is_on_record_before_it_is_shown(letta: LettaDatabase, superuser: Client) -> None:
    agent_id = busiest(letta)
    superuser.get(f"/agents/{agent_id}/")
    event = AccessEvent.objects.get()
    assert (event.action, event.object_kind, event.object_ids[0]) == (
        "agent.read",
        "agent",
        agent_id,
    )
    assert len(event.object_ids) > 1


def test_one_slow_section_leaves_the_others(letta: LettaDatabase, superuser: Client,
                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def slow(*_: object, **__: object) -> None:
        raise LettaTimeout

    monkeypatch.setattr(detail, "tools", slow)
    body = superuser.get(f"/agents/{busiest(letta)}/").content.decode()
    assert "needed too long" in body
    assert "Memory blocks" in body


def test_tables_of_later_releases_are_said_to_be_absent(
    worlds: Callable[[str], LettaDatabase], superuser: Client
) -> None:
    from tests.lettadb import pointed_at

    old = worlds("0.6.54")
    with pointed_at(old.uri()):
        body = superuser.get(f"/agents/{every_agent(old)[0]}/").content.decode()
    assert "Not in this release of Letta." in body


def test_an_agent_nobody_has_is_a_404(letta: LettaDatabase, superuser: Client) -> None:
    assert superuser.get("/agents/agent-00000000-dead-4000-8000-000000000000/").status_code == 404


def test_secrets_in_configurations_are_not_shown(letta: LettaDatabase, superuser: Client) -> None:
    for agent_id in every_agent(letta):
        assert not re.search(
            rb"\bsk-\w{8}", superuser.get(f"/agents/{agent_id}/?format=json").content
        )
