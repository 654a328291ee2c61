"""A search of an agent's, replayed: what it returned, what became of it, what is near today and was not returned."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from agents_app.demo.load import fill
from agents_app.embeddings.replay.calls import READERS
from agents_app.letta.reading.calls import LOOKING_UP
from tests.cluster import Cluster
from tests.endpoint import Server
from tests.lettadb import UNTIL, LettaDatabase, new_database, pointed_at

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
AGENT, ARCHIVE, OTHER = "agent-replay", "archive-replay", "archive-other"
MODEL = {"embedding_model": "small", "embedding_dim": 4, "embedding_endpoint_type": "openai"}
PASSAGES: list[dict[str, Any]] = [
    {"id": "passage-kept", "text": "the blue tent", "v": [1, 0, 0, 0], "tags": ["gear"]},
    {"id": "passage-missed", "text": "a tent, blue", "v": [1, 0.1, 0, 0], "tags": ["gear"]},
    {"id": "passage-later", "text": "blue tents now", "v": [1, 0.05, 0, 0], "tags": ["gear"], "days": 5},
    {"id": "passage-untagged", "text": "tent (blue)", "v": [1, 0.2, 0, 0], "tags": ["other"]},
    {"id": "passage-old", "text": "ancient tent", "v": [1, 0.3, 0, 0], "tags": ["gear"], "days": -400},
    {"id": "passage-model", "text": "other model", "v": [1, 0, 0, 0], "tags": ["gear"], "model": "large"},
    {"id": "passage-moved", "text": "moved away", "v": [1, 0, 0, 0], "tags": ["gear"], "archive": OTHER},
]  # fmt: skip


def insert(database: LettaDatabase, table: str, **values: Any) -> None:
    columns, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    database.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))


def vector(numbers: list[float]) -> str:
    return str([*numbers, *[0] * (4096 - len(numbers))])


@pytest.fixture(scope="module")
def stage(cluster: Cluster) -> LettaDatabase:
    """A world with one more agent, whose archive holds the passages above."""
    database = new_database(cluster)
    fill(
        database.owner,
        "0.16.8",
        agents=2,
        messages=40,
        passages=4,
        hostile=False,
        seed=3,
        until=UNTIL,
        schema=database.schema,
    )
    organization = database.rows("SELECT id FROM organizations LIMIT 1")[0][0]
    own = {"organization_id": organization, "is_deleted": False}
    insert(database, "agents", id=AGENT, name="Replay", agent_type="letta_v1_agent",
           embedding_config=json.dumps(MODEL), message_buffer_autoclear=False, **own)  # fmt: skip
    for archive in (ARCHIVE, OTHER):
        insert(database, "archives", id=archive, name=archive, vector_db_provider="NATIVE", **own)
    insert(
        database,
        "archives_agents",
        agent_id=AGENT,
        archive_id=ARCHIVE,
        is_owner=True,
        created_at=AT,
    )
    for one in PASSAGES:
        config = MODEL | {"embedding_model": one.get("model", "small")}
        insert(database, "archival_passages", id=one["id"], text=one["text"], embedding=vector(one["v"]),
               embedding_config=json.dumps(config), metadata_="{}", tags=json.dumps(one["tags"]),
               archive_id=one.get("archive", ARCHIVE),
               created_at=AT + timedelta(days=one.get("days", -1)), **own)  # fmt: skip
    database.provision()
    return database


@pytest.fixture(autouse=True)
def _pointed(stage: LettaDatabase) -> Iterator[None]:
    with pointed_at(stage.uri()):
        yield


@pytest.fixture
def searched(stage: LettaDatabase) -> Callable[..., str]:
    """`searched(arguments, returned)`: the id of a message with that call, its return in the next row."""
    organization = stage.rows("SELECT id FROM organizations LIMIT 1")[0][0]

    def make(arguments: dict[str, Any], returned: Any, tool: str = "archival_memory_search") -> str:
        number = stage.rows("SELECT count(*) FROM messages")[0][0]
        key, call_id = f"message-replay-{number}", f"call-{number}"
        own = {
            "agent_id": AGENT,
            "organization_id": organization,
            "is_deleted": False,
            "created_at": AT,
        }
        call = {
            "id": call_id,
            "type": "function",
            "function": {"name": tool, "arguments": json.dumps(arguments)},
        }
        body = json.dumps({"status": "OK", "message": returned, "time": "x"})
        result = {"tool_call_id": call_id, "status": "success", "func_response": body}
        insert(
            stage,
            "messages",
            id=key,
            role="assistant",
            content="[]",
            tool_calls=json.dumps([call]),
            **own,
        )
        insert(stage, "messages", id=f"{key}-r", role="tool", tool_calls="[]", tool_call_id=call_id, name=tool,
               content=json.dumps([{"type": "text", "text": body}]), tool_returns=json.dumps([result]), **own)  # fmt: skip
        return key

    return make


def replayed(client: Client, message_id: str) -> Any:
    path = f"/messages/{message_id}/retrieval/0/"
    assert client.get(path).status_code == 200
    return json.loads(client.get(path, {"format": "json"}).content)


ASKED = {"query": "blue tent", "tags": ["gear"], "start_datetime": "2026-01-01", "top_k": 10}
RETURNED = str(
    (
        [
            {"timestamp": "x", "content": "the blue tent"},
            {"timestamp": "x", "content": "long gone"},
        ],
        2,
    )
)


def test_each_result_is_followed_to_today(searched: Callable[..., str], superuser: Client) -> None:
    found = replayed(superuser, searched(ASKED, RETURNED))
    assert [one["passage"] for one in found["returned"]] == ["passage-kept", None]
    assert "Still there" in found["returned"][0]["today"]
    assert "Gone" in found["returned"][1]["today"]


def test_what_is_near_today_says_why_it_was_not_returned(
    searched: Callable[..., str], superuser: Client
) -> None:
    found = replayed(superuser, searched(ASKED, RETURNED))
    why = {one["id"]: one["why_missing"] for one in found["near_today"]}
    assert found["basis"] == "first"
    assert "only after this search" in why["passage-later"]
    assert "tags that it does not have" in why["passage-untagged"]
    assert "older than the search asked for" in why["passage-old"]
    assert "need not mean near the query" in why["passage-missed"]
    assert "passage-model" not in why


def test_with_an_endpoint_the_query_itself_is_searched_again(
    server: Server, searched: Callable[..., str], superuser: Client
) -> None:
    server.give([1.0, 0.05, 0.0, 0.0])
    path = f"/messages/{searched(ASKED, RETURNED)}/retrieval/0/"
    assert server.url in superuser.get(path).content.decode()
    assert server.asked == []
    found = json.loads(superuser.post(f"{path}again/?format=json").content)
    assert server.asked[0][2]["input"] == ASKED["query"]
    why = {one["id"]: one["why_missing"] for one in found["near_today"]}
    assert found["basis"] == "query"
    assert found["near_today"][0]["id"] == "passage-later"
    assert why["passage-kept"] is None
    assert "ranked lower" in why["passage-missed"]
    assert superuser.post(f"{path}again/").status_code == 200
    assert AccessEvent.objects.filter(action="meaning.search").count() == 2


def test_a_refused_query_leaves_the_rest_of_the_page(
    server: Server, searched: Callable[..., str], superuser: Client
) -> None:
    server.status = 401
    page = superuser.post(
        f"/messages/{searched(ASKED, RETURNED)}/retrieval/0/again/"
    ).content.decode()
    assert "refused the key" in page
    assert "Still there" in page


def test_results_with_ids_are_found_even_in_another_archive(
    searched: Callable[..., str], superuser: Client
) -> None:
    returned = [
        {"id": "passage-moved", "content": "moved away"},
        {"id": "passage-kept", "content": "as it was"},
    ]
    found = replayed(superuser, searched(ASKED, returned))
    assert [one["passage"] for one in found["returned"]] == ["passage-moved", "passage-kept"]
    assert "another archive" in found["returned"][0]["today"]


def test_a_search_that_found_nothing_has_a_page(
    searched: Callable[..., str], superuser: Client
) -> None:
    found = replayed(superuser, searched(ASKED, "No results found."))
    assert found["returned"] == []
    assert found["near_today"] == []


def test_the_transcript_and_the_message_link_to_it(
    searched: Callable[..., str], superuser: Client
) -> None:
    key = searched(ASKED, RETURNED)
    for path in (f"/messages/{key}/", f"/agents/{AGENT}/messages/?view=full&thread=all&limit=200"):
        assert f"/messages/{key}/retrieval/0/" in superuser.get(path).content.decode(), path


def test_other_calls_have_no_such_page(searched: Callable[..., str], superuser: Client) -> None:
    key = searched({"message": "hello"}, "None", tool="send_message")
    assert superuser.get(f"/messages/{key}/retrieval/0/").status_code == 404
    assert "retrieval" not in superuser.get(f"/messages/{key}/").content.decode()


def test_the_tools_that_link_are_those_that_can_be_replayed() -> None:
    assert set(READERS) == LOOKING_UP


def test_file_searches_are_followed_to_their_chunks_and_lines(
    stage: LettaDatabase, searched: Callable[..., str], superuser: Client
) -> None:
    source_id, file_id, name, text = stage.rows(
        "SELECT f.source_id, f.id, f.file_name, c.text FROM files f JOIN file_contents c ON c.file_id = f.id"
        " WHERE f.processing_status = 'completed' ORDER BY f.id LIMIT 1")[0]  # fmt: skip
    stage.execute(
        "INSERT INTO sources_agents VALUES (%s, %s) ON CONFLICT DO NOTHING", [AGENT, source_id]
    )
    chunk_id, chunk = stage.rows(
        "SELECT id, text FROM source_passages WHERE file_id = %s LIMIT 1", [file_id]
    )[0]
    lines = "\n".join(f"  {line}" for line in chunk.split("\n"))
    returned = f"Found 1 semantic matches in 1 file for query: 'x'\n====\n\n=== {name} (passage #1) ===\n{lines}\n"
    found = replayed(superuser, searched({"query": "x"}, returned, tool="semantic_search_files"))
    assert [one["passage"] for one in found["returned"]] == [chunk_id]
    assert all(one["file_id"] for one in found["near_today"])
    first = text.split("\n")[0]
    grep = f"Found 2 total matches\n\n=== {name}:1 ===\n> 1: {first}\n\n=== gone.md:2 ===\n> 2: x\n"
    today = [
        one["today"]
        for one in replayed(superuser, searched({"pattern": "S"}, grep, tool="grep_files"))[
            "returned"
        ]
    ]
    assert today == ["The file still holds this line.", "No folder of the agent has this file now."]


def test_what_is_shown_is_on_record(searched: Callable[..., str], superuser: Client) -> None:
    key = searched(ASKED, RETURNED)
    found = replayed(superuser, key)
    seen = AccessEvent.objects.filter(action="passage.read").latest("pk").object_ids
    assert set(seen) == {"passage-kept", *(one["id"] for one in found["near_today"])}
    assert AccessEvent.objects.filter(action="message.read").latest("pk").object_ids == [
        key,
        f"{key}-r",
    ]


def test_replay_needs_the_right_to_content(
    searched: Callable[..., str], browser_of: Callable[[str], Client]
) -> None:
    assert (
        browser_of("ops").get(f"/messages/{searched(ASKED, RETURNED)}/retrieval/0/").status_code
        == 403
    )


@pytest.mark.parametrize(
    "returned", ["", "None", {"a": 1}, [[["x"]]], "([{'content': 'x'", "\ud800", "x" * 60_000]
)
def test_odd_returns_have_a_page(
    returned: Any, searched: Callable[..., str], superuser: Client
) -> None:
    assert replayed(superuser, searched(ASKED, returned))["tool"] == "archival_memory_search"


def test_searches_of_every_release_are_replayed(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    rows = letta_of_each_release.rows(
        "SELECT id FROM messages WHERE tool_calls::text LIKE '%%archival_memory_search%%' AND role = 'assistant' LIMIT 5"
    )
    assert rows
    for (message_id,) in rows:
        found = replayed(superuser, message_id)
        assert found["answered"], message_id
        assert found["returned"] or found["status"] == "error", message_id
