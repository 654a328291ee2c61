"""Histories of every block of the demo world, in each release."""

from collections import Counter
from collections.abc import Sequence

from django.db import connections
from django.test.utils import CaptureQueriesContext

from agents_app.letta import access
from agents_app.revisions.causes import with_causes
from agents_app.revisions.history import history, newest
from agents_app.revisions.revision import Revision
from agents_app.revisions.travel import place_of_message, place_of_step, place_of_time, values_at
from tests.lettadb import UNTIL, LettaDatabase


def block_ids() -> list[str]:
    return [found for (found,) in access.rows("SELECT id FROM block ORDER BY id")]


def test_every_rebuilt_history_ends_in_the_stored_value(
    letta_of_each_release: LettaDatabase,
) -> None:
    for block_id in block_ids():
        found = history(block_id)
        assert found is not None
        assert found.revisions[-1].value == found.block.value, block_id
        assert len({one.id for one in found.revisions}) == len(found.revisions), block_id


def test_completeness_agrees_with_the_version_counter(letta_of_each_release: LettaDatabase) -> None:
    for block_id in block_ids():
        found = history(block_id)
        assert found is not None
        counted, version = found.completeness, found.block.version or 0
        assert (counted.writes, counted.explained + counted.gaps) == (version - 1, version - 1), (
            block_id
        )


def test_a_search_through_everything_changes_no_end(letta: LettaDatabase) -> None:
    for block_id in block_ids():
        found = history(block_id, search_seconds=20)
        assert found is not None
        assert found.revisions[-1].value == found.block.value


def test_the_newest_revisions_are_the_end_of_the_history(letta: LettaDatabase) -> None:
    for block_id in block_ids():
        whole = history(block_id)
        assert whole is not None
        for calls in (1, 3, 8):
            part = newest(block_id, calls=calls)
            assert part is not None
            assert part.revisions
            assert told(part.revisions) == told(whole.revisions[-len(part.revisions) :]), block_id


def told(found: Sequence[Revision]) -> list[tuple[str, str | None, str]]:
    return [(one.id, one.value, one.grade) for one in found]


def test_revisions_by_calls_name_the_message_that_led_to_them(letta: LettaDatabase) -> None:
    found = [
        one
        for block_id in block_ids()
        for one in with_causes(_revisions(block_id))
        if one.message_id
    ]
    assert found
    named = Counter(one.cause_message_id is not None for one in found)
    assert named[True] >= 0.9 * len(found)


def _revisions(block_id: str) -> tuple[object, ...]:
    found = history(block_id)
    assert found is not None
    return found.revisions


def test_a_history_asks_a_bounded_number_of_short_questions(letta: LettaDatabase) -> None:
    for block_id in block_ids()[:20]:
        with CaptureQueriesContext(connections["letta"]) as asked:
            history(block_id)
        assert len(asked) <= 120


def test_an_unknown_block_has_no_history(letta: LettaDatabase) -> None:
    assert history("block-00000000-0000-4000-8000-ffffffffffff") is None
    assert newest("x\x00y".replace("\x00", "")) is None


def test_values_at_the_end_of_time_are_the_present_ones(letta: LettaDatabase) -> None:
    rows = access.rows("SELECT agent_id, count(*) FROM blocks_agents GROUP BY 1 ORDER BY 1 LIMIT 5")
    for agent_id, count in rows:
        place = place_of_time(agent_id, UNTIL)
        found = values_at(agent_id, place or float("inf"))
        assert len(found) == count
        assert all(one.id and one.label for one in found)


def test_places_of_what_does_not_exist_are_none(letta: LettaDatabase) -> None:
    assert place_of_message("message-none") is None
    assert place_of_step("agent-none", "step-none") is None
    assert place_of_time("agent-none", UNTIL) is None
