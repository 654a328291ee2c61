"""Prices with their date and source; an operator may set his own, as regions and contracts differ."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Storage = Literal["standard", "io-optimized"]
HOURS_PER_MONTH = 730


@dataclass(frozen=True, kw_only=True)
class Prices:
    """One region's list; amounts in `currency`: for an ACU-hour, a GB (2^30 bytes) and month of storage,
    and a million I/O requests (Standard only: I/O-Optimized includes them)."""

    acu_hour_standard: Decimal
    acu_hour_io_optimized: Decimal
    storage_standard: Decimal
    storage_io_optimized: Decimal
    io_million: Decimal
    region: str
    currency: str
    source: str
    dated: date

    def acu_hour(self, storage: Storage) -> float:
        optimized = storage == "io-optimized"
        return float(self.acu_hour_io_optimized if optimized else self.acu_hour_standard)

    def gigabyte_month(self, storage: Storage) -> float:
        optimized = storage == "io-optimized"
        return float(self.storage_io_optimized if optimized else self.storage_standard)

    def million_requests(self, storage: Storage) -> float:
        return 0.0 if storage == "io-optimized" else float(self.io_million)


EXAMPLE = Prices(
    acu_hour_standard=Decimal("0.12"),
    acu_hour_io_optimized=Decimal("0.156"),
    storage_standard=Decimal("0.10"),
    storage_io_optimized=Decimal("0.225"),
    io_million=Decimal("0.20"),
    region="us-east-1",
    currency="USD",
    source="Published examples for us-east-1, not read from AWS’s own price list",
    dated=date(2026, 6, 10),
)
"""What holds until an operator sets the prices of his region."""
