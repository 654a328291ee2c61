"""Conversations of all agents, newest activity first."""

from collections.abc import Callable

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from agents_app.conversations.queries import activity
from agents_app.letta import agent_conditions
from tests.crawl import statements
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db

NEWEST = """
SELECT m.agent_id, m.conversation_id FROM messages m LEFT JOIN conversations c ON c.id = m.conversation_id
 WHERE NOT m.is_deleted AND c.is_deleted IS NOT TRUE GROUP BY 1, 2 ORDER BY max(m.sequence_id) DESC
"""


def walked(client: Client, url: str) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    following: str | None = url
    while following:
        page = client.get(following).json()
        found += [(row["agent_id"], row["conversation_id"]) for row in page["results"]]
        following = page["next"]
    return found


@pytest.mark.parametrize("few", [0, 500], ids=["windows", "probes"])
def test_threads_are_listed_once_by_their_newest_message(
    few: int, letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "FEW_AGENTS", few)
    monkeypatch.setattr(activity, "WINDOWS", (40, 200))
    assert walked(superuser, "/conversations/?format=json&limit=7") == letta.rows(NEWEST)


def test_paging_back_leads_to_the_same_rows(letta: LettaDatabase, superuser: Client) -> None:
    first = superuser.get("/conversations/?limit=7")
    second = superuser.get(first.context["page"].older_url)
    back = superuser.get(second.context["page"].newer_url)
    assert [row.key for row in back.context["page"]] == [row.key for row in first.context["page"]]


def test_filters_narrow_by_agent(letta: LettaDatabase, superuser: Client) -> None:
    agent_id, name, kind = letta.rows(
        "SELECT a.id, a.name, a.agent_type FROM agents a JOIN messages m ON m.agent_id = a.id"
        " WHERE a.id NOT LIKE 'agent-bad%%' LIMIT 1"
    )[0]
    for query in ({"q": agent_id}, {"q": name.upper()}, {"q": agent_id, "type": kind}):
        results = superuser.get("/conversations/", query | {"format": "json"}).json()["results"]
        assert agent_id in {row["agent_id"] for row in results}
    assert walked(superuser, f"/conversations/?format=json&q={agent_id}&type=nothing") == []


def test_a_range_of_time_is_about_the_last_message(
    threads: LettaDatabase, superuser: Client
) -> None:
    assert walked(superuser, "/conversations/?format=json&until=2026-05-02") == [
        ("agent-short", None)
    ]
    assert ("agent-short", None) not in walked(
        superuser, "/conversations/?format=json&since=2026-05-02"
    )


def test_what_was_said_last_is_only_for_those_who_may_read_it(
    threads: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    support = browser_of("support").get("/conversations/")
    assert "Row 300 of short" in support.content.decode()
    event = AccessEvent.objects.latest("pk")
    assert event.action == "conversation.list"
    assert "message-short-300" in event.object_ids
    ops = browser_of("ops").get("/conversations/").content.decode()
    assert "agent-short" in ops or "short" in ops
    assert "Row 300" not in ops
    assert AccessEvent.objects.latest("pk") == event


def test_the_export_has_every_thread_and_no_content(
    letta: LettaDatabase, superuser: Client
) -> None:
    lines = superuser.get("/conversations/?format=csv").getvalue().decode().splitlines()
    assert "last_said" not in lines[0]
    assert "title" not in lines[0]
    assert len(lines) >= len(letta.rows(NEWEST)) + 1


def test_every_release_has_its_list(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    agents = letta_of_each_release.rows(
        "SELECT DISTINCT agent_id FROM messages WHERE NOT is_deleted"
    )
    found = walked(superuser, "/conversations/?format=json&limit=5")
    assert {agent for agent, conversation in found} >= {agent for (agent,) in agents} - {None}
    assert len(found) == len(set(found))


def test_an_empty_result_is_an_answer(letta: LettaDatabase, superuser: Client) -> None:
    assert (
        "No conversation fits these filters."
        in superuser.get("/conversations/?tag=nobody").content.decode()
    )


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("model=gpt-4o-mini", "a.llm_config->>'model' = 'gpt-4o-mini'"),
        ("hidden=yes", "a.hidden"),
        ("hidden=no", "a.hidden IS NOT TRUE"),
        ("stop_reason=end_turn", "a.last_stop_reason = 'end_turn'"),
    ],
)
def test_it_narrows_by_what_agents_are_narrowed_by(
    query: str, condition: str, letta: LettaDatabase, superuser: Client
) -> None:
    poisoned = "a.id NOT LIKE 'agent-bad%%'"  # rows whose JSON PostgreSQL itself cannot take apart
    sql = f"""SELECT DISTINCT m.agent_id FROM messages m JOIN (
      SELECT * FROM agents a WHERE {poisoned} OFFSET 0) a ON a.id = m.agent_id
      LEFT JOIN conversations c ON c.id = m.conversation_id
      WHERE {condition} AND NOT m.is_deleted AND c.is_deleted IS NOT TRUE"""
    expected = {row[0] for row in letta.rows(sql.replace("%%", "%"))}
    found: set[str] = set()
    url: str | None = f"/conversations/?format=json&limit=200&{query}"
    while url:
        page = superuser.get(url).json()
        found |= {row["agent_id"] for row in page["results"]}
        url = page["next"]
    assert {one for one in found if not one.startswith("agent-bad")} == expected


def test_a_model_of_too_many_agents_is_said_to_be_looked_at_in_part(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent_conditions, "MOST_AGENTS", 1)
    url = "/conversations/?model=gpt-4o-mini"
    told = "More than 1 agents may have this model"
    assert told in superuser.get(url).content.decode()
    assert told in superuser.get(f"{url}&format=json").json()["partial"]
    assert told in superuser.get(f"{url}&format=csv").getvalue().decode().splitlines()[-1]
    assert told not in superuser.get("/conversations/").content.decode()


def test_an_export_reads_the_agents_of_a_model_once(
    letta: LettaDatabase, superuser: Client
) -> None:
    with statements() as asked:
        superuser.get("/conversations/?model=gpt-4o-mini&limit=1&format=csv").getvalue()
    assert sum("llm_config" in sql for sql in asked) == 1
