"""Shares of the cost: they add up, by hand and for whatever comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.cluster.activity.sharing import (
    Bucket,
    buckets_of,
    by_identity,
    by_organization,
    overlaps,
    shared_out,
)
from agents_app.cluster.activity.work import Work

HOUR = 3600


def work(agent: str, start: float, seconds: float, *, coarse: bool = False) -> Work:
    return Work(agent, "org-1", start, seconds, None, coarse)


def test_an_hour_by_hand() -> None:
    """3 ACU for an hour at 0.12 = 0.36, floor 0.5 ACU = 0.06; ada 30 s and bob 10 s share 0.30 as 3 : 1."""
    [bucket] = buckets_of({"w": {0: 3.0}}, period_s=HOUR, price=0.12, minimum=0)
    assert (bucket.compute, bucket.floor) == (pytest.approx(0.36), pytest.approx(0.06))
    found = shared_out([bucket], [work("ada", 10, 30), work("bob", 50, 10)])
    assert found.by_agent == {"ada": pytest.approx(0.225), "bob": pytest.approx(0.075)}
    assert found.idle == pytest.approx(0.06)
    assert found.others == 0


def test_capacity_without_work_belongs_to_others() -> None:
    found = shared_out([Bucket(0, 60, 1.0, 0.25)], [work("ada", 600, 5)])
    assert (found.idle, found.others, found.by_agent) == (0.25, 0.75, {})


def test_a_paused_hour_costs_nothing_and_has_no_floor() -> None:
    [bucket] = buckets_of({"w": {0: 0.0}}, period_s=HOUR, price=0.12, minimum=0)
    assert (bucket.compute, bucket.floor) == (0, 0)


def test_a_piece_over_two_periods_counts_in_both() -> None:
    assert overlaps(50, 30, period=60, origin=0) == [(0, 10), (60, 20)]


def test_by_number_each_piece_weighs_the_same() -> None:
    bucket = Bucket(0, 60, 1.0, 0.0)
    found = shared_out([bucket], [work("ada", 1, 30), work("bob", 1, 10)], weigh="count")
    assert found.by_agent == {"ada": pytest.approx(0.5), "bob": pytest.approx(0.5)}


def test_what_was_not_measured_is_told_apart() -> None:
    found = shared_out(
        [Bucket(0, 60, 1.0, 0.0)], [work("ada", 1, 5), work("ada", 9, 5, coarse=True)]
    )
    assert found.coarse["ada"] == pytest.approx(0.5)


def test_a_shared_identity_is_split_and_never_counted_twice() -> None:
    found = by_identity({"ada": 0.6, "bob": 0.3, "eve": 0.1}, {"ada": ["i1", "i2"], "bob": ["i1"]})
    assert found == {"i1": pytest.approx(0.6), "i2": pytest.approx(0.3), None: pytest.approx(0.1)}


def test_organizations_get_their_agents_cost() -> None:
    found = by_organization({"ada": 0.6, "bob": 0.3}, {"ada": "o1", "bob": None})
    assert found == {"o1": 0.6, None: 0.3}


amounts = st.floats(0, 50)
buckets = st.lists(st.tuples(amounts, amounts), max_size=20).map(
    lambda pairs: [Bucket(i * 60, 60, max(p), min(p)) for i, p in enumerate(pairs)]
)
pieces = st.lists(st.builds(work, st.sampled_from("abc"), st.floats(-100, 2000), st.floats(0, 500),
                            coarse=st.booleans()), max_size=30)  # fmt: skip


@given(buckets, pieces, st.sampled_from(["time", "count"]))
def test_all_shares_together_are_the_cost(
    found: list[Bucket], done: list[Work], weigh: str
) -> None:
    shares = shared_out(found, done, weigh=weigh)  # type: ignore[arg-type]
    assert shares.total == pytest.approx(sum(bucket.compute for bucket in found))
    assert all(shares.coarse.get(one, 0) <= cost + 1e-9 for one, cost in shares.by_agent.items())


@given(st.floats(0, 1e5), st.floats(0, 1e4), st.sampled_from([60, 300, 3600]))
def test_the_parts_of_a_piece_are_its_whole(start: float, seconds: float, period: int) -> None:
    parts = overlaps(start, seconds, period=period, origin=0)
    assert sum(part for _, part in parts) == pytest.approx(max(seconds, 0.001), rel=1e-3, abs=1e-3)


@given(st.dictionaries(st.sampled_from("abcd"), amounts), st.dictionaries(
    st.sampled_from("abcd"), st.lists(st.sampled_from(["i", "j", "k"]), unique=True)))  # fmt: skip
def test_identities_together_cost_what_the_agents_do(
    costs: dict[str, float], links: dict[str, list[str]]
) -> None:
    assert sum(by_identity(costs, links).values()) == pytest.approx(sum(costs.values()))
