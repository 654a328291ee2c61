"""Costs against calculations by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.cluster.cost.bill import bill, month, waking_cost
from agents_app.cluster.cost.prices import EXAMPLE
from agents_app.cluster.cost.usage import Measured, acu_hours, paused_hours, resumes, usage

START = datetime(2026, 11, 20, tzinfo=UTC)


def measured(
    values: list[float | None], *, period: int = 60, instance: str | None = "w"
) -> Measured:
    points = [(START + timedelta(seconds=period * i), value) for i, value in enumerate(values)]
    return Measured(instance, period, points)


def test_an_hour_at_two_acu_is_two_acu_hours() -> None:
    assert acu_hours(measured([2.0] * 60)) == 2.0
    assert acu_hours(measured([2.0] * 12, period=300)) == 2.0


def test_a_writer_and_a_reader_are_added() -> None:
    """(2 ACU + 0.5 ACU) for 24 h at 0.12 = 7.20; the cluster's average of 1.25 would give 3.60."""
    both = [measured([2.0] * 1440, instance="w"), measured([0.5] * 1440, instance="r")]
    used = usage(24, both)
    assert used.acu_hours == {"w": 48.0, "r": 12.0}
    assert bill(used, EXAMPLE, storage="standard").compute == pytest.approx(7.20)


def test_the_bill_of_a_day_by_hand() -> None:
    """48 ACU-h; 10 GB; 3 million requests.

    Standard: 48·0.12 = 5.76; 10·0.10·24/730 = 0.0328767; 3·0.20 = 0.60.
    I/O-Optimized: 48·0.156 = 7.488; 10·0.225·24/730 = 0.0739726; no requests.
    """
    used = usage(
        24, [measured([2.0] * 1440)], volume_bytes=measured([10 * 2**30] * 288, period=300),
        requests=[measured([5000.0] * 288, period=300), measured([1_560_000 / 288] * 288, period=300)],
    )  # fmt: skip
    standard = bill(used, EXAMPLE, storage="standard")
    assert (standard.compute, standard.requests) == pytest.approx((5.76, 0.60))
    assert standard.storage == pytest.approx(0.0328767, abs=1e-6)
    optimized = bill(used, EXAMPLE, storage="io-optimized")
    assert (optimized.compute, optimized.requests) == pytest.approx((7.488, 0.0))
    assert optimized.storage == pytest.approx(0.0739726, abs=1e-6)
    assert standard.total == pytest.approx(6.3928767, abs=1e-6)


def test_half_an_acu_always_on_is_43_80_a_month() -> None:
    used = usage(24, [measured([0.5] * 1440)])
    found = month(bill(used, EXAMPLE, storage="standard"), used)
    assert found is not None
    assert found.compute == pytest.approx(43.80)


def test_missing_hours_are_counted_as_nothing_and_told() -> None:
    used = usage(24, [measured([1.0] * 720)])
    assert used.total_acu_hours == 12.0
    assert used.missing_hours == 12.0


def test_gaps_are_not_pauses_and_zeros_are() -> None:
    assert paused_hours(measured([0.0] * 30 + [None] * 15 + [1.0] * 15)) == 0.5


def test_a_cluster_is_paused_when_all_its_instances_are() -> None:
    pair = [measured([0.0] * 60, instance="r"), measured([0.0] * 20 + [1.0] * 40, instance="w")]
    assert usage(1, pair, maximum=pair).paused_hours == pytest.approx(1 / 3)


def test_resumes_are_rises_from_zero_also_over_a_gap() -> None:
    found = resumes(measured([1, 0, 0, 2, 0, None, 3, 1]))
    assert found == [START + timedelta(minutes=3), START + timedelta(minutes=6)]


def test_the_least_cost_of_a_wake() -> None:
    """0.5 ACU for 5 minutes: 0.5 · 300 / 3600 · 0.12 = 0.005."""
    assert waking_cost(EXAMPLE, storage="standard", pause_after_s=300) == pytest.approx(0.005)


def test_nothing_measured_has_no_month() -> None:
    used = usage(24, [])
    assert month(bill(used, EXAMPLE, storage="standard"), used) is None


@given(st.lists(st.one_of(st.none(), st.floats(0, 256)), min_size=1, max_size=50))
def test_capacity_never_costs_less_than_nothing(values: list[float | None]) -> None:
    used = usage(1, [measured(values)])
    assert bill(used, EXAMPLE, storage="standard").total >= 0
    assert used.total_acu_hours == pytest.approx(sum(v or 0 for v in values) / 60)
