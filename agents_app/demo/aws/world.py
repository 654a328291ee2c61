"""The simulated Aurora cluster of the demo, as the handler in front of moto asks it."""

from __future__ import annotations

import logging
import threading
import time
from array import array
from datetime import UTC, datetime, timedelta
from math import isnan
from typing import Any

import psycopg

from agents_app.demo.aws.activity import Activity, console_connections
from agents_app.demo.aws.door import Values
from agents_app.demo.aws.figures import (
    CLUSTER_FIGURES,
    INSTANCE_FIGURES,
    READER_FIGURES,
    Figures,
    summed,
)
from agents_app.demo.aws.minutes import DAYS, INSTANCES, READER, WRITER, Minutes

logger = logging.getLogger(__name__)

CLUSTER = "letta-demo"
_LATE_MINUTES = 1  # CloudWatch shows a minute when it is over
_LOOK_S = 10.0
_STARTED_BEFORE = 12  # minutes for which somebody was connected when the demo starts
_SINCE_FAILOVER, _SINCE_RESTART = timedelta(days=8, hours=3), timedelta(days=5, hours=7)
_MESSAGES = {
    "pause": ("Initiated pause for the DB instance.", "Successfully paused the DB instance."),
    "resume": ("Initiated resume for the DB instance.", "Successfully resumed the DB instance."),
}
_TAKES = {"pause": timedelta(seconds=38), "resume": timedelta(seconds=15)}


class SimulatedCluster:
    """A writer and a reader; what the agents did is their load, and the console's own connections
    wake them and keep them awake."""

    def __init__(self, activity: Activity, *, now: datetime | None = None) -> None:
        self.started = now or datetime.now(UTC)
        minute = int(self.started.timestamp()) // 60
        for before in range(_STARTED_BEFORE + 1):
            activity.console.setdefault(minute - before, 1)
        self.activity = activity
        self.minutes = Minutes(activity, first=minute - DAYS * 1440)
        restarted = int((self.started - _SINCE_RESTART).timestamp()) // 60
        self.figures = Figures(self.minutes, restarted=restarted)
        self._lock = threading.Lock()

    def warm_up(self) -> None:
        """Computes every figure, so that the first page need not wait."""
        with self._lock:
            self._advance()
            for metric in [*INSTANCE_FIGURES, *READER_FIGURES]:
                for instance in INSTANCES:
                    self.figures.of(metric, instance)
            for metric in CLUSTER_FIGURES:
                self.figures.of(metric, None)

    def watch(self, dsn: str) -> None:
        """Looks every ten seconds whether the console is connected; for a thread of its own."""
        while True:
            try:
                found = console_connections(dsn)
            except psycopg.Error as error:
                logger.warning("the demo's database did not answer: %s", type(error).__name__)
                found = 0
            if found:
                minute = int(time.time()) // 60
                kept = self.activity.console.get(minute, 0)
                self.activity.console[minute] = max(kept, found)
            time.sleep(_LOOK_S)

    # ---- what the handler asks ---------------------------------------------------------------------

    def values(
        self, metric: dict[str, Any], stat: str, period: int, start: datetime, end: datetime
    ) -> Values | None:
        """None for another namespace, so that moto answers."""
        if metric["Namespace"] != "AWS/RDS":
            return None
        dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
        with self._lock:
            self._advance()
            figures = self._figures(metric["MetricName"], dimensions)
            return self._points(figures, stat, period, start, end) if figures else []

    def _figures(self, metric: str, dimensions: dict[str, str]) -> array[float] | None:
        if dimensions == {"DBClusterIdentifier": CLUSTER}:
            return self.figures.of(metric, None)
        if set(dimensions) == {"DBInstanceIdentifier"}:
            return self.figures.of(metric, dimensions["DBInstanceIdentifier"])
        return None

    def _points(
        self, figures: array[float], stat: str, period: int, start: datetime, end: datetime
    ) -> Values:
        step, first = period // 60, self.minutes.first
        begin = int(start.timestamp()) // 60
        found = []
        if step == 1:  # the most points, and nothing to sum up
            low, high = max(0, begin - first), max(0, int(end.timestamp()) // 60 - first)
            return [
                (datetime.fromtimestamp((first + low + n) * 60, UTC), value)
                for n, value in enumerate(figures[low:high])
                if not isnan(value)
            ]
        for minute in range(begin, int(end.timestamp()) // 60, step):
            low, high = max(0, minute - first), max(0, minute - first + step)
            value = summed(figures[low:high], stat)
            if value is not None:
                found.append((datetime.fromtimestamp(minute * 60, UTC), value))
        return found

    def _advance(self) -> None:
        self.minutes.advance(int(time.time()) // 60 + 1 - _LATE_MINUTES)

    def events(self) -> list[dict[str, Any]]:
        with self._lock:
            self._advance()
            turns = list(self.minutes.turns)
        found = []
        for turn in turns:
            began = datetime.fromtimestamp(turn.minute * 60, UTC)
            first, second = _MESSAGES[turn.kind]
            found.append(_event(turn.instance, first, began))
            found.append(_event(turn.instance, second, began + _TAKES[turn.kind]))
        return sorted(found + self._incidents(), key=lambda event: event["Date"])

    def _incidents(self) -> list[dict[str, Any]]:
        failover, restart = self.started - _SINCE_FAILOVER, self.started - _SINCE_RESTART
        seconds = timedelta(seconds=1)
        return [
            _event(CLUSTER, f"Started same AZ failover to DB instance: {WRITER}", failover),
            _event(WRITER, "DB instance restarted.", failover + 21 * seconds),
            _event(
                CLUSTER, f"Completed failover to DB instance: {WRITER}", failover + 24 * seconds
            ),
            _event(READER, "DB instance shutdown.", restart),
            _event(READER, "DB instance restarted.", restart + 19 * seconds),
        ]

    def alarm_history(self) -> list[dict[str, Any]]:
        at = self.started - timedelta(days=2)
        return [
            {
                "AlarmName": "letta-demo-storage",
                "AlarmType": "MetricAlarm",
                "Timestamp": at,
                "HistoryItemType": "StateUpdate",
                "HistorySummary": "Alarm updated from OK to ALARM",
            }
        ]


def _event(source: str, message: str, at: datetime) -> dict[str, Any]:
    kind = "db-cluster" if source == CLUSTER else "db-instance"
    return {
        "SourceIdentifier": source,
        "SourceType": kind,
        "Message": message,
        "EventCategories": ["notification"],
        "Date": at,
        "SourceArn": f"arn:aws:rds:eu-central-1:123456789012:{kind[3:]}:{source}",
    }
