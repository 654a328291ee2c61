"""Periods fit the age of the data: one too fine gives an empty answer, no error."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents_app.aws.spans import KEPT_DAYS, between, named

NOW = datetime(2026, 11, 20, 12, 34, 56, tzinfo=UTC)
PERIODS = {"1h": 60, "3h": 60, "6h": 60, "24h": 60, "7d": 300, "30d": 1800, "90d": 3600}


@pytest.mark.parametrize(("name", "period"), PERIODS.items())
def test_each_named_stretch_has_its_period(name: str, period: int) -> None:
    assert named(name, now=NOW).period == period


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    age=st.timedeltas(timedelta(minutes=1), timedelta(days=600)),
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=600)),
)
def test_a_period_is_never_too_fine_nor_the_points_too_many(
    age: timedelta, length: timedelta
) -> None:
    span = between(NOW - age, NOW - age + length, now=NOW)
    old = NOW - span.start
    needed = 3600 if old > timedelta(days=63) else 300 if old > timedelta(days=15) else 60
    assert span.period % needed == 0
    assert span.seconds / span.period <= 2202
    assert span.start.timestamp() % span.period == 0
    assert span.end.timestamp() % span.period == 0
    assert span.start < span.end


@pytest.mark.parametrize(
    ("days", "period"), [(14, 60), (15, 300), (16, 300), (62, 300), (63, 3600), (64, 3600)]
)
def test_one_hour_long_ago_is_as_fine_as_aws_keeps_it(days: int, period: int) -> None:
    start = NOW - timedelta(days=days)
    assert between(start, start + timedelta(hours=1), now=NOW).period == period


def test_what_aws_forgot_is_cut_off_and_said() -> None:
    span = between(NOW - timedelta(days=900), NOW, now=NOW)
    assert span.cut
    assert NOW - span.start < timedelta(days=KEPT_DAYS + 1)


def test_the_future_is_cut_off() -> None:
    span = between(NOW - timedelta(hours=1), NOW + timedelta(days=5), now=NOW)
    assert span.end <= NOW + timedelta(seconds=span.period)
