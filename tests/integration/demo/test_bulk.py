"""Message rows in bulk."""

from collections.abc import Callable

from agents_app.demo.bulk import BIG_AGENT, SMALL_AGENT, bulk_messages
from agents_app.demo.releases import tables
from tests.integration.demo.conftest import ask

MIX = "SELECT role, count(*) * 100 / sum(count(*)) OVER () FROM messages WHERE agent_id = %s GROUP BY 1"


def test_bulk_rows_are_skewed_and_the_two_desks_have_the_same_mix(
    built: Callable[..., str],
) -> None:
    dsn = built()
    bulk_messages(dsn, agents=200, messages=50_000, big_agent_messages=10_000)
    counts = dict(ask(dsn, "SELECT agent_id, count(*) FROM messages GROUP BY agent_id"))
    assert sum(counts.values()) == 50_000
    assert 9_500 <= counts[BIG_AGENT] <= 10_000
    assert counts[SMALL_AGENT] == 1_000
    assert sorted(ask(dsn, MIX, BIG_AGENT)) == sorted(ask(dsn, MIX, SMALL_AGENT))
    assert len(counts) > 150


def test_all_keys_and_indexes_are_back_after_the_load(built: Callable[..., str]) -> None:
    dsn = built()
    bulk_messages(dsn, agents=20, messages=5_000, big_agent_messages=1_000)
    names = {
        name
        for (name,) in ask(
            dsn,
            "SELECT conname FROM pg_constraint WHERE conrelid = 'messages'::regclass"
            " UNION SELECT indexname FROM pg_indexes WHERE tablename = 'messages'",
        )
    }
    assert names == {constraint.name for constraint in tables("0.16.8")["messages"].constraints}


def test_context_windows_hold_the_newest_rows(built: Callable[..., str]) -> None:
    dsn = built()
    bulk_messages(dsn, agents=20, messages=5_000, big_agent_messages=1_000)
    newest = ask(
        dsn,
        "SELECT message_ids->>-1 = (SELECT id FROM messages WHERE agent_id = a.id"
        " ORDER BY sequence_id DESC LIMIT 1) FROM agents a WHERE id = %s",
        BIG_AGENT,
    )
    assert newest == [(True,)]
