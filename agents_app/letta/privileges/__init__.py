"""Which locks against writing hold for the connected role, and the refusal of one that can do too much."""

import time
from dataclasses import dataclass
from typing import Any

import psycopg

from agents_app.letta.catalogue import Catalogue
from agents_app.letta.errors import LettaTooPowerful
from agents_app.letta.privileges.findings import PROVISION, Finding, Level, findings
from agents_app.letta.privileges.reading import powers

__all__ = ["PROVISION", "Finding", "Level", "LockReport", "check", "report", "verdict"]

_VERDICT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class LockReport:
    """Everything found about one role in one database."""

    role: str
    database: str
    findings: tuple[Finding, ...]

    def of_level(self, level: Level) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == level]

    @property
    def refused(self) -> list[Finding]:
        """Why the console must not use this role."""
        return self.of_level("refuse")

    @property
    def warnings(self) -> list[Finding]:
        """Locks that are open without the role being able to change Letta's tables."""
        return self.of_level("warn")


def report(conn: psycopg.Connection[Any], catalogue: Catalogue) -> LockReport:
    """Two statements on PostgreSQL's catalogue; of the session user, whatever SET ROLE says."""
    found = powers(conn)
    return LockReport(found.role, found.database, tuple(findings(found, catalogue)))


def check(
    conn: psycopg.Connection[Any],
    catalogue: Catalogue,
    *,
    allow_powerful: bool,
    is_new: bool = False,
) -> LockReport:
    """The report, for a kept connection at most a minute old; raises `LettaTooPowerful` on a
    refusal unless allowed.

    A new connection may lead to another server than the one before (failover, a changed role).
    """
    place = (conn.info.host, str(conn.info.port), conn.info.dbname, conn.info.user)
    kept = _verdicts.get(place)
    if is_new or kept is None or time.monotonic() - kept[1] > _VERDICT_SECONDS:
        kept = _verdicts[place] = report(conn, catalogue), time.monotonic()
    if kept[0].refused and not allow_powerful:
        texts = " ".join(finding.text for finding in kept[0].refused)
        raise LettaTooPowerful(PROVISION, detail=texts)
    return kept[0]


def verdict() -> LockReport | None:
    """The newest report of this process, for the banner; never connects."""
    newest = max(_verdicts.values(), key=lambda kept: kept[1], default=None)
    return newest[0] if newest else None


_verdicts: dict[tuple[str, ...], tuple[LockReport, float]] = {}
