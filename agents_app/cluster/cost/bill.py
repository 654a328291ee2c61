"""A range's cost by item, its projection to a month, and both kinds of storage side by side."""

from dataclasses import dataclass

from agents_app.cluster.cost.prices import HOURS_PER_MONTH, Prices, Storage
from agents_app.cluster.cost.usage import Usage


@dataclass(frozen=True, kw_only=True)
class Bill:
    """Amounts in the price list's currency; None where CloudWatch gave nothing to count."""

    storage_kind: Storage
    compute: float
    storage: float | None
    requests: float | None

    @property
    def total(self) -> float:
        return self.compute + (self.storage or 0.0) + (self.requests or 0.0)

    def times(self, factor: float) -> "Bill":
        """The same for a time `factor` times as long."""
        return Bill(
            storage_kind=self.storage_kind,
            compute=self.compute * factor,
            storage=None if self.storage is None else self.storage * factor,
            requests=None if self.requests is None else self.requests * factor,
        )


def bill(used: Usage, prices: Prices, *, storage: Storage) -> Bill:
    """compute = ACU-hours · price; storage = GB · price · hours / 730; I/O = requests / 10⁶ · price."""
    kept = used.storage_gb
    asked = used.requests
    months = used.hours / HOURS_PER_MONTH
    return Bill(
        storage_kind=storage,
        compute=used.total_acu_hours * prices.acu_hour(storage),
        storage=None if kept is None else kept * months * prices.gigabyte_month(storage),
        requests=None if asked is None else asked / 1e6 * prices.million_requests(storage),
    )


def month(found: Bill, used: Usage) -> Bill | None:
    """The range as it would cost over 730 hours; None for a range without measured hours.

    Compute and I/O are scaled by the hours that were measured, storage by the whole range.
    """
    if used.measured_hours <= 0 or used.hours <= 0:
        return None
    by_measured = found.times(HOURS_PER_MONTH / used.measured_hours)
    by_range = found.times(HOURS_PER_MONTH / used.hours)
    return Bill(
        storage_kind=found.storage_kind,
        compute=by_measured.compute,
        storage=by_range.storage,
        requests=by_measured.requests,
    )


def waking_cost(prices: Prices, *, storage: Storage, pause_after_s: int, acu: float = 0.5) -> float:
    """The least that a wake costs: `acu` until the cluster may pause again."""
    return acu * pause_after_s / 3600 * prices.acu_hour(storage)
