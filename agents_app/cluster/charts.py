"""The charts of the cluster page: which series each has, and the table behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agents_app.aws.metrics import Series

MOST_ROWS = 2_300


@dataclass(frozen=True)
class ChartKind:
    """`series` are (metric, statistic); `whole` says which level is drawn: each instance, the cluster, or both."""

    name: str
    title: str
    unit: str
    series: tuple[tuple[str, str], ...]
    note: str = ""


CHARTS = (
    ChartKind("capacity", "Capacity", "ACU",
              (("ServerlessDatabaseCapacity", "Average"), ("ServerlessDatabaseCapacity", "Maximum")),
              "The cluster’s line is the average over its instances, as AWS publishes it."),
    ChartKind("utilisation", "Capacity utilisation", "%",
              (("ACUUtilization", "Average"), ("ACUUtilization", "Maximum")),
              "Of the cluster’s maximum."),
    ChartKind("cpu", "CPU", "%", (("CPUUtilization", "Average"), ("CPUUtilization", "Maximum")),
              "Of what the maximum capacity would give."),
    ChartKind("memory", "Free memory", "bytes", (("FreeableMemory", "Minimum"),),
              "Counted as if the instance had its maximum capacity."),
    ChartKind("connections", "Connections", "count", (("DatabaseConnections", "Maximum"),),
              "Any open connection keeps the cluster awake."),
    ChartKind("attempts", "Connection attempts", "count", (("ConnectionAttempts", "Sum"),),
              "Successful or not; each wakes a paused cluster."),
    ChartKind("latency", "Read and write latency", "seconds",
              (("ReadLatency", "Average"), ("WriteLatency", "Average"))),
    ChartKind("commit", "Commit latency", "milliseconds", (("CommitLatency", "Average"),)),
    ChartKind("iops", "I/O operations", "per second",
              (("ReadIOPS", "Average"), ("WriteIOPS", "Average"))),
    ChartKind("throughput", "I/O throughput", "bytes per second",
              (("ReadThroughput", "Average"), ("WriteThroughput", "Average"),
               ("StorageNetworkThroughput", "Average"))),
    ChartKind("cache", "Buffer cache hits", "%", (("BufferCacheHitRatio", "Average"),),
              "After a wake the cache is cold."),
    ChartKind("billed", "Billed I/O", "requests",
              (("VolumeReadIOPs", "Sum"), ("VolumeWriteIOPs", "Sum")),
              "Billed with Standard storage only."),
    ChartKind("storage", "Storage", "bytes", (("VolumeBytesUsed", "Average"),)),
    ChartKind("backup", "Billed backups", "bytes", (("TotalBackupStorageBilled", "Average"),)),
    ChartKind("local", "Free local storage", "bytes", (("FreeLocalStorage", "Minimum"),)),
    ChartKind("lag", "Replica lag", "milliseconds", (("AuroraReplicaLag", "Maximum"),)),
    ChartKind("deadlocks", "Deadlocks", "per second", (("Deadlocks", "Average"),)),
    ChartKind("uptime", "Engine uptime", "seconds", (("EngineUptime", "Maximum"),),
              "A fall to 0 is a restart."),
)  # fmt: skip
BY_NAME = {chart.name: chart for chart in CHARTS}


@dataclass(frozen=True)
class Chart:
    """One chart of the page with the series that AWS had."""

    kind: ChartKind
    series: Sequence[Series]

    @property
    def has_points(self) -> bool:
        return any(one.points for one in self.series)

    @property
    def is_partial(self) -> bool:
        return any(one.partial for one in self.series)

    @property
    def words(self) -> str:
        """What the script draws: `Metric:Statistic`, by spaces."""
        return " ".join(f"{metric}:{statistic}" for metric, statistic in self.kind.series)

    @property
    def latest(self) -> list[tuple[str, float, datetime]]:
        """The newest value of each series, for readers without the picture."""
        return [
            (label(one), one.points[-1][1], one.points[-1][0]) for one in self.series if one.points
        ]


@dataclass(frozen=True)
class Table:
    """The numbers behind a chart, newest first; a cell without a point is None. `more` rows were left out."""

    columns: list[str]
    rows: list[tuple[datetime, list[float | None]]]
    more: int


def charts(series: Sequence[Series]) -> list[Chart]:
    """In the page's order."""
    return [
        Chart(
            kind,
            [one for pair in kind.series for one in series if (one.metric, one.statistic) == pair],
        )
        for kind in CHARTS
    ]


def label(series: Series) -> str:
    """`writer-1, average`, the metric first where a chart has several."""
    who = series.instance or "cluster"
    return f"{who}, {series.metric} {series.statistic.lower()}"


def table(chart: Chart) -> Table:
    """One row for each time at which any series has a point."""
    values = [dict(one.points) for one in chart.series]
    times = sorted({at for points in values for at in points}, reverse=True)
    rows = [(at, [points.get(at) for points in values]) for at in times[:MOST_ROWS]]
    return Table([label(one) for one in chart.series], rows, max(0, len(times) - MOST_ROWS))
