"""The metrics of the simulated cluster, each derived from its minutes; None where AWS sends nothing."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from math import isnan, nan
from typing import NamedTuple

from agents_app.demo.aws.minutes import INSTANCES, MOST_ACU, READER, WRITER, Minutes

_GIB = 2.0**30


class Now(NamedTuple):
    """One minute of one instance. `cold` is 1 at waking up and 0 a quarter of an hour later;
    `uptime` are minutes since the engine started."""

    acu: float
    load: float
    guests: float
    arrived: float
    cold: float
    noise: float
    uptime: float


Figure = Callable[[Now], float]

INSTANCE_FIGURES: dict[str, Figure] = {
    "ServerlessDatabaseCapacity": lambda now: now.acu,
    "ACUUtilization": lambda now: 100 * now.acu / MOST_ACU,
    "CPUUtilization": lambda now: (
        min(100.0, 60 * now.acu / MOST_ACU + 2 * now.load + 2 * now.noise) if now.acu else 0.0
    ),
    "FreeableMemory": lambda now: _GIB * (2 * MOST_ACU - 1.4 * now.acu - 0.3 * now.noise),
    "DatabaseConnections": lambda now: now.guests,
    "ConnectionAttempts": lambda now: now.arrived,
    "BufferCacheHitRatio": lambda now: 99.9 - 14 * now.cold - 0.2 * now.noise,
    "CommitLatency": lambda now: 2.1 + 0.15 * now.load + 1.5 * now.noise,
    "ReadLatency": lambda now: 0.0006 + 0.004 * now.cold + 0.0004 * now.noise,
    "WriteLatency": lambda now: 0.0011 + 0.0005 * now.noise,
    "ReadIOPS": lambda now: 3 * now.load + 90 * now.cold + now.noise,
    "WriteIOPS": lambda now: 2.5 * now.load + now.noise,
    "ReadThroughput": lambda now: 8192 * (3 * now.load + 90 * now.cold + now.noise),
    "WriteThroughput": lambda now: 4096 * (2.5 * now.load + now.noise),
    "Deadlocks": lambda _now: 0.0,
    "EngineUptime": lambda now: 60 * now.uptime,
    "FreeLocalStorage": lambda now: _GIB * (20 + 2 * now.acu),
    "StorageNetworkThroughput": lambda now: 12_000 * (now.load + 20 * now.cold + now.noise),
}
READER_FIGURES: dict[str, Figure] = {"AuroraReplicaLag": lambda now: 12 + 25 * now.noise}
_ZERO_WHILE_PAUSED = {"ServerlessDatabaseCapacity", "ACUUtilization", "CPUUtilization"}
_COLD_MINUTES = 15
CLUSTER_FIGURES = {"ServerlessDatabaseCapacity", "ACUUtilization", "VolumeBytesUsed",
                   "VolumeReadIOPs", "VolumeWriteIOPs", "TotalBackupStorageBilled"}  # fmt: skip


class Figures:
    """Arrays by minute, made when first asked for; a gap is NaN."""

    def __init__(self, minutes: Minutes, *, restarted: int) -> None:
        """`restarted` is the minute (epoch seconds / 60) of the newest start of the engine."""
        self._minutes, self._restarted = minutes, restarted
        self._made: dict[tuple[str, str | None], array[float]] = {}

    def of(self, metric: str, instance: str | None) -> array[float] | None:
        """Of an instance, or (None) the cluster; None for what this cluster has not."""
        if instance is None:
            return (
                self._grown(metric, None, self._cluster(metric))
                if metric in CLUSTER_FIGURES
                else None
            )
        figure = INSTANCE_FIGURES.get(metric)
        if instance == READER and figure is None:
            figure = READER_FIGURES.get(metric)
        if figure is None or instance not in INSTANCES:
            return None
        return self._grown(metric, instance, self._instance(metric, instance, figure))

    def _grown(
        self, metric: str, instance: str | None, value: Callable[[int], float]
    ) -> array[float]:
        made = self._made.setdefault((metric, instance), array("d"))
        made.extend(map(value, range(len(made), len(self._minutes))))
        return made

    def _instance(self, metric: str, instance: str, figure: Figure) -> Callable[[int], float]:
        track, minutes = self._minutes.tracks[instance], self._minutes

        def value(n: int) -> float:
            acu = track.capacity[n]
            if not acu:
                return 0.0 if metric in _ZERO_WHILE_PAUSED else nan
            before = track.connections[n - 1] if n else 0.0
            arrived = max(0.0, track.connections[n] - before)
            cold = max(0.0, 1 - track.woken[n] / _COLD_MINUTES)
            uptime = (minutes.first + n - self._restarted) % 20_000
            return figure(
                Now(
                    acu,
                    track.load[n],
                    track.connections[n],
                    arrived,
                    cold,
                    minutes.noise[n],
                    uptime,
                )
            )

        return value

    def _cluster(self, metric: str) -> Callable[[int], float]:
        writer, reader = (self._minutes.tracks[name] for name in (WRITER, READER))
        if metric in ("ServerlessDatabaseCapacity", "ACUUtilization"):
            scale = 100 / MOST_ACU if metric == "ACUUtilization" else 1.0
            return lambda n: scale * (writer.capacity[n] + reader.capacity[n]) / 2
        if metric == "VolumeBytesUsed":
            return lambda n: (3.1 + 0.9 * n / 130_000) * _GIB if n % 5 == 0 else nan
        if metric == "TotalBackupStorageBilled":
            return lambda n: (0.4 + 0.1 * n / 130_000) * _GIB if n % 60 == 0 else nan
        rate = 150.0 if metric == "VolumeReadIOPs" else 110.0
        return lambda n: _volume_io(writer.load, rate, n)


def _volume_io(load: array[float], rate: float, n: int) -> float:
    """Published each five minutes, also while paused."""
    if n % 5:
        return nan
    return round(rate * sum(load[max(0, n - 5) : n]))


def summed(values: array[float], stat: str) -> float | None:
    """One point out of the minutes of a period; None where all are gaps."""
    some = [value for value in values if not isnan(value)]
    if not some:
        return None
    if stat == "Average":
        return sum(some) / len(some)
    of: dict[str, Callable[[list[float]], float]] = {"Maximum": max, "Minimum": min, "Sum": sum}
    return of[stat](some)
