"""The demo world: believable, consistent, and in the habits of each release."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from agents_app.demo.builder import build_database
from agents_app.demo.load import fill
from agents_app.demo.releases import RELEASES
from agents_app.demo.world.secrets import CANARY
from tests.cluster import Cluster
from tests.integration.demo.conftest import UNTIL, Ask, Rows, ask

Small = Callable[[str], Ask]


@pytest.mark.parametrize("release", RELEASES)
def test_a_world_has_about_as_many_messages_as_asked(small: Small, release: str) -> None:
    count = small(release)("SELECT count(*) FROM messages")[0][0]
    assert 900 <= count <= 930


@pytest.mark.parametrize("release", RELEASES)
def test_context_windows_name_only_rows_of_their_agent(small: Small, release: str) -> None:
    dangling = small(release)(
        "SELECT a.name FROM agents a, json_array_elements_text(message_ids) AS id"
        " WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = id AND m.agent_id = a.id)"
    )
    assert dangling == []


@pytest.mark.parametrize("release", RELEASES)
def test_threads_are_in_the_order_of_time(small: Small, release: str) -> None:
    inversions = small(release)(
        "SELECT count(*) FROM (SELECT created_at < lag(created_at) OVER ("
        " PARTITION BY agent_id ORDER BY sequence_id) AS back FROM messages) AS steps WHERE back"
    )[0][0]
    assert inversions <= 12  # Named conversations of one agent may overlap.


@pytest.mark.parametrize("release", RELEASES)
def test_every_return_answers_a_call_of_its_agent(small: Small, release: str) -> None:
    calls, answered = set(), set()
    for role, tool_calls, call_id in small(release)(
        "SELECT role, tool_calls::text, tool_call_id FROM messages"
    ):
        calls |= {call["id"] for call in json.loads(tool_calls)}
        answered |= {call_id} if role == "tool" else set()
    assert answered <= calls


@pytest.mark.parametrize("release", RELEASES)
def test_versions_count_at_least_the_edits_by_tools(small: Small, release: str) -> None:
    versions = small(release)("SELECT sum(version - 1) FROM block")[0][0]
    edits = small(release)(
        "SELECT count(*) FROM messages WHERE role = 'assistant'"
        ' AND tool_calls::text ~ \'"name": "(core_memory_|memory)\''
    )[0][0]
    assert versions > 20
    assert edits > 20


RETURNED = """
SELECT b.id, b.value, b.version, r.content::text
FROM messages r
JOIN messages c ON c.agent_id = r.agent_id AND c.role = 'assistant'
    AND c.tool_calls->0->>'id' = r.tool_call_id
JOIN blocks_agents l ON l.agent_id = r.agent_id
    AND l.block_label = (c.tool_calls->0->'function'->>'arguments')::json->>'label'
JOIN block b ON b.id = l.block_id
WHERE r.role = 'tool' AND r.name ~ '^(core_memory|memory)_' AND r.content::text NOT LIKE '%Failed%'
ORDER BY r.sequence_id
"""


def test_a_block_that_only_tools_changed_holds_what_the_last_one_returned(small: Small) -> None:
    """In 0.16.8 a successful return is the whole new value."""
    edits = [(key, value, version, json.loads(json.loads(content)[0]["text"])["message"])
             for key, value, version, content in small("0.16.8")(RETURNED)]  # fmt: skip
    counts = Counter(key for key, *_rest in edits)
    newest = {key: (value, message) for key, value, version, message in edits
              if version - 1 == counts[key]}  # fmt: skip
    assert len(newest) >= 3
    assert all(value == message for value, message in newest.values())


def test_old_user_text_is_packed_and_new_text_is_raw(small: Small) -> None:
    query = "SELECT content->0->>'text' FROM messages WHERE role = 'user' AND sender_id IS NOT NULL"
    assert all('"type": "user_message"' in text for (text,) in small("0.6.54")(query))
    assert not any('"type": "user_message"' in text for (text,) in small("0.16.8")(query))


def test_json_is_stored_as_ascii(small: Small) -> None:
    texts = small("0.16.8")("SELECT content::text FROM messages")
    assert all(text.isascii() for (text,) in texts)
    assert any("\\u0" in text for (text,) in texts)


def kinds(rows: Rows) -> set[Any]:
    return {value for (value,) in rows}


def test_the_last_release_shows_every_kind_of_part_and_role(small: Small) -> None:
    found = kinds(
        small("0.16.8")("SELECT DISTINCT p->>'type' FROM messages, json_array_elements(content) p")
    )
    assert found == {"text", "image", "reasoning", "redacted_reasoning", "omitted_reasoning",
                     "summarized_reasoning"}  # fmt: skip
    roles = kinds(small("0.16.8")("SELECT DISTINCT role FROM messages"))
    assert roles == {"system", "user", "assistant", "tool", "approval", "summary"}


def test_agents_of_all_generations_are_there(small: Small) -> None:
    found = kinds(small("0.16.8")("SELECT DISTINCT agent_type FROM agents"))
    assert {"memgpt_agent", "memgpt_v2_agent", "letta_v1_agent", "sleeptime_agent", "react_agent",
            "workflow_agent", "voice_convo_agent", "voice_sleeptime_agent"} == found  # fmt: skip
    assert kinds(small("0.6.54")("SELECT DISTINCT agent_type FROM agents")) == {
        "memgpt_agent",
        "sleeptime_agent",
    }


def test_one_request_for_approval_stays_open(small: Small) -> None:
    waiting = small("0.16.8")(
        "SELECT count(*) FROM messages asked WHERE role = 'approval' AND tool_calls::text <> '[]'"
        " AND NOT EXISTS (SELECT 1 FROM messages later WHERE later.agent_id = asked.agent_id"
        " AND later.conversation_id IS NOT DISTINCT FROM asked.conversation_id"
        " AND later.sequence_id > asked.sequence_id)"
    )
    assert waiting == [(1,)]


def test_a_fork_shares_rows_that_name_their_origin(small: Small) -> None:
    shared = small("0.16.8")(
        "SELECT count(*) FROM conversation_messages c JOIN messages m ON m.id = c.message_id"
        " WHERE m.conversation_id IS DISTINCT FROM c.conversation_id"
    )
    assert shared[0][0] > 3


def test_a_soft_deleted_conversation_keeps_its_rows(small: Small) -> None:
    gone = small("0.16.8")(
        "SELECT c.is_deleted, bool_and(m.is_deleted), count(*) FROM conversations c"
        " JOIN messages m ON m.conversation_id = c.id WHERE c.is_deleted GROUP BY c.id"
    )
    assert [(deleted, all_rows) for deleted, all_rows, _count in gone] == [(True, True)]


def test_runs_end_in_every_way(small: Small) -> None:
    assert kinds(small("0.16.8")("SELECT DISTINCT status FROM runs")) >= {
        "completed",
        "failed",
        "cancelled",
    }
    assert small("0.16.8")("SELECT count(*) FROM runs WHERE completed_at IS NULL")[0][0] >= 3
    assert (
        len(small("0.16.8")("SELECT DISTINCT stop_reason FROM steps WHERE status = 'FAILED'")) > 6
    )


def test_traces_of_a_turn_carry_the_prompt_of_its_start(small: Small) -> None:
    """0.16.8 keeps the prompt for the whole turn (measured on a running server)."""
    prompts = small("0.16.8")(
        "SELECT t.run_id, count(DISTINCT t.request_json->'messages'->0->>'content') FROM provider_traces t"
        " WHERE t.request_json->'messages'->0->>'role' = 'system' AND t.run_id IS NOT NULL"
        " GROUP BY t.run_id HAVING count(*) > 1"
    )
    assert prompts
    assert {count for _run, count in prompts} == {1}


def test_passages_are_padded_and_some_have_no_direction(small: Small) -> None:
    found = small("0.16.8")(
        "SELECT count(*), count(DISTINCT vector_dims(embedding)) FROM archival_passages"
    )
    assert found == [(60, 1)]
    models = small("0.16.8")(
        "SELECT DISTINCT embedding_config->>'embedding_model' FROM archival_passages"
    )
    assert len(models) >= 2


def test_secrets_are_in_every_table_that_can_hold_them(small: Small) -> None:
    for table, column in (
        ("providers", "api_key_enc"), ("mcp_server", "token_enc"), ("mcp_oauth", "access_token_enc"),
        ("agent_environment_variables", "value_enc"), ("sandbox_environment_variables", "value_enc"),
    ):  # fmt: skip
        values = small("0.16.8")(f"SELECT {column} FROM {table}")
        assert all(value.startswith(CANARY) for (value,) in values)
        assert values


def test_new_messages_go_on_after_the_loaded_ones(small: Small) -> None:
    row = small("0.16.8")(
        "SELECT nextval('message_seq_id'), (SELECT max(sequence_id) FROM messages)"
    )[0]
    assert row[0] > row[1]


def test_the_same_seed_gives_the_same_rows(cluster: Cluster) -> None:
    prints = []
    for _run in range(2):
        dsn = cluster.dsn(cluster.create_database())
        build_database(dsn, "0.13.0")
        fill(
            dsn, "0.13.0", agents=18, messages=500, passages=12, hostile=False, seed=5, until=UNTIL
        )
        query = "SELECT md5(string_agg(m::text, '' ORDER BY m.sequence_id)) FROM messages m"
        prints.append(ask(dsn, query))
    assert prints[0] == prints[1]
