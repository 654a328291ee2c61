"""Rows by age as statistics believe: shares of a histogram, common values, and what no calendar holds."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agents_app.cluster.ages.bands import Statistics, estimated, moments

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def test_even_rows_of_100_days_lie_in_proportion() -> None:
    known = Statistics(0.0, [], [days_ago(days) for days in range(100, -1, -1)])
    assert estimated(known, 1_000, NOW) == [70, 230, 600, 100, 0]


def test_rows_without_a_time_lie_in_no_band() -> None:
    known = Statistics(0.5, [], [days_ago(3), days_ago(1)])
    assert estimated(known, 1_000, NOW) == [500, 0, 0, 0, 0]


def test_a_common_time_counts_by_its_own_share() -> None:
    known = Statistics(0.0, [(days_ago(50), 0.4)], [days_ago(2), days_ago(1)])
    assert estimated(known, 100, NOW) == [60, 0, 40, 0, 0]
    assert (known.oldest, known.newest) == (days_ago(50), days_ago(1))


def test_times_that_no_calendar_holds_are_left_out() -> None:
    assert moments(["infinity", "4714-11-24 00:00:00+00 BC", "2026-11-20 00:00:00+00"]) == [NOW]
    assert moments(["2026-11-20 00:00:00"]) == [NOW]
    assert moments(None) == []


@given(
    st.lists(st.floats(0, 3_000), min_size=2, max_size=60),
    st.lists(st.tuples(st.floats(0, 3_000), st.floats(0, 0.1)), max_size=5),
    st.integers(0, 10**9),
)
def test_bands_hold_all_rows_and_none_is_negative(
    bounds: list[float], common: list[tuple[float, float]], rows: int
) -> None:
    known = Statistics(
        0.0,
        [(days_ago(days), share) for days, share in common],
        sorted(days_ago(days) for days in bounds),
    )
    found = estimated(known, rows, NOW)
    assert min(found) >= 0
    assert abs(sum(found) - rows) <= 5 + rows / 10**6
