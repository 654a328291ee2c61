"""Churn, flip-flops and lost text are read off a history."""

from datetime import UTC, datetime, timedelta

from agents_app.memory.signs import losses, lost, signs
from agents_app.revisions.counting import lines_changed
from agents_app.revisions.revision import Revision

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LONG = "Ada likes green tea and works as a cook in a small kitchen"


def history(*values: str | None, days: int = 1) -> list[Revision]:
    found: list[Revision] = []
    before: str | None = None
    for n, value in enumerate(values):
        added, removed = lines_changed(before, value)
        at = NOW - timedelta(days=days * (len(values) - n))
        found.append(Revision(f"call:m{n}:0", at, value, "observed", "call", float(n), added=added, removed=removed))  # fmt: skip
        before = value
    return found


def test_a_value_that_comes_back_is_a_flip_flop() -> None:
    (one,) = signs(history("tea", "coffee", "tea"), NOW).flip_flops
    assert [one.first.id, one.away.id, one.back.id] == ["call:m0:0", "call:m1:0", "call:m2:0"]


def test_the_same_value_again_and_an_emptied_block_are_none() -> None:
    assert not signs(history("tea", "tea", "", "x", ""), NOW).flip_flops


def test_a_write_that_drops_more_than_half_of_the_words_is_a_loss() -> None:
    (one,) = losses(history(LONG, "Ada likes tea"))
    assert one.share > 0.5
    assert not losses(history(LONG, LONG + " near the sea"))


def test_words_in_another_order_are_not_lost() -> None:
    assert lost(LONG, " ".join(reversed(LONG.split()))) == 0


def test_a_short_text_loses_nothing_worth_a_word() -> None:
    assert not losses(history("Name: Ada", "x"))


def test_writes_are_counted_after_the_first_value_and_gaps_left_out() -> None:
    found = signs(history("a", None, "a\nb", "c", days=20), NOW)
    assert (found.writes, found.recent) == (2, 1)
