"""The metrics of AWS/RDS that this console asks for, with unit, statistics and level.

Names are case-sensitive and units are never sent: a wrong one gives an empty answer.
"""

from dataclasses import dataclass
from typing import Literal

NAMESPACE = "AWS/RDS"
Level = Literal["instance", "cluster", "both"]
Group = Literal["capacity", "load", "storage"]


@dataclass(frozen=True, slots=True)
class Metric:
    """`least_s` is how often AWS publishes it. While a cluster is paused only `sent_while_paused`
    metrics arrive, as zeros."""

    name: str
    unit: str
    statistics: tuple[str, ...]
    group: Group
    level: Level = "instance"
    least_s: int = 60
    sent_while_paused: bool = False


METRICS = (
    # Of the cluster it is the average over its serverless instances, not their sum.
    Metric("ServerlessDatabaseCapacity", "ACU", ("Average", "Maximum", "Minimum"), "capacity", "both",
           sent_while_paused=True),
    Metric("ACUUtilization", "Percent", ("Average", "Maximum"), "capacity", "both",
           sent_while_paused=True),
    Metric("CPUUtilization", "Percent", ("Average", "Maximum"), "load", sent_while_paused=True),
    Metric("FreeableMemory", "Bytes", ("Minimum",), "load"),
    Metric("DatabaseConnections", "Count", ("Maximum",), "load"),
    Metric("ConnectionAttempts", "Count", ("Sum",), "load"),
    Metric("BufferCacheHitRatio", "Percent", ("Average",), "load"),
    Metric("CommitLatency", "Milliseconds", ("Average",), "load"),
    Metric("ReadLatency", "Seconds", ("Average",), "load"),
    Metric("WriteLatency", "Seconds", ("Average",), "load"),
    Metric("ReadIOPS", "Count/Second", ("Average",), "load"),
    Metric("WriteIOPS", "Count/Second", ("Average",), "load"),
    Metric("ReadThroughput", "Bytes/Second", ("Average",), "load"),
    Metric("WriteThroughput", "Bytes/Second", ("Average",), "load"),
    Metric("Deadlocks", "Count/Second", ("Average",), "load"),
    Metric("EngineUptime", "Seconds", ("Maximum",), "load"),
    Metric("AuroraReplicaLag", "Milliseconds", ("Maximum",), "load"),
    Metric("FreeLocalStorage", "Bytes", ("Minimum",), "load"),
    Metric("StorageNetworkThroughput", "Bytes/Second", ("Average",), "load"),
    Metric("VolumeBytesUsed", "Bytes", ("Average",), "storage", "cluster", least_s=300),
    # Billed I/O, published as a count for each five minutes.
    Metric("VolumeReadIOPs", "Count", ("Sum",), "storage", "cluster", least_s=300),
    Metric("VolumeWriteIOPs", "Count", ("Sum",), "storage", "cluster", least_s=300),
    Metric("TotalBackupStorageBilled", "Bytes", ("Average",), "storage", "cluster", least_s=3600),
)  # fmt: skip
BY_NAME = {metric.name: metric for metric in METRICS}
