"""The page of who did it: agents' work beside the capacity, its cost by agent, organization and identity."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agents_app.cluster.activity.sharing import (
    Bucket,
    Shares,
    buckets_of,
    by_identity,
    by_organization,
    overlaps,
    shared_out,
)
from agents_app.cluster.activity.work import Found, Work, work
from agents_app.cluster.money import CAPACITY, prices_now, storage_of
from agents_app.cluster.picture import Picture
from agents_app.letta.catalogue import current
from agents_app.letta.links import agent_names, organization_names
from agents_app.letta.models import AgentIdentity
from agents_app.text.marks import name_label

MOST_DRAWN, MOST_LINKS, LEAST_BUCKET_S = 7, 20_000, 60


@dataclass(frozen=True)
class AgentShare:
    """`cost` by seconds of work; `by_count` by pieces of work: how far both differ is how unsure it is."""

    agent_id: str
    name: str | None
    organization_id: str | None
    seconds: float
    pieces: int
    cost: float
    by_count: float
    coarse_percent: float

    @property
    def low(self) -> float:
        return min(self.cost, self.by_count)

    @property
    def high(self) -> float:
        return max(self.cost, self.by_count)


@dataclass(frozen=True, kw_only=True)
class Who:
    """`unmatched_s` is work in periods without a capacity figure: it has no cost here."""

    found: Found
    agents: list[AgentShare]
    shares: Shares
    organizations: list[tuple[str | None, str | None, float]]
    identities: list[tuple[str | None, float]] | None
    currency: str
    period_s: int
    drawn: list[dict[str, Any]]
    unmatched_s: float

    @property
    def messages_are_cut(self) -> bool:
        """Messages without a run were looked for in the newest part of the range only."""
        return (
            self.found.messages_since is not None and self.found.messages_since > self.found.since
        )

    @property
    def drawn_names(self) -> dict[str, str]:
        """Names of the agents that are drawn."""
        shown = {series["instance"] for series in self.drawn}
        return {
            one.agent_id: name_label(one.name)
            for one in self.agents
            if one.agent_id in shown and one.name
        }

    @property
    def attributed(self) -> float:
        return sum(self.shares.by_agent.values())


def who(picture: Picture) -> Who:
    """Asks Letta: the caller connects because a person wanted it."""
    span, period = picture.span, max(picture.span.period, LEAST_BUCKET_S)
    found = work(span.start, span.end, bucket_s=period)
    buckets = [one for one in buckets_for(picture) if one.start >= _aligned(found.since, period)]
    shares = shared_out(buckets, found.pieces)
    counted = shared_out(buckets, found.pieces, weigh="count")
    agents = _agents(found.pieces, shares, counted)
    organizations = by_organization(
        shares.by_agent, {one.agent_id: one.organization_id for one in agents}
    )
    names = organization_names(organizations)
    return Who(
        found=found,
        agents=agents,
        shares=shares,
        organizations=sorted(
            ((one, names.get(one or ""), cost) for one, cost in organizations.items()),
            key=lambda row: -row[2],
        ),
        identities=_identities(shares),
        currency=prices_now().currency,
        period_s=period,
        drawn=_drawn(agents, found.pieces, picture, period),
        unmatched_s=_unmatched(found.pieces, buckets, period),
    )


def buckets_for(picture: Picture) -> list[Bucket]:
    """The cost of each period, from the instances' average capacity."""
    series = picture.reading.of_instances(CAPACITY, "Average") if picture.reading else []
    if not series:
        return []
    capacity = {
        one.instance or "": {int(at.timestamp()): value for at, value in one.points}
        for one in series
    }
    state = picture.state
    return buckets_of(
        capacity,
        period_s=series[0].period,
        price=prices_now().acu_hour(storage_of(picture)),
        minimum=(state.min_acu if state else None) or 0.0,
    )


def _aligned(moment: datetime, period: int) -> int:
    return -int(-moment.timestamp() // period) * period


def _agents(pieces: Sequence[Work], shares: Shares, counted: Shares) -> list[AgentShare]:
    """By cost, then by seconds of work: without figures of AWS the work alone is shown."""
    seconds: dict[str, float] = defaultdict(float)
    number: dict[str, int] = defaultdict(int)
    organizations: dict[str, str | None] = {}
    for one in pieces:
        seconds[one.agent_id] += one.seconds
        number[one.agent_id] += 1
        organizations.setdefault(one.agent_id, one.organization_id)
    order = sorted(seconds, key=lambda key: (-shares.by_agent.get(key, 0.0), -seconds[key], key))
    names = agent_names(order)
    return [
        AgentShare(
            key,
            names.get(key),
            organizations[key],
            seconds[key],
            number[key],
            shares.by_agent.get(key, 0.0),
            counted.by_agent.get(key, 0.0),
            _percent(shares.coarse.get(key, 0.0), shares.by_agent.get(key, 0.0)),
        )
        for key in order
    ]


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def _identities(shares: Shares) -> list[tuple[str | None, float]] | None:
    """Ids only: names of identities are personal. None where this release links none."""
    if not current().has_table("identities_agents"):
        return None
    links = AgentIdentity.objects.filter(agent_id__in=list(shares.by_agent))
    held: dict[str, list[str]] = defaultdict(list)
    for agent_id, identity_id in links.values_list("agent_id", "identity_id")[:MOST_LINKS]:
        held[agent_id].append(identity_id)
    found = by_identity(shares.by_agent, held)
    return sorted(found.items(), key=lambda row: (-row[1], row[0] or ""))


def _drawn(
    agents: Sequence[AgentShare], pieces: Sequence[Work], picture: Picture, period: int
) -> list[dict[str, Any]]:
    """Seconds of work in each period, for the busiest agents and the others together, as series of our JSON."""
    busiest = [one.agent_id for one in sorted(agents, key=lambda one: -one.seconds)[:MOST_DRAWN]]
    rows: dict[str, dict[int, float]] = {one: defaultdict(float) for one in [*busiest, ""]}
    for piece in pieces:
        into = rows[piece.agent_id if piece.agent_id in rows else ""]
        for start, seconds in overlaps(piece.start, piece.seconds, period=period, origin=0):
            into[start] += seconds
    return [
        {"metric": "AgentWork", "unit": "Seconds", "statistic": "Sum", "period": period,
         "instance": key or "other agents", "points": _points(points)}
        for key, points in rows.items() if points
    ]  # fmt: skip


def _points(points: Mapping[int, float]) -> list[list[Any]]:
    return [
        [f"{datetime.fromtimestamp(start, UTC):%Y-%m-%dT%H:%M:%S}Z", round(points[start], 3)]
        for start in sorted(points)
    ]


def _unmatched(pieces: Sequence[Work], buckets: Sequence[Bucket], period: int) -> float:
    known = {bucket.start for bucket in buckets}
    return sum(
        seconds
        for piece in pieces
        for start, seconds in overlaps(piece.start, piece.seconds, period=period, origin=0)
        if start not in known
    )
