"""Hostile values outside of messages: names, blocks, history, passages, tags, files, traces."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents_app.demo.hostile.naming import AGENT_OF_PLACES, ORGANIZATION, bad, good
from agents_app.demo.world.embeddings import zero_vector

_EMBEDDING = {"embedding_model": "text-embedding-3-small", "embedding_dim": 1536}
ARCHIVE = bad("archive", 61, 0)
SOURCE = bad("source", 47, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """One row of any table; `number` 0 marks a good neighbour."""

    number: int
    description: str
    table: str
    row: dict[str, Any]


def places(at: datetime) -> Iterator[Place]:
    """Rows in an order that satisfies foreign keys."""
    for rows in (_blocks, _history, _passages, _files, _people, _groups, _execution, _traces):
        yield from rows(at)


def _stamped(at: datetime, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "organization_id": ORGANIZATION,
        "created_at": at,
        "updated_at": at,
        "is_deleted": False,
    } | row


def _block(at: datetime, number: int, variant: int, description: str, **more: Any) -> Place:
    row = {
        "id": bad("block", number, variant),
        "value": "a value",
        "limit": 5000,
        "label": "notes",
        "is_template": False,
        "version": 1,
        "read_only": False,
        "metadata_": "{}",
    }
    return Place(number, description, "block", _stamped(at, row | more))


def _blocks(at: datetime) -> Iterator[Place]:
    for index in range(5):
        row = {
            "id": good("block", 60, index),
            "value": f"Good block {index}",
            "limit": 5000,
            "label": f"good_{index}",
            "is_template": False,
            "version": 1,
            "read_only": False,
        }
        yield Place(0, "", "block", _stamped(at, row))
    yield _block(at, 60, 1, "label <b>", label="<b>", value="bold?")
    yield _block(at, 60, 2, "empty label", label="", value="nameless")
    yield _block(at, 60, 3, "100 KB label", label="l" * 100_000)
    yield _block(at, 60, 4, "value over its limit", label="over", value="v" * 900, limit=100)
    yield _block(at, 60, 5, "limit zero", label="zero", limit=0)
    yield _block(at, 60, 6, "negative limit", label="negative", limit=-1)
    yield _block(at, 60, 7, "1 MB value", label="large", value="x" * 1_000_000, limit=2_000_000)
    yield _block(
        at, 60, 8, "script in the value", label="script", value="</value><script>alert(60)</script>"
    )
    yield _block(at, 22, 90, "NUL in metadata", label="nul", metadata_='{"a\\u0000b": "c\\u0000"}')
    yield _block(at, 28, 90, "deep metadata", label="deep", metadata_="[" * 6500 + "]" * 6500)
    yield _block(
        at, 25, 90, "same look, different bytes", label="twins", value="caf\u00e9\ncafe\u0301"
    )
    for variant in range(1, 9):
        label = ("<b>", "", "l" * 100_000, "over", "zero", "negative", "large", "script")[
            variant - 1
        ]
        yield Place(
            0,
            "",
            "blocks_agents",
            {
                "agent_id": AGENT_OF_PLACES,
                "block_label": label,
                "block_id": bad("block", 60, variant),
            },
        )


def _history(at: datetime) -> Iterator[Place]:
    yield _block(at, 59, 1, "history with gaps and twins", label="history", version=9)
    yield _block(at, 59, 2, "history of 2,000 entries", label="long_history", version=2001)
    entries = [(1, "one"), (2, "one"), (5, "five"), (9, "nine"), (-3, "before the first")]
    for sequence, value in entries:
        yield _entry(at, 1, sequence, value)
    for sequence in range(1, 2001):
        yield _entry(at, 2, sequence, f"version {sequence}")


def _entry(at: datetime, block: int, sequence: int, value: str) -> Place:
    number = sequence if sequence >= 0 else 9000 - sequence
    row = {
        "id": bad("block_hist", 59, block * 10_000 + number),
        "block_id": bad("block", 59, block),
        "sequence_number": sequence,
        "label": "history",
        "value": value,
        "limit": 5000,
        "actor_type": "<actor>",
    }
    return Place(0, "", "block_history", _stamped(at, row))


def _passages(at: datetime) -> Iterator[Place]:
    archive = {
        "id": ARCHIVE,
        "name": "<script>alert(61)</script> archive",
        "vector_db_provider": "NATIVE",
        "embedding_config": "null",
    }
    yield Place(61, "script in the archive's name", "archives", _stamped(at, archive))
    link = {"agent_id": AGENT_OF_PLACES, "archive_id": ARCHIVE, "is_owner": True, "created_at": at}
    yield Place(0, "", "archives_agents", link)
    short = "[" + ",".join(["0.01"] * 64 + ["0"] * 4032) + "]"
    for index in range(6):
        yield from _passage(at, 0, index, "", text=f"Good passage {index}", embedding=short)
    variants: tuple[tuple[int, str, dict[str, Any]], ...] = (
        (61, "no embedding", {"embedding": None, "embedding_config": "null"}),
        (61, "zero vector", {"embedding": zero_vector()}),
        (
            61,
            "dimension that does not fit",
            {
                "embedding": short,
                "embedding_config": json.dumps(_EMBEDDING | {"embedding_dim": 99999}),
            },
        ),
        (
            61,
            "dimension as text",
            {"embedding": short, "embedding_config": '{"embedding_dim": "many"}'},
        ),
        (61, "configuration that is a list", {"embedding": short, "embedding_config": "[1, 2]"}),
        (61, "huge numbers", {"embedding": short.replace("0.01", "3e38")}),
        (62, "tags are a string", {"embedding": short, "tags": '"<b>tag</b>"'}),
        (
            62,
            "10,000 tags",
            {"embedding": short, "tags": json.dumps([f"t{n}" for n in range(10_000)])},
        ),
        (62, "1 MB tag", {"embedding": short, "tags": json.dumps(["t" * 1_000_000])}),
        (62, "nested tags", {"embedding": short, "tags": '[["a"], {"b": 1}, null, 7]'}),
        (
            62,
            "tags that differ in case",
            {"embedding": short, "tags": '["Size", "size", "SIZE", "size"]'},
        ),
        (1, "script in a passage", {"embedding": short, "text": "<script>alert(1)</script>"}),
        (22, "NUL in metadata", {"embedding": short, "metadata_": '{"a": "\\u0000"}'}),
    )
    for variant, (number, description, more) in enumerate(variants, start=1):
        yield from _passage(at, number, 100 + variant, description, **more)


def _passage(
    at: datetime, number: int, variant: int, description: str, **more: Any
) -> Iterator[Place]:
    """The row in both tables; the release has one of them (archives since 0.11)."""
    key = bad("passage", number, variant) if number else good("passage", 61, variant)
    row = {
        "id": key,
        "text": "a note",
        "embedding_config": json.dumps(_EMBEDDING),
        "metadata_": "{}",
        "tags": "[]",
        "archive_id": ARCHIVE,
        "agent_id": AGENT_OF_PLACES,
    } | more
    for table in ("archival_passages", "agent_passages"):
        yield Place(number, description, table, _stamped(at, row))


def _files(at: datetime) -> Iterator[Place]:
    source = {
        "id": SOURCE,
        "name": "<img src=x onerror=alert(47)>",
        "embedding_config": "{}",
        "vector_db_provider": "NATIVE",
    }
    yield Place(47, "markup in the source's name", "sources", _stamped(at, source))
    yield Place(0, "", "sources_agents", {"agent_id": AGENT_OF_PLACES, "source_id": SOURCE})
    names = (
        "../../etc/passwd",
        "CON",
        "a\r\nSet-Cookie: x=1.txt",
        "photo\u202egpj.exe",
        "n" * 4096,
        "\U0001f4c4\U0001f600.txt",
        "good.txt",
    )
    for variant, name in enumerate(names, start=1):
        row = {
            "id": bad("file", 47, variant),
            "source_id": SOURCE,
            "file_name": name,
            "original_file_name": name,
            "file_type": "text/plain",
            "file_size": -1,
            "processing_status": "<status>",
            "error_message": "<b>no</b>",
        }
        yield Place(47, f"file name {name[:20]!r}", "files", _stamped(at, row))


def _people(at: datetime) -> Iterator[Place]:
    properties = [
        {"key": "email", "value": "patient.zero@example.org", "type": "string"},
        {"key": "phone", "value": "+49 170 0000000", "type": "string"},
        {"key": "diagnosis", "value": "penicillin allergy", "type": "string"},
        {"key": "<b>", "value": {"__proto__": 1}, "type": "json"},
    ]
    for variant, (name, raw) in enumerate(
        (
            ("\u0410nna Petr\u043eva", json.dumps(properties)),
            ("<script>alert(63)</script>", '{"not": "a list"}'),
            ("", '[{"key": "k", "value": "a\\u0000b", "type": "string"}]'),
            ("Deep", "[" * 6500 + "]" * 6500),
        ),
        start=1,
    ):
        row = {
            "id": bad("identity", 63, variant),
            "identifier_key": f"<key{variant}>@example.org",
            "name": name,
            "identity_type": "other",
            "properties": raw,
        }
        yield Place(63, "identity with odd properties", "identities", _stamped(at, row))
        yield Place(
            0, "", "identities_agents", {"identity_id": row["id"], "agent_id": AGENT_OF_PLACES}
        )


def _groups(at: datetime) -> Iterator[Place]:
    members = (
        '["agent-\\u0000", "agent-\\ud800", 7, null, {"id": 1}]',
        '{"a": 1}',
        "[" * 6500 + "]" * 6500,
    )
    for variant, raw in enumerate(members, start=1):
        row = {
            "id": bad("group", 58, variant),
            "description": "<b>members</b>",
            "manager_type": "<kind>",
            "manager_agent_id": AGENT_OF_PLACES,
            "agent_ids": raw,
        }
        yield Place(58, "members that are no ids", "groups", _stamped(at, row))


def _execution(at: datetime) -> Iterator[Place]:
    run = {
        "id": bad("run", 57, 1),
        "agent_id": AGENT_OF_PLACES,
        "status": "<b>odd</b>",
        "completed_at": "infinity",
        "metadata_": '{"error": "\\u0000 \\ud800"}',
        "ttft_ns": -1,
        "total_duration_ns": 2**63 - 1,
    }
    yield Place(57, "run with odd numbers", "runs", _stamped(at, run))
    tokens = ((-5, -5, -10), (0, 0, 0), (2**31 - 1, 2**31 - 1, 2**31 - 1))
    for variant, (prompt, completion, total) in enumerate(tokens, start=1):
        row = {
            "id": bad("step", 57, variant),
            "agent_id": AGENT_OF_PLACES,
            "run_id": run["id"],
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": total,
            "status": "FAILED",
            "error_type": "<b>",
            "error_data": '{"traceback": 7}',
            "tags": "null",
        }
        yield Place(57, f"step with {total} tokens", "steps", _stamped(at, row))
    metrics = {
        "id": bad("step", 57, 3),
        "agent_id": AGENT_OF_PLACES,
        "run_id": run["id"],
        "step_ns": 2**63 - 1,
        "llm_request_ns": -1,
        "tool_execution_ns": None,
    }
    yield Place(57, "metrics out of range", "step_metrics", _stamped(at, metrics))


def _traces(at: datetime) -> Iterator[Place]:
    headers = {
        "headers": {"Authorization": "Bearer demo-secret-trace"},
        "api_key": "demo-secret-body",
    }
    prompt = [{"role": "system", "content": "x" * 50_000_000}]
    for variant, (description, sent) in enumerate(
        (
            ("trace with headers and keys", json.dumps(headers)),
            ("trace of 50 MB", json.dumps({"model": "gpt", "messages": prompt})),
            ("trace that is a list", "[1, 2, 3]"),
            (
                "trace with NUL and surrogate",
                '{"messages": [{"role": "system", "content": "\\u0000\\ud83d"}]}',
            ),
            ("deep trace", "[" * 6500 + "]" * 6500),
        ),
        start=1,
    ):
        row = {
            "id": bad("provider_trace", 64, variant),
            "request_json": sent,
            "response_json": "null",
            "step_id": bad("step", 57, 1),
            "agent_id": AGENT_OF_PLACES,
        }
        yield Place(64, description, "provider_traces", _stamped(at, row))
