"""Hostile rows as PostgreSQL holds them."""

from collections.abc import Callable

import pytest

from agents_app.demo.hostile import good_text, hostile_rows
from agents_app.demo.load import fill
from agents_app.demo.releases import RELEASES, tables
from tests.integration.demo.conftest import UNTIL, ask


@pytest.mark.parametrize("release", RELEASES)
def test_every_listed_row_of_the_release_is_there_with_its_neighbours(
    built: Callable[..., str], release: str
) -> None:
    dsn = built(release)
    fill(dsn, release, agents=17, messages=300, passages=20, hostile=True, seed=1, until=UNTIL)
    known = [row for row in hostile_rows() if row.table in tables(release)]
    for table in {row.table for row in known}:
        wanted = {key for row in known if row.table == table for key in (row.id, *row.neighbours)}
        found = {key for (key,) in ask(dsn, f'SELECT id FROM "{table}"')}
        assert wanted <= found
    _assert_each_thread_holds_its_good_words(dsn)


def _assert_each_thread_holds_its_good_words(dsn: str) -> None:
    row = next(row for row in hostile_rows() if row.number == 22 and row.table == "messages")
    texts = ask(
        dsn,
        "SELECT content::text FROM messages WHERE agent_id = %s ORDER BY sequence_id",
        row.agent_id,
    )
    assert len(texts) == 50
    assert "\\u0000" in texts[24][0]
    assert good_text(22, 48) in texts[-1][0]
