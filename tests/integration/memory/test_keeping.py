"""What is kept of a history: it tells the same as a new reading, goes when Letta's rows change, holds no text."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from agents_app.memory import reading
from agents_app.memory.reading import told
from agents_app.revisions.cache.building import build
from agents_app.revisions.cache.models import BlockSkeleton, SkeletonPart
from agents_app.revisions.cache.skeleton import Outdated, load
from agents_app.revisions.collect import gather, subject
from agents_app.revisions.history import history
from agents_app.revisions.revision import Revision
from tests.cluster import Cluster
from tests.integration.revisions.scene import Scene
from tests.lettadb import LettaDatabase, new_database, pointed_at

pytestmark = pytest.mark.django_db

CANARY = "Kanarienvogel zwitschert 4711"


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every history that is read is kept."""
    monkeypatch.setattr(reading, "WORTH_S", -1)


@pytest.fixture
def scene(cluster: Cluster) -> Iterator[Scene]:
    database = new_database(cluster, schema="public")
    told = Scene(database)
    told.organization()
    told.agent("agent-1")
    for number in range(6):
        old, new = f"{CANARY}\nline {number}", f"{CANARY}\nline {number + 1}"
        told.turn("agent-1", {"human": old}, "memory_replace", label="human",
                  old_string=f"line {number}", new_string=f"line {number + 1}", returned=new)  # fmt: skip
    told.block("block-1", f"{CANARY}\nline 6", version=7)
    told.attach("agent-1", "block-1")
    database.provision()
    with pointed_at(database.uri()):
        yield told


def keep(block_id: str) -> None:
    block = subject(block_id)
    assert block is not None
    for _ in build(gather(block)):
        pass


def same(one: Revision, other: Revision, value: str | None) -> bool:
    names = ("id", "at", "grade", "source", "place", "tool", "call_index", "message_id", "step_id", "run_id", "agent_id",
             "actor", "added", "removed", "lost", "suspected", "undone", "note", "seen")  # fmt: skip
    return value == other.value and all(getattr(one, n) == getattr(other, n) for n in names)


def test_a_kept_history_tells_what_a_new_reading_tells(
    letta_of_each_release: LettaDatabase,
) -> None:
    for (block,) in letta_of_each_release.rows(
        "SELECT id FROM block WHERE id NOT LIKE 'block-bad%%' ORDER BY version DESC NULLS LAST, md5(id) LIMIT 12"
    ):
        whole = history(block)
        keep(block)
        kept = load(subject(block))  # type: ignore[arg-type]
        assert whole is not None
        assert kept is not None
        assert kept.completeness == whole.completeness
        values = dict(kept.values())
        assert len(values) == len(whole.revisions)
        for number, one in enumerate(whole.revisions):
            assert same(kept.revisions[number], one, values[number]), (block, one.id)
            assert kept.value(number) == one.value


def test_blame_of_a_kept_history_is_that_of_a_new_reading(
    letta: LettaDatabase, always: None
) -> None:
    for (block,) in letta.rows(
        "SELECT id FROM block WHERE id NOT LIKE 'block-bad%%' ORDER BY version DESC NULLS LAST LIMIT 6"
    ):
        fresh, kept = told(block), told(block)
        assert fresh is not None
        assert kept is not None
        assert kept.skeleton is not None
        for ignored in (False, True):
            ways = [
                found.blame(until=None, ignore_rewrites=ignored).lines() for found in (fresh, kept)
            ]
            plain = [
                [(one.text, one.origin.revision.id, one.origin.was) for one in way] for way in ways
            ]
            assert plain[0] == plain[1]


def test_a_second_opening_uses_it(scene: Scene, superuser: Client, always: None) -> None:
    bodies = [superuser.get("/blocks/block-1/history/").content.decode() for _ in range(2)]
    kept = told("block-1")
    assert kept is not None
    assert kept.skeleton is not None
    assert CANARY in bodies[1]
    assert bodies[0].count("<li class=") == bodies[1].count("<li class=")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE block SET version = version + 1",
        "UPDATE block SET updated_at = updated_at + interval '1 second'",
        "INSERT INTO messages (id, agent_id, role, tool_calls, sequence_id, created_at, organization_id, is_deleted)"
        " VALUES ('message-new', 'agent-1', 'user', '[]', 99999, now(), 'org-1', false)",
        "DELETE FROM messages WHERE sequence_id = (SELECT max(sequence_id) FROM messages)",
        "DELETE FROM blocks_agents",
    ],
)
def test_it_goes_when_the_rows_it_stands_on_change(change: str, scene: Scene) -> None:
    keep("block-1")
    block = subject("block-1")
    assert block is not None
    assert load(block) is not None
    scene.database.execute(change)
    changed = subject("block-1")
    assert changed is not None
    assert load(changed) is None
    assert not BlockSkeleton.objects.exists()


def test_a_message_of_somebody_else_leaves_it(scene: Scene) -> None:
    keep("block-1")
    scene.agent("agent-2")
    scene.message("user", agent_id="agent-2")
    assert load(subject("block-1")) is not None  # type: ignore[arg-type]


def test_a_value_that_is_not_where_it_was_is_never_shown(scene: Scene, superuser: Client) -> None:
    keep("block-1")
    scene.database.execute(
        "UPDATE messages SET tool_calls = replace(tool_calls::text, 'line 3', 'LINE 3')::json"
    )
    scene.database.execute(
        "UPDATE messages SET tool_returns = replace(tool_returns::text, 'line 3', 'LINE 3')::json"
    )
    scene.database.execute("DELETE FROM provider_traces")
    kept = load(subject("block-1"))  # type: ignore[arg-type]
    assert kept is not None
    with pytest.raises(Outdated):
        kept.value(3)
    assert superuser.get("/blocks/block-1/history/?q=line").status_code == 200
    assert not BlockSkeleton.objects.exists()


def test_a_reading_that_ends_early_keeps_nothing(scene: Scene) -> None:
    block = subject("block-1")
    assert block is not None
    reader = build(gather(block))
    next(reader)
    reader.close()
    assert not BlockSkeleton.objects.exists()


def test_nothing_of_any_text_reaches_our_own_database(
    scene: Scene, superuser: Client, always: None
) -> None:
    for page in ("history/", "history/?format=json", "blame/", f"history/?q={CANARY[:8]}"):
        assert superuser.get(f"/blocks/block-1/{page}").status_code == 200
    assert SkeletonPart.objects.exists()
    stored = everything_stored()
    for text in (CANARY, "Kanarienvogel", "line 6", "zwitschert"):
        assert text not in stored


def everything_stored() -> str:
    """Every row of every table of ours, as PostgreSQL writes it."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if not getattr(model, "letta_model", False):
                cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
                found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_a_kept_history_costs_few_questions(scene: Scene) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    keep("block-1")
    block = subject("block-1")
    with CaptureQueriesContext(connections["letta"]) as asked:
        kept = load(block)  # type: ignore[arg-type]
        assert kept is not None
        kept.value(3)
    assert len(asked) <= 6


def test_unpacked_rows_name_no_label(scene: Scene) -> None:
    keep("block-1")
    rows: list[dict[str, Any]] = SkeletonPart.objects.get().rows
    assert '"human"' not in json.dumps(rows)
    assert all(row["hash"] for row in rows if row.get("size"))
