"""Shares a range's compute cost out by time: over agents, then organizations and identities. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agents_app.cluster.activity.work import Work

Weighing = Literal["time", "count"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One CloudWatch period: epoch start, seconds, the compute cost in it and what of it is the idle floor."""

    start: int
    seconds: int
    compute: float
    floor: float


@dataclass(frozen=True)
class Shares:
    """`idle` + `others` + Σ by_agent = the cost of all buckets.

    `others` is capacity above the floor while no agent worked: other programs, this console, or the
    time Aurora takes to scale down. `coarse` is the part of each agent's cost that was not measured.
    """

    idle: float
    others: float
    by_agent: Mapping[str, float]
    coarse: Mapping[str, float]

    @property
    def total(self) -> float:
        return self.idle + self.others + sum(self.by_agent.values())


def shared_out(
    buckets: Sequence[Bucket], pieces: Iterable[Work], *, weigh: Weighing = "time"
) -> Shares:
    """agent(t) = (compute(t) − floor(t)) · w_agent / Σ w, with w the seconds (or pieces) of work in t.

    A piece that spans buckets counts in each for the part that lies there. The floor is idle cost
    whatever happened above it: it would have been paid anyway.
    """
    weights = _weights(buckets, pieces, weigh=weigh)
    by_agent: dict[str, float] = defaultdict(float)
    coarse: dict[str, float] = defaultdict(float)
    idle = others = 0.0
    for bucket in buckets:
        idle += bucket.floor
        spread = bucket.compute - bucket.floor
        here = weights.get(bucket.start, {})
        whole = sum(here.values())
        if whole <= 0:
            others += spread
            continue
        for (agent_id, is_coarse), weight in here.items():
            part = spread * weight / whole
            by_agent[agent_id] += part
            if is_coarse:
                coarse[agent_id] += part
    return Shares(idle, others, dict(by_agent), dict(coarse))


def _weights(
    buckets: Sequence[Bucket], pieces: Iterable[Work], *, weigh: Weighing
) -> dict[int, dict[tuple[str, bool], float]]:
    lengths = {bucket.start: bucket.seconds for bucket in buckets}
    found: dict[int, dict[tuple[str, bool], float]] = defaultdict(lambda: defaultdict(float))
    if not buckets:
        return found
    period, origin = buckets[0].seconds, buckets[0].start % buckets[0].seconds
    for piece in pieces:
        for start, seconds in overlaps(piece.start, piece.seconds, period=period, origin=origin):
            if start in lengths:
                weight = seconds if weigh == "time" else seconds / max(piece.seconds, 1e-9)
                found[start][piece.agent_id, piece.coarse] += weight
    return found


def overlaps(start: float, seconds: float, *, period: int, origin: int) -> list[tuple[int, float]]:
    """The periods that a stretch of time lies in, each with its part; one without length counts 1 ms."""
    length = max(seconds, 0.001)
    first = int((start - origin) // period) * period + origin
    found = []
    at = first
    while at < start + length:
        part = min(at + period, start + length) - max(at, start)
        if part > 0:
            found.append((at, part))
        at += period
    return found


def by_organization(
    shares: Mapping[str, float], organizations: Mapping[str, str | None]
) -> dict[str | None, float]:
    """Each agent's cost belongs to its organization; None where that is not known."""
    return _gathered(shares, lambda agent_id: [organizations.get(agent_id)])


def by_identity(
    shares: Mapping[str, float], identities: Mapping[str, Sequence[str]]
) -> dict[str | None, float]:
    """An agent shared by several identities is split evenly, so nothing counts twice; None: no identity."""
    return _gathered(shares, lambda agent_id: identities.get(agent_id) or [None])


def _gathered(
    shares: Mapping[str, float], owners: Callable[[str], Sequence[str | None]]
) -> dict[str | None, float]:
    found: dict[str | None, float] = defaultdict(float)
    for agent_id, cost in shares.items():
        holders = owners(agent_id)
        for holder in holders:
            found[holder] += cost / len(holders)
    return dict(found)


def buckets_of(
    capacity: Mapping[str, Mapping[int, float]], *, period_s: int, price: float, minimum: float
) -> list[Bucket]:
    """Buckets from each instance's average capacity by epoch start; a period nobody reported is absent.

    The floor of an awake instance is the cluster's minimum, at least 0.5 ACU.
    """
    costs: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    hour_price = price * period_s / 3600
    for points in capacity.values():
        for start, acu in points.items():
            costs[start][0] += acu * hour_price
            costs[start][1] += min(acu, max(minimum, 0.5)) * hour_price
    return [Bucket(start, period_s, *costs[start]) for start in sorted(costs)]
