"""Bundles of the demo world: what they hold, what goes on record for them, and that they verify."""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from agents_app.accounts import audit
from agents_app.accounts.models import AccessEvent
from agents_app.conversations import evidence as messages
from agents_app.demo.hostile import good_text, hostile_rows
from agents_app.evidence import bundle as bundles
from agents_app.evidence import parts, room
from agents_app.evidence.container import manifest
from agents_app.evidence.container.manifest import MANIFEST
from agents_app.evidence.container.writing import Writer
from agents_app.letta.errors import LettaDown
from tests.inert import findings
from tests.integration.evidence.conftest import (
    OCCASION,
    ON_RECORD,
    REASON,
    Opened,
    opened,
    verified,
)
from tests.lettadb import LettaDatabase
from tests.routes import samples

pytestmark = pytest.mark.django_db
Download = Callable[..., Opened]

ROWS = "SELECT id FROM messages WHERE agent_id = %s AND NOT is_deleted ORDER BY sequence_id"


@pytest.fixture
def ids(letta: LettaDatabase) -> dict[str, str]:
    return samples(letta)


def test_a_bundle_of_an_agent_holds_its_rows_in_order_and_verifies(
    download: Download, superuser: Client, letta: LettaDatabase, ids: dict[str, str], key: Path
) -> None:
    found = download(superuser, kind="agent", id=ids["agent_id"])
    stored = [one for (one,) in letta.rows(ROWS, [ids["agent_id"]])]
    assert [entry["id"] for entry in found.entries("messages")] == stored
    assert all(one in found.html for one in stored)
    said = verified(found.path, "--public-key", key)
    assert said.startswith(
        f"{len(found.files) - 2} files are as they were written: agent {ids['agent_id']}"
    )
    assert "Signed by the given key" in said


def test_the_manifest_says_who_when_what_from_where_and_what_is_missing(
    download: Download, superuser: Client, letta: LettaDatabase, ids: dict[str, str]
) -> None:
    found = download(
        superuser, kind="thread", id=ids["agent_id"], since="2026-01-01", memory="on"
    ).manifest
    row = AccessEvent.objects.get(sequence=found["trail"]["export"]["sequence"])
    assert (row.action, row.reason, row.hash) == (
        "evidence.export",
        ON_RECORD,
        found["trail"]["export"]["hash"],
    )
    assert (row.object_ids, row.agent_id) == ([ids["agent_id"], found["bundle"]], ids["agent_id"])
    assert found["exporter"] == {"name": "superuser", "role": "superuser"}
    assert found["letta"]["release"].startswith("0.16")
    assert found["letta"]["schema"] == letta.schema
    assert datetime.fromisoformat(found["exported_at"])
    assert datetime.fromisoformat(found["letta_time"])
    assert (found["filters"]["since"], found["filters"]["memory_only"]) == (
        "2026-01-01T00:00:00Z",
        True,
    )
    assert found["console"]["version"]
    assert found["masking"]
    assert found["coverage"]["complete"]
    assert any("neither call a memory tool" in one for one in found["coverage"]["notes"])


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        ("thread", "agent_id"),
        ("conversation", "conversation_id"),
        ("block", "block_id"),
        ("identity", "identity_id"),
    ],
)
def test_every_kind_gives_a_bundle_whose_pages_are_inert(
    kind: str, of: str, download: Download, superuser: Client, ids: dict[str, str], tmp_path: Path
) -> None:
    found = download(superuser, kind=kind, id=ids[of])
    assert found.entries() or kind == "identity"
    assert verified(found.path).startswith(f"{len(found.files) - 1} files")
    assert "The trail recorded it" in verified(found.path, "--trail", trail_of(tmp_path / "trail"))
    pages = {name: text.decode() for name, text in found.files.items() if name.endswith(".html")}
    assert len(pages) * 2 == len(found.files) - 1  # each with its JSON, beside the manifest
    for name, html in pages.items():
        assert [one for one in findings(html) if not one.startswith("<style")] == [], name
        assert "script" not in re.findall(r"<(\w+)", html)
        assert "default-src 'none'; style-src 'sha256-" in html


def test_a_history_holds_every_revision_with_its_value_and_its_grade(
    download: Download, superuser: Client, ids: dict[str, str]
) -> None:
    page = superuser.get(
        reverse("memory:history", args=[ids["block_id"]]) + "?format=json&limit=200"
    ).json()
    found = download(superuser, kind="block", id=ids["block_id"])
    entries = found.entries("history")
    assert [one["id"] for one in entries][: len(page["results"])] == [
        one["id"] for one in page["results"]
    ]
    assert all(
        {"value", "grade", "grade_means", "message_id", "cause_message_id"} <= one.keys()
        for one in entries
    )
    assert any(ids["block_id"] in one for one in found.manifest["coverage"]["notes"])


def test_the_history_of_a_block_that_is_gone_is_found_by_agent_and_label(
    download: Download, superuser: Client, letta: LettaDatabase, tmp_path: Path
) -> None:
    agent, label = gone(superuser, letta)
    found = download(superuser, kind="block", id="gone", agent=agent, label=label)
    assert "The trail recorded it" in verified(found.path, "--trail", trail_of(tmp_path / "trail"))
    assert found.entries("history")
    assert found.manifest["filters"]["label"] == label
    assert found.json("index.json")["facts"]["is_gone"]
    page = superuser.get(reverse("memory:history", args=["gone"]), {"agent": agent, "label": label})
    links = re.findall(r'href="(/evidence/new/[^"]+)"', page.content.decode())
    assert superuser.get(unescape(links[0])).status_code == 200


def gone(client: Client, letta: LettaDatabase) -> tuple[str, str]:
    """An agent with a label that it holds no more."""
    for (agent,) in letta.rows(
        "SELECT DISTINCT agent_id FROM messages WHERE agent_id NOT LIKE 'agent-bad%'"
    ):
        labels = client.get(reverse("memory:agent", args=[agent]) + "?format=json").json()[
            "vanished"
        ]
        known = [one["label"] for one in labels or [] if one["calls"]]
        if known:
            return agent, known[0]
    raise AssertionError("no agent has lost a block")


def test_a_bundle_of_an_identity_holds_its_blocks_and_the_messages_of_its_agents(
    download: Download, superuser: Client, customer: LettaDatabase
) -> None:
    found = download(superuser, kind="identity", id="identity-1")
    assert {one["id"] for one in found.entries("ties")} == {
        "agent-1",
        "agent-2",
        "block-1",
        "block-2",
    }
    assert [one["value"] for one in found.entries("history")] == ["Ada likes tea."] * 2
    assert {one["agent_id"] for one in found.entries("messages")} == {"agent-1", "agent-2"}
    assert len(found.entries("messages")) == 6
    notes = found.manifest["coverage"]["notes"]
    assert any(
        one.startswith("Agents that other identities share") and one.endswith(": 1.")
        for one in notes
    )
    assert found.json("index.json")["facts"]["identifier_key"] == "ada@example.com1"
    assert "BAD" not in verified(found.path)


def test_a_bundle_of_an_identity_may_leave_out_messages(
    download: Download, superuser: Client, customer: LettaDatabase
) -> None:
    found = download(superuser, kind="identity", id="identity-1", memory="on")
    assert found.entries("history")
    assert not found.entries("messages")
    notes = found.manifest["coverage"]["notes"]
    assert any("Messages of the agents are left out" in one for one in notes)


def test_a_range_of_time_and_memory_only_narrow_it(
    download: Download, superuser: Client, letta: LettaDatabase, ids: dict[str, str]
) -> None:
    sql = ROWS.replace(
        "ORDER", "AND created_at >= '2026-09-01' AND created_at < '2026-10-01' ORDER"
    )
    stored = [one for (one,) in letta.rows(sql, [ids["agent_id"]])]
    found = download(
        superuser, kind="agent", id=ids["agent_id"], since="2026-09-01", until="2026-10-01"
    )
    assert [one["id"] for one in found.entries()] == stored
    memory = download(superuser, kind="agent", id=ids["agent_id"], memory="on")
    names = {call["name"] for one in memory.entries() for call in one["tool_calls"]}
    assert {name for name in names if "memory" in name}
    assert all(one["tool_calls"] or one["tool_returns"] for one in memory.entries())


def test_what_is_read_goes_on_record_before_it_is_sent(
    superuser: Client, letta: LettaDatabase, ids: dict[str, str]
) -> None:
    before = AccessEvent.objects.count()
    asked = {"kind": "agent", "id": ids["agent_id"], **OCCASION}
    response = superuser.post(reverse("evidence:download"), asked)
    assert AccessEvent.objects.count() == before + 1  # the export itself
    next(iter(response.streaming_content))
    read = AccessEvent.objects.filter(action="bundle.read").order_by("sequence")
    assert read
    assert read[0].object_kind == "message"
    assert read[0].object_ids
    b"".join(response.streaming_content)
    named = {
        one for row in AccessEvent.objects.filter(action="bundle.read") for one in row.object_ids
    }
    assert {one for (one,) in letta.rows(ROWS, [ids["agent_id"]])} == named


def test_when_nothing_can_be_recorded_nothing_is_sent(
    superuser: Client, letta: LettaDatabase, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"kind": "agent", "id": ids["agent_id"], **OCCASION}
    response = superuser.post(reverse("evidence:download"), asked)

    def fails(*_: Any, **__: Any) -> None:
        raise OSError("full")

    monkeypatch.setattr(audit.AccessEvent.objects, "create", fails)
    with pytest.raises(OSError, match="full"):
        b"".join(response.streaming_content)
    assert room._room.acquire(blocking=False)
    room._room.release()


def test_the_trail_vouches_for_a_bundle_that_nobody_signed(
    download: Download, superuser: Client, ids: dict[str, str], tmp_path: Path, capsys: Any
) -> None:
    found = download(superuser, kind="thread", id=ids["agent_id"])
    trail = tmp_path / "trail.jsonl"
    with trail.open("w") as lines:
        call_command("export_trail", stdout=lines)
    assert "The trail recorded it" in verified(found.path, "--trail", trail)
    other = download(superuser, kind="thread", id=ids["agent_id"])
    assert "which the given trail does not hold" in verified(other.path, "--trail", trail)
    trail.write_text(trail.read_text().replace(REASON, "Another reason"))
    assert "is changed" in verified(other.path, "--trail", trail)


def rewritten(
    found: Opened, path: Path, change: Callable[[dict[str, Any]], Any], by: bytes
) -> Path:
    """The bundle with right sums, each "note" in its contents replaced and its manifest changed, as anybody can write it."""
    writer, old = Writer(), found.manifest
    files = {name: raw for name, raw in found.files.items() if not name.startswith("manifest")}
    body = b"".join(writer.add(name, raw.replace(b"note", by)) for name, raw in files.items())
    made = list(writer.files)
    known = ("files", "contents_sha256", "format", "format_version")
    facts = {name: value for name, value in old.items() if name not in known}
    change(facts)
    raw = manifest.written(facts | {"contents_sha256": manifest.contents_sum(made)}, made)
    path.write_bytes(body + writer.add(MANIFEST, raw) + writer.end())
    return path


def trail_of(path: Path) -> Path:
    with path.open("w") as lines:
        call_command("export_trail", stdout=lines)
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda facts: None,
        lambda facts: facts["trail"].pop("seal"),
        lambda facts: facts["trail"].pop("export"),
        lambda facts: facts.update(trail={}),
        lambda facts: facts.pop("trail"),
        lambda facts: facts["trail"].update(seal=facts["trail"]["export"]),
        lambda facts: facts["trail"].update(more=facts["trail"].pop("seal")),
        lambda facts: facts.update(trail={}) or facts["exporter"].update(name="somebody else"),
    ],
)
def test_the_trail_vouches_for_no_bundle_that_was_rewritten(
    change: Any, download: Download, superuser: Client, ids: dict[str, str], tmp_path: Path
) -> None:
    found = download(superuser, kind="thread", id=ids["agent_id"])
    trail = trail_of(tmp_path / "trail.jsonl")
    forged = rewritten(found, tmp_path / "forged.zip", change, b"fake")
    assert "BAD" not in verified(forged), "its sums are right"
    assert verified(forged, "--trail", trail).startswith("BAD")


@pytest.mark.parametrize(
    "fact", [{"exported_at": "2020-01-01T00:00:00.000000Z"}, {"reason": "No reason"}, {"bundle": "b"}]
)  # fmt: skip
def test_what_the_manifest_says_of_its_making_is_what_the_trail_says(
    fact: dict[str, str],
    download: Download,
    superuser: Client,
    ids: dict[str, str],
    tmp_path: Path,
) -> None:
    found = download(superuser, kind="thread", id=ids["agent_id"])
    trail = trail_of(tmp_path / "trail.jsonl")
    forged = rewritten(found, tmp_path / "forged.zip", lambda facts: facts.update(fact), b"note")
    assert "says something else" in verified(forged, "--trail", trail)


def test_what_a_bundle_says_of_itself_forges_no_line_on_a_terminal(
    download: Download, superuser: Client, ids: dict[str, str], tmp_path: Path
) -> None:
    found = download(superuser, kind="thread", id=ids["agent_id"])
    forging = "auditor.\x1b[2K\r\nSigned by the given key (0123456789abcdef).\x1b[8m\x9b1m\u202e"

    def change(facts: dict[str, Any]) -> None:
        facts["exporter"]["name"] = facts["subject"]["id"] = facts["exported_at"] = forging

    said = verified(rewritten(found, tmp_path / "forged.zip", change, b"note"))
    assert not {"\x1b", "\x9b", "\r", "\u202e"} & set(said)
    assert not any(line.startswith("Signed") for line in said.splitlines())


def test_a_changed_file_of_a_real_bundle_is_named(
    download: Download, superuser: Client, ids: dict[str, str], tmp_path: Path
) -> None:
    found = download(superuser, kind="thread", id=ids["agent_id"])
    at = len(found.raw) // 2
    raw = found.raw[:at] + bytes([found.raw[at] ^ 0x10]) + found.raw[at + 1 :]
    (tmp_path / "changed.zip").write_bytes(raw)
    assert verified(tmp_path / "changed.zip").startswith("BAD changed.zip: 001-messages/0001.")
    assert "cut off" in verified(_written(tmp_path / "cut.zip", found.raw[:-1]))


def _written(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


def test_hostile_rows_are_in_it_among_their_neighbours(
    download: Download, superuser: Client, letta: LettaDatabase
) -> None:
    numbers = sorted({row.number for row in hostile_rows() if row.table == "messages"})
    for number in numbers[::6]:
        rows = [row for row in hostile_rows() if row.table == "messages" and row.number == number]
        found = download(superuser, kind="agent", id=rows[0].agent_id, deleted="on")
        assert {*rows[0].neighbours, *(row.id for row in rows)} <= {
            one["id"] for one in found.entries()
        }
        assert all(good_text(number, n) in found.html for n in range(49))
        assert [one for one in findings(found.html) if not one.startswith("<style")] == []
        assert "BAD" not in verified(found.path)


def test_large_bundles_have_parts_and_a_full_one_says_where_it_was_cut(
    download: Download, superuser: Client, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "WINDOW", 10)
    monkeypatch.setattr(parts, "ENTRIES", 20)
    whole = download(superuser, kind="agent", id=ids["agent_id"])
    assert "001-messages/0003.html" in whole.files
    assert len({one["id"] for one in whole.entries()}) == len(whole.entries())
    monkeypatch.setattr(bundles, "MOST_ENTRIES", 30)
    cut = download(superuser, kind="agent", id=ids["agent_id"])
    assert len(cut.entries()) == 40
    assert not cut.manifest["coverage"]["complete"]
    assert any(
        "this one is full. The last entry is of 2026" in one
        for one in cut.manifest["coverage"]["notes"]
    )
    assert "0003.html" not in cut.html
    assert "not complete" in verified(cut.path)


def test_a_bundle_that_letta_breaks_off_says_so_and_still_verifies(
    superuser: Client,
    letta: LettaDatabase,
    ids: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(messages, "WINDOW", 10)
    response = superuser.post(
        reverse("evidence:download"), {"kind": "agent", "id": ids["agent_id"], **OCCASION}
    )
    real, calls = messages.scene, []

    def breaks(*given: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) > 3:
            raise LettaDown
        return real(*given, **options)

    monkeypatch.setattr(messages, "scene", breaks)
    found = opened(b"".join(response.streaming_content), tmp_path / "broken.zip")
    assert len(found.entries()) == 30
    assert not found.manifest["coverage"]["complete"]
    assert "not complete" in verified(found.path)
    assert "This bundle is not complete" in found.files["index.html"].decode()


def test_an_empty_thread_gives_a_bundle_that_says_so(
    download: Download, superuser: Client, letta: LettaDatabase
) -> None:
    sql = "SELECT id FROM agents a WHERE NOT EXISTS (SELECT FROM messages WHERE agent_id = a.id) LIMIT 1"
    found_agents = letta.rows(sql)
    agent = (
        found_agents[0][0] if found_agents else letta.rows("SELECT id FROM agents LIMIT 1")[0][0]
    )
    found = download(superuser, kind="agent", id=agent, since="2031-01-01")
    assert found.entries() == []
    assert "There is nothing here." in found.html
    assert "BAD" not in verified(found.path)


LONG = """
INSERT INTO messages (id, agent_id, role, content, tool_calls, sequence_id, created_at, organization_id, is_deleted)
  SELECT 'message-long-' || n, 'agent-1', 'user',
         json_build_array(json_build_object('type', 'text', 'text', repeat('tea ', n * 50000) || 'END'))::json,
         '[]', 100 + n, timestamptz '2026-07-01 12:00Z', 'org-1', false FROM generate_series(1, 6, 5) AS n
"""


def test_long_texts_are_whole_and_very_long_ones_say_that_they_were_cut(
    download: Download, superuser: Client, customer: LettaDatabase
) -> None:
    customer.execute(LONG)
    found = download(superuser, kind="agent", id="agent-1", since="2026-07-01")
    whole, cut = found.entries()
    assert whole["text"] == "tea " * 50_000 + "END"
    assert whole["cut"] == []
    assert cut["cut"] == ["content"]
    notes = found.manifest["coverage"]["notes"]
    assert (
        "Messages with a text of more than 1,000,000 characters, of which the rest is left out: 1."
        in notes
    )


def test_bundles_are_made_of_every_release(
    download: Download, superuser: Client, letta_of_each_release: LettaDatabase
) -> None:
    database = letta_of_each_release
    agent = database.rows(
        "SELECT agent_id FROM messages GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )[0][0]
    stored = {
        one for (one,) in database.rows("SELECT id FROM messages WHERE agent_id = %s", [agent])
    }
    found = download(superuser, kind="agent", id=agent, deleted="on")
    assert {one["id"] for one in found.entries()} == stored
    some = download(superuser, kind="thread", id=agent, since="2026-09-01", until="2026-10-01")
    assert {one["created_at"][:7] for one in some.entries()} <= {"2026-09"}
    block = database.rows("SELECT block_id FROM blocks_agents ORDER BY 1 LIMIT 1")[0][0]
    assert download(superuser, kind="block", id=block).entries()
    assert "BAD" not in verified(found.path)


def test_it_verifies_in_a_process_that_has_neither_settings_nor_a_database(
    download: Download, superuser: Client, ids: dict[str, str], tmp_path: Path, key: Path
) -> None:
    found = download(superuser, kind="thread", id=ids["agent_id"])
    nowhere = {"PATH": "/usr/bin:/bin", "INSPECTOR_VAR": str(tmp_path / "var"), "LC_ALL": "C.UTF-8",
               "INSPECTOR_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}  # fmt: skip

    def run(path: Path) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "manage.py",
            "verify_bundle",
            str(path),
            "--public-key",
            str(key),
        ]
        return subprocess.run(
            command, env=nowhere, capture_output=True, text=True, check=False, timeout=60
        )

    said = run(found.path)
    assert (said.returncode, "files are as they were written" in said.stdout) == (0, True), (
        said.stderr
    )
    changed = _written(tmp_path / "changed.zip", found.raw[:900] + b"?" + found.raw[901:])
    said = run(changed)
    assert said.returncode == 1
    assert "changed.zip: 001-messages/0001.json" in said.stderr


def test_nothing_of_it_is_kept_in_our_database(
    download: Download, superuser: Client, customer: LettaDatabase
) -> None:
    customer.execute(
        "UPDATE messages SET content = replace(content::text, 'tea', 'Zwergpinguin')::json"
    )
    assert "Zwergpinguin" in download(superuser, kind="identity", id="identity-1").html
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*) FROM \"{table}\" AS t WHERE t::text LIKE '%Zwergpinguin%'"
            )
            assert cursor.fetchone() == (0,), table


def test_three_at_a_time_are_too_many(
    superuser: Client, letta: LettaDatabase, ids: dict[str, str]
) -> None:
    asked = {"kind": "agent", "id": ids["agent_id"], **OCCASION}
    running = [
        superuser.post(reverse("evidence:download"), asked) for _ in range(room.MOST_AT_ONCE)
    ]
    refused = superuser.post(reverse("evidence:download"), asked)
    assert refused.status_code == 503
    assert "as many bundles as it can" in refused.content.decode()
    for one in running:
        left(one)
    again = superuser.post(reverse("evidence:download"), asked)
    assert again.status_code == 200
    left(again)


def left(response: Any) -> None:
    """The browser went away before the end."""
    for close in response._resource_closers:
        close()
