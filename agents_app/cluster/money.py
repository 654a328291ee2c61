"""The cost panel: usage out of a picture, the bill of the range and of a month, and what other limits cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from agents_app.aws.metrics import Series
from agents_app.cluster.cost.bill import Bill, bill, month, waking_cost
from agents_app.cluster.cost.prices import EXAMPLE, HOURS_PER_MONTH, Prices, Storage
from agents_app.cluster.cost.usage import Measured, Usage, usage
from agents_app.cluster.cost.whatif import NOTHING, Limits, Moment, Outcome, what_if
from agents_app.cluster.models import PriceList
from agents_app.cluster.picture import Picture

CAPACITY = "ServerlessDatabaseCapacity"
DEFAULT_PAUSE_S = 300
FIELDS = ("acu_hour_standard", "acu_hour_io_optimized", "storage_standard", "storage_io_optimized",
          "io_million", "region", "currency", "source", "dated")  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """Other limits, what the range would have cost with them (between low and high), and a month of it."""

    limits: Limits
    outcome: Outcome
    low: float
    high: float
    month_low: float
    month_high: float
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class Money:
    """Everything in `prices.currency`; `bills` are this cluster's storage kind first, then the other."""

    prices: Prices
    usage: Usage
    bills: list[Bill]
    months: list[Bill | None]
    choices: list[Choice]
    asked: Choice | None
    wake: float

    @property
    def pairs(self) -> list[tuple[Bill, Bill | None]]:
        """Each kind of storage: the range and the month."""
        return list(zip(self.bills, self.months, strict=True))

    @property
    def cheaper(self) -> Bill:
        return min(self.bills, key=lambda one: one.total)

    def as_json(self) -> dict[str, Any]:
        return {
            "prices": self.prices,
            "usage": self.usage,
            "range": [_items(one) for one in self.bills],
            "month": [one and _items(one) for one in self.months],
            "what_if": self.choices,
            "asked": self.asked,
        }


def _items(found: Bill) -> dict[str, Any]:
    return {
        "storage_kind": found.storage_kind, "compute": found.compute, "storage": found.storage,
        "requests": found.requests, "total": found.total,
    }  # fmt: skip


def prices_now() -> Prices:
    """What an operator set last, else the published example."""
    row = PriceList.objects.order_by("-set_at", "-pk").values(*FIELDS).first()
    return Prices(**row) if row else EXAMPLE


def storage_of(picture: Picture) -> Storage:
    return "io-optimized" if picture.state and picture.state.io_optimized else "standard"


def money(picture: Picture, *, asked: Limits | None = None) -> Money:
    """`asked` are limits that the reader wants to try."""
    prices, kind = prices_now(), storage_of(picture)
    used = usage_of(picture)
    other: Storage = "standard" if kind == "io-optimized" else "io-optimized"
    bills = [bill(used, prices, storage=kind), bill(used, prices, storage=other)]
    now = limits_of(picture)
    price = prices.acu_hour(kind)
    tried = [_choice(picture, limits, now=now, price=price, used=used) for limits in _others(now)]
    return Money(
        prices=prices,
        usage=used,
        bills=bills,
        months=[month(one, used) for one in bills],
        choices=[one for one in tried if one],
        asked=_choice(picture, asked, now=now, price=price, used=used) if asked else None,
        wake=waking_cost(
            prices,
            storage=kind,
            pause_after_s=now.pause_after_s if now and now.pause_after_s else DEFAULT_PAUSE_S,
        ),
    )


def usage_of(picture: Picture) -> Usage:
    """Of the instances; the cluster's own capacity is an average and would count readers too low."""
    reading = picture.reading
    if reading is None:
        return usage(picture.span.hours, [])
    volume = reading.find("VolumeBytesUsed", "Average")
    requests = [reading.find(name, "Sum") for name in ("VolumeReadIOPs", "VolumeWriteIOPs")]
    return usage(
        picture.span.hours,
        [measured(one) for one in reading.of_instances(CAPACITY, "Average")],
        maximum=[measured(one) for one in reading.of_instances(CAPACITY, "Maximum")],
        volume_bytes=measured(volume) if volume else None,
        requests=[measured(one) for one in requests if one],
    )


def measured(series: Series) -> Measured:
    return Measured(series.instance, series.period, series.points)


def limits_of(picture: Picture) -> Limits | None:
    """The cluster's own; None where AWS did not tell or it is not serverless."""
    state = picture.state
    if state is None or state.min_acu is None or state.max_acu is None:
        return None
    return Limits(state.min_acu, state.max_acu, state.auto_pause_s)


def _others(now: Limits | None) -> list[Limits]:
    """The limits as they are, then one change at a time that an operator may consider."""
    if now is None:
        return []
    changes = [Limits(0, now.maximum, timeout) for timeout in (300, 1800, 3600)]
    changes += [Limits(least, now.maximum) for least in (0.5, 1.0, 2.0) if least <= now.maximum]
    changes += [Limits(now.minimum, most, now.pause_after_s)
                for most in (now.maximum / 2, now.maximum * 2) if 1 <= most <= 256]  # fmt: skip
    return [now, *(one for one in changes if one != now)]


def _choice(
    picture: Picture, limits: Limits, *, now: Limits | None, price: float, used: Usage
) -> Choice | None:
    if picture.reading is None or now is None or used.measured_hours <= 0:
        return None
    outcomes = [
        what_if(moments, period_s, now=now, then=limits)
        for moments, period_s in moments_of(picture)
    ]
    # Instances sleep and wake together, so that the one which wakes most often tells of all.
    resumes = max((one.resumes for one in outcomes), default=0)
    found = replace(sum(outcomes, NOTHING), resumes=resumes)
    scale = HOURS_PER_MONTH / used.measured_hours
    low, high = found.low * price, found.high * price
    return Choice(limits, found, low, high, low * scale, high * scale, is_current=limits == now)


def moments_of(picture: Picture) -> list[tuple[Sequence[Moment], int]]:
    """Each instance's periods: average capacity (None in a gap), and whether anybody was connected."""
    reading = picture.reading
    found: list[tuple[Sequence[Moment], int]] = []
    for series in reading.of_instances(CAPACITY, "Average") if reading else ():
        connected = reading and reading.find(
            "DatabaseConnections", "Maximum", instance=series.instance
        )
        sessions = {at.timestamp(): value for at, value in connected.points} if connected else {}
        points = {at.timestamp(): value for at, value in series.points}
        if points:
            times = range(int(min(points)), int(max(points)) + 1, series.period)
            moments = [Moment(points.get(at), _busy(sessions.get(at))) for at in times]
            found.append((moments, series.period))
    return found


def _busy(sessions: float | None) -> bool | None:
    return None if sessions is None else sessions > 0
