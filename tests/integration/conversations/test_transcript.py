"""The page of a conversation: where it opens, what it shows, to whom, and what goes on record."""

import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.accounts.models import AccessEvent
from tests.conftest import opened_all
from tests.lettadb import LettaDatabase, pointed_at

pytestmark = pytest.mark.django_db
LONG = "/agents/agent-long/messages/"


def html(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.content[:300]
    return response.content.decode()


def test_it_opens_at_the_newest_with_a_link_to_older_ones(
    threads: LettaDatabase, superuser: Client
) -> None:
    page = html(superuser, LONG)
    assert "data-newest" in page
    assert "Row 20000 of long" in page
    assert "Older messages" in page
    assert "Newer messages" not in page


def test_the_first_page_says_that_the_conversation_begins(
    threads: LettaDatabase, superuser: Client
) -> None:
    page = html(superuser, f"{LONG}?edge=first")
    assert "The conversation begins here." in page
    assert "Row 4 of long" in page
    assert "Newer messages" in page


def test_a_day_opens_at_its_first_message(threads: LettaDatabase, superuser: Client) -> None:
    response = superuser.get(f"{LONG}?on=2026-05-10&format=json")
    assert response.json()["results"][0]["created_at"] == "2026-05-10T00:00:00Z"


def test_a_day_after_the_last_message_shows_the_newest(
    threads: LettaDatabase, superuser: Client
) -> None:
    page = html(superuser, f"{LONG}?on=2027-05-10")
    assert "no message on that day or later" in page
    assert "Row 20000 of long" in page


def test_a_message_opens_among_its_neighbours(threads: LettaDatabase, superuser: Client) -> None:
    page = html(superuser, f"{LONG}?at=message-long-7000&view=full")
    assert 'id="message-long-7000" data-row data-kind="user" data-at' in page
    assert "Row 6980 of long" in page
    assert "Row 7024 of long" in page


def test_a_deleted_message_opens_with_a_note(threads: LettaDatabase, superuser: Client) -> None:
    page = html(superuser, f"{LONG}?at=message-long-7049&view=full")
    assert "soft-deleted in Letta" in page
    assert "Row 7049 of long" in page
    assert "Row 7099 of long" not in page


def test_a_message_of_another_thread_leads_there(threads: LettaDatabase, superuser: Client) -> None:
    response = superuser.get("/agents/agent-named/messages/?at=message-old-20&view=full")
    assert response.status_code == 302
    assert response["Location"] == "/conversations/conv-old/?at=message-old-20&view=full"


def test_a_shared_message_stays_in_the_fork(threads: LettaDatabase, superuser: Client) -> None:
    assert "data-at" in html(superuser, "/conversations/conv-fork/?at=message-default-410")


def test_an_absent_message_is_a_404(threads: LettaDatabase, superuser: Client) -> None:
    assert superuser.get(f"{LONG}?at=message-nobody").status_code == 404


def test_older_messages_come_as_the_fragment_that_the_script_asks_for(
    threads: LettaDatabase, superuser: Client
) -> None:
    page = superuser.get(LONG)
    older = page.context["older_url"]
    fragment = superuser.get(
        older, headers={"HX-Request": "true", "HX-Target": "turns"}
    ).content.decode()
    assert fragment.lstrip().startswith('<section class="transcript" id="turns"')
    assert "Row 19944 of long" in fragment
    assert "Row 19960 of long" not in fragment


def test_a_call_is_drawn_with_its_return_and_a_return_is_not_repeated(
    threads: LettaDatabase, superuser: Client
) -> None:
    page = html(superuser, "/agents/agent-short/messages/?view=full&limit=20")
    assert page.count("found 290") == 1
    assert page.count('class="call"') == 5


def test_a_return_beyond_the_page_is_looked_up(threads: LettaDatabase, superuser: Client) -> None:
    page = html(superuser, "/agents/agent-long/messages/?view=full&at=message-long-7001&limit=1")
    assert "found 7002" in page
    assert "in a later row" in page


def test_the_reader_sees_words_and_how_many_calls_were_left_out(
    threads: LettaDatabase, superuser: Client
) -> None:
    page = html(superuser, "/agents/agent-short/messages/?view=reader&limit=20")
    assert "Row 292 of short" in page
    assert "find_order" not in page
    assert "1 tool call not shown here" in page


def test_wrong_filters_are_answered_beside_their_fields(
    threads: LettaDatabase, superuser: Client
) -> None:
    page = html(superuser, f"{LONG}?role=pirate&since=yesterday")
    assert "Select a valid choice" in page
    assert "Write a date as" in page
    assert "Row 20000 of long" in page


def test_soft_deleted_rows_only_on_request(threads: LettaDatabase, superuser: Client) -> None:
    assert "Row 299 of short" not in html(superuser, "/agents/agent-short/messages/?view=full")
    page = html(superuser, "/agents/agent-short/messages/?view=full&deleted=include")
    assert "Row 299 of short" in page
    assert "Soft-deleted messages are shown too" in page


def test_an_agent_without_messages_gets_an_answer(
    threads: LettaDatabase, superuser: Client
) -> None:
    threads.execute(
        "INSERT INTO agents (id, name, agent_type, organization_id, message_buffer_autoclear, is_deleted)"
        " VALUES ('agent-silent', 'silent', 'letta_v1_agent', 'org-1', false, false) ON CONFLICT DO NOTHING"
    )
    assert "Nothing was said in the default conversation." in html(
        superuser, "/agents/agent-silent/messages/"
    )


def test_what_is_shown_goes_on_record_first(threads: LettaDatabase, superuser: Client) -> None:
    superuser.get("/agents/agent-short/messages/?limit=5")
    event = AccessEvent.objects.latest("pk")
    assert (event.action, event.object_kind, event.object_count) == (
        "conversation.read",
        "message",
        5,
    )
    assert event.object_ids[-1] == "message-short-300"
    assert event.organization_id == "org-1"


PROMPT = "SELECT id, agent_id FROM messages WHERE role = 'system' AND content::text LIKE '%memory_blocks%' LIMIT 1"


def test_a_prompt_needs_the_right_to_see_prompts(
    letta: LettaDatabase, browser_of: Callable[[str], Client], person: Callable[[str], User]
) -> None:
    opened_all(person("auditor"), letta)
    message_id, agent_id = letta.rows(PROMPT)[0]
    support, auditor = browser_of("support"), browser_of("auditor")
    url = f"/agents/{agent_id}/messages/?thread=all&view=full&at={message_id}"
    assert "&lt;memory_blocks&gt;" in html(auditor, url)
    assert "&lt;memory_blocks&gt;" not in html(support, url)
    assert "needs the right to see prompts" in html(support, url)
    row = next(
        r for r in support.get(f"{url}&format=json").json()["results"] if r["id"] == message_id
    )
    assert row["withheld"] is True
    assert "text" not in row
    assert "memory_blocks" not in html(support, f"/messages/{message_id}/")
    assert support.get(f"/messages/{message_id}/raw/").status_code == 403
    assert auditor.get(f"/messages/{message_id}/raw/").status_code == 200


def test_a_search_does_not_find_prompts_for_those_who_may_not_read_them(
    letta: LettaDatabase, browser_of: Callable[[str], Client], person: Callable[[str], User]
) -> None:
    opened_all(person("auditor"), letta)
    message_id, agent_id = letta.rows(PROMPT)[0]
    url = f"/agents/{agent_id}/messages/?thread=all&q=memory_blocks&format=json"
    assert message_id in {row["id"] for row in browser_of("auditor").get(url).json()["results"]}
    assert message_id not in {row["id"] for row in browser_of("support").get(url).json()["results"]}


def test_times_follow_the_agents_zone_when_asked(letta: LettaDatabase, superuser: Client) -> None:
    agent_id = letta.rows(
        "SELECT a.id FROM agents a JOIN messages m ON m.agent_id = a.id WHERE a.timezone = 'Europe/Berlin' LIMIT 1"
    )
    if not agent_id:
        agent_id = letta.rows("SELECT agent_id FROM messages LIMIT 1")
    superuser.cookies["inspector_times"] = "agent"
    assert superuser.get(f"/agents/{agent_id[0][0]}/messages/").status_code == 200


def test_large_rows_show_both_ends_and_their_size(
    threads: LettaDatabase, superuser: Client
) -> None:
    threads.execute(
        "INSERT INTO agents (id, name, agent_type, organization_id, message_buffer_autoclear, is_deleted)"
        " VALUES ('agent-large', 'large', 'letta_v1_agent', 'org-1', false, false) ON CONFLICT DO NOTHING"
    )
    for number in range(6):
        content = [
            {"type": "text", "text": f"before {number}"},
            {
                "type": "image",
                "source": {"type": "letta", "media_type": "image/png", "data": "QUJD" * 500_000},
            },
            {"type": "text", "text": f"after {number}"},
        ]
        threads.execute(
            "INSERT INTO messages (id, agent_id, role, content, tool_calls, created_at, organization_id, is_deleted)"
            " VALUES (%s, 'agent-large', 'user', %s, '[]', now(), 'org-1', false) ON CONFLICT DO NOTHING",
            [f"message-large-{number}", json.dumps(content)],
        )
    page = html(superuser, "/agents/agent-large/messages/")
    assert "before 5" in page
    assert "after 5" in page
    assert "1.9 MB" in page
    assert len(page) < 200_000


def test_without_conversations_there_is_only_the_default_thread(
    worlds: Callable[[str], LettaDatabase], superuser: Client
) -> None:
    old = worlds("0.8.17")
    with pointed_at(old.uri()):
        agent_id = old.rows("SELECT agent_id FROM messages LIMIT 1")[0][0]
        assert "Default conversation" in html(superuser, f"/agents/{agent_id}/messages/")
        assert superuser.get("/conversations/conv-00000000/").status_code == 404
