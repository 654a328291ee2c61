"""Looking through a thread for what no index knows."""

import json

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from agents_app.conversations.queries import windows
from tests.integration.conversations.walking import ids
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
LONG = "/agents/agent-long/messages/"


def found(client: Client, url: str) -> dict[str, object]:
    response = client.get(f"{url}&format=json")
    assert response.status_code == 200
    answer: dict[str, object] = response.json()
    return answer


def test_text_is_found_newest_first_and_marked(threads: LettaDatabase, superuser: Client) -> None:
    page = superuser.get(f"{LONG}?q=row+1777").content.decode()
    assert '<mark class="hit">Row 1777</mark>' in page
    assert page.index('id="message-long-17779"') < page.index('id="message-long-17770"')


def test_it_says_how_far_it_looked_and_goes_on(
    threads: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "BUDGET_SECONDS", 0.0)
    answer = found(superuser, f"{LONG}?q=nowhere+to+be+found")
    assert answer["results"] == []
    assert answer["looked_at"] == windows.FIRST_WINDOW
    assert str(answer["looked_back_to"]).startswith("2026-05-15T07:12")
    page = superuser.get(f"{LONG}?q=nowhere").content.decode()
    assert "looked at 400 messages back to" in page
    assert "Go on looking further back" in page


def test_going_on_finds_every_hit_once(threads: LettaDatabase, superuser: Client) -> None:
    url = f"{LONG}?tool=find_order&since=2026-05-02&until=2026-05-04&format=json&limit=30"
    wanted = threads.rows(
        "SELECT id FROM messages WHERE agent_id = 'agent-long' AND tool_calls::text LIKE '%%find_order%%'"
        " AND created_at >= '2026-05-02' AND created_at < '2026-05-04' AND NOT is_deleted ORDER BY sequence_id DESC"
    )
    assert ids(superuser, url) == [one for (one,) in wanted]


def test_errors_are_found_by_what_the_returns_say(
    threads: LettaDatabase, superuser: Client
) -> None:
    wanted = threads.rows(
        "SELECT count(*) FROM messages WHERE agent_id = 'agent-long' AND NOT is_deleted"
        " AND tool_returns::text LIKE '%%error%%'"
    )
    assert len(ids(superuser, f"{LONG}?errors=on&format=json")) == wanted[0][0] == 100


def test_a_role_is_found_by_its_column(threads: LettaDatabase, superuser: Client) -> None:
    results = found(superuser, f"{LONG}?role=tool&limit=7")["results"]
    assert {row["role"] for row in results} == {"tool"}  # type: ignore[attr-defined]


def test_a_fork_is_searched_in_what_it_shares_too(
    threads: LettaDatabase, superuser: Client
) -> None:
    assert len(ids(superuser, "/conversations/conv-fork/?q=of+default&format=json&limit=8")) == 30
    assert len(ids(superuser, "/conversations/conv-fork/?q=of+fork&format=json&limit=8")) == 40


WORDS = {
    "борщ": "Сегодня БОРЩ и хлеб",
    "straße": "Große STRASSE 5",
    "東京": "明日は東京へ",
    "naïve 😀": "so naïve 😀!",
}


def test_any_script_is_found_beside_a_poisoned_row(
    threads: LettaDatabase, superuser: Client
) -> None:
    threads.execute(
        "INSERT INTO agents (id, name, agent_type, organization_id, message_buffer_autoclear, is_deleted)"
        " VALUES ('agent-words', 'words', 'letta_v1_agent', 'org-1', false, false) ON CONFLICT DO NOTHING"
    )
    contents = [json.dumps([{"type": "text", "text": text}]) for text in WORDS.values()]
    contents += ['[{"type": "text", "text": "\\u0000 \\ud800"}]', "[" * 3000 + "]" * 3000]
    for number, content in enumerate(contents):
        threads.execute(
            "INSERT INTO messages (id, agent_id, role, content, tool_calls, created_at, organization_id, is_deleted)"
            " VALUES (%s, 'agent-words', 'user', %s, '[]', 'infinity', 'org-1', false) ON CONFLICT DO NOTHING",
            [f"message-words-{number}", content],
        )
    for number, word in enumerate(WORDS):
        response = superuser.get("/agents/agent-words/messages/", {"q": word, "format": "json"})
        assert [row["id"] for row in response.json()["results"]] == [f"message-words-{number}"]


def test_words_inside_arguments_and_returns_are_found(
    letta: LettaDatabase, superuser: Client
) -> None:
    row = letta.rows(
        "SELECT agent_id, id, tool_calls::text FROM messages WHERE tool_calls::text LIKE '%%arguments%%'"
        " AND agent_id NOT LIKE 'agent-bad%%' AND NOT is_deleted ORDER BY sequence_id DESC LIMIT 1"
    )[0]
    arguments = json.loads(json.loads(row[2])[0]["function"]["arguments"])
    word = next(str(value) for value in arguments.values() if isinstance(value, str))[:30]
    response = superuser.get(
        f"/agents/{row[0]}/messages/", {"q": word, "thread": "all", "format": "json"}
    )
    assert row[1] in {one["id"] for one in response.json()["results"]}


def test_a_search_is_on_record_without_its_words(threads: LettaDatabase, superuser: Client) -> None:
    superuser.get(f"{LONG}?q=secretword")
    event = AccessEvent.objects.filter(action="conversation.search").latest("pk")
    assert event.object_ids == ["agent-long"]
    assert "secretword" not in str(vars(event))
