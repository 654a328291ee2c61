"""Which rows a transcript has, and in which order."""

import pytest
from django.test import Client

from tests.integration.conversations.walking import ids
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db


def rows(database: LettaDatabase, where: str) -> list[str]:
    return [
        one
        for (one,) in database.rows(
            f"SELECT m.id FROM messages m WHERE {where} ORDER BY m.sequence_id"
        )
    ]


def test_every_row_of_each_agent_of_the_demo_world_is_walked_in_order(
    letta: LettaDatabase, superuser: Client
) -> None:
    for (agent_id,) in letta.rows("SELECT id FROM agents ORDER BY md5(id) LIMIT 8"):
        url = f"/agents/{agent_id}/messages/?thread=all&format=json&limit=23"
        assert ids(superuser, url) == rows(letta, f"agent_id = '{agent_id}' AND NOT is_deleted")
        assert ids(superuser, f"{url}&deleted=include") == rows(letta, f"agent_id = '{agent_id}'")


def test_the_walk_may_go_from_the_newest_row_back(
    threads: LettaDatabase, superuser: Client
) -> None:
    url = "/agents/agent-short/messages/?thread=all&format=json&order=desc&limit=77"
    assert ids(superuser, url) == rows(threads, "agent_id = 'agent-short' AND NOT is_deleted")[::-1]


def test_the_default_thread_is_what_names_no_conversation_shared_rows_included(
    threads: LettaDatabase, superuser: Client
) -> None:
    found = ids(superuser, "/agents/agent-named/messages/?format=json&limit=200")
    assert found == rows(
        threads, "agent_id = 'agent-named' AND conversation_id IS NULL AND NOT is_deleted"
    )


MEMBERS = "EXISTS (SELECT 1 FROM conversation_messages c WHERE c.message_id = m.id AND c.conversation_id = '{}')"


@pytest.mark.parametrize("conversation", ["conv-fork", "conv-old"])
def test_a_named_conversation_has_its_members_also_those_it_shares(
    conversation: str, threads: LettaDatabase, superuser: Client
) -> None:
    members = MEMBERS.format(conversation)
    url = f"/conversations/{conversation}/?format=json&limit=190"
    assert ids(superuser, f"{url}&deleted=include") == rows(threads, members)
    assert ids(superuser, url) == rows(threads, f"{members} AND NOT m.is_deleted")
    live = rows(threads, f"{members} AND NOT m.is_deleted")
    assert superuser.get(f"{url}&order=desc").json()["results"][0]["id"] == live[-1]


def test_a_fork_with_more_members_than_are_read_whole_is_walked_whole(
    threads: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents_app.conversations.queries.keys.FIRST_MEMBERS", 5)
    monkeypatch.setattr("agents_app.conversations.queries.keys.FEW_MEMBERS", 10)
    url = "/conversations/conv-fork/?format=json&limit=9"
    assert ids(superuser, url) == rows(
        threads, f"{MEMBERS.format('conv-fork')} AND NOT m.is_deleted"
    )


def test_conversations_of_the_demo_world_have_their_members(
    letta: LettaDatabase, superuser: Client
) -> None:
    for (conversation,) in letta.rows("SELECT id FROM conversations"):
        found = ids(
            superuser, f"/conversations/{conversation}/?format=json&deleted=include&limit=11"
        )
        assert found == rows(letta, MEMBERS.format(conversation))


def test_old_releases_are_read_in_their_order(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    database = letta_of_each_release
    agent_id = database.rows(
        "SELECT agent_id FROM messages GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )[0][0]
    found = ids(superuser, f"/agents/{agent_id}/messages/?thread=all&format=json&limit=50")
    assert found == rows(database, f"agent_id = '{agent_id}' AND NOT is_deleted")
