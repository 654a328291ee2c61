"""What other limits would have cost, on activity made by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.cluster.cost.whatif import Limits, Moment, Outcome, what_if

NOW = Limits(0.5, 8)


def replay(moments: list[Moment], then: Limits, now: Limits = NOW) -> Outcome:
    return what_if(moments, 60, now=now, then=then)


def busy(acu: float, minutes: int) -> list[Moment]:
    return [Moment(acu, busy=True)] * minutes


def idle(acu: float, minutes: int) -> list[Moment]:
    return [Moment(acu, busy=False)] * minutes


def test_the_limits_as_they_are_cost_what_was_measured() -> None:
    found = replay(busy(2, 60) + idle(0.5, 60), NOW)
    assert found.low == found.high == pytest.approx(2.5)


def test_an_idle_stretch_pauses_after_the_timeout() -> None:
    """60 idle minutes, 5 of them awake at 0.5 ACU: 0.0417 ACU-h, 55 minutes paused, one resume."""
    found = replay([*busy(2, 60), *idle(0.5, 60), *busy(2, 1)], Limits(0, 8, 300))
    assert found.paused_hours == pytest.approx(55 / 60)
    assert found.low == pytest.approx(2 + 0.5 * 5 / 60 + 2 / 60)
    assert found.resumes == 1


def test_a_stretch_within_the_timeout_does_not_pause() -> None:
    found = replay([*busy(2, 1), *idle(0.5, 20), *busy(2, 1)], Limits(0, 8, 1800))
    assert (found.paused_hours, found.resumes) == (0, 0)


def test_a_pause_that_still_lasts_is_no_resume() -> None:
    assert replay([*busy(2, 1), *idle(0.5, 60)], Limits(0, 8, 300)).resumes == 0


def test_a_minimum_above_zero_keeps_a_paused_cluster_up() -> None:
    """An hour that was paused costs an hour at 1 ACU."""
    found = replay([Moment(0)] * 60, Limits(1, 8), now=Limits(0, 8, 300))
    assert found.low == found.high == pytest.approx(1.0)
    assert found.paused_hours == 0


def test_a_lower_maximum_holds_back() -> None:
    found = replay(busy(6, 60), Limits(0.5, 4))
    assert found.high == pytest.approx(4.0)
    assert found.capped_hours == pytest.approx(1.0)


def test_at_the_old_maximum_more_may_have_been_wanted() -> None:
    found = replay(busy(8, 60), Limits(0.5, 16))
    assert (found.low, found.high) == (pytest.approx(8.0), pytest.approx(16.0))


def test_at_the_old_minimum_less_may_have_been_needed() -> None:
    found = replay(busy(2, 60), Limits(0.5, 8), now=Limits(2, 8))
    assert (found.low, found.high) == (pytest.approx(0.5), pytest.approx(2.0))


def test_a_period_without_figures_costs_nothing() -> None:
    assert replay([Moment(None)] * 60, Limits(4, 8)).high == 0


acus = st.one_of(st.none(), st.just(0.0), st.floats(0.5, 8))


@given(st.lists(st.builds(Moment, acus, st.sampled_from([None, True, False])), max_size=120),
       st.sampled_from([0, 0.5, 1, 4]), st.sampled_from([4, 8, 16]), st.sampled_from([300, 1800]))  # fmt: skip
def test_every_outcome_is_possible(
    moments: list[Moment], least: float, most: float, wait: int
) -> None:
    found = replay(moments, Limits(least, most, wait if least == 0 else None))
    hours = len(moments) / 60
    assert -1e-9 <= found.low <= found.high + 1e-9
    assert found.high <= most * hours + 1e-9
    assert 0 <= found.paused_hours <= hours + 1e-9
    assert found.resumes >= 0
    if least:
        assert found.resumes == found.paused_hours == 0
