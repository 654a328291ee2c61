"""GetMetricData: the queries of a metric set, all pages of their answer, packed for keeping."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from agents_app.aws.catalogue import METRICS, NAMESPACE, Group, Metric
from agents_app.aws.client import call
from agents_app.aws.place import Cluster
from agents_app.aws.spans import Span

_QUERIES_A_CALL = 500
_MOST_PAGES = 60


@dataclass(frozen=True, slots=True)
class Query:
    """One line of a GetMetricData call."""

    id: str
    metric: Metric
    statistic: str
    period: int
    instance: str | None
    cluster_id: str

    def words(self) -> dict[str, Any]:
        name, value = (
            ("DBInstanceIdentifier", self.instance)
            if self.instance
            else ("DBClusterIdentifier", self.cluster_id)
        )
        metric = {
            "Namespace": NAMESPACE,
            "MetricName": self.metric.name,
            "Dimensions": [{"Name": name, "Value": value}],
        }
        stat = {"Metric": metric, "Period": self.period, "Stat": self.statistic}
        return {"Id": self.id, "MetricStat": stat, "ReturnData": True}


def queries_of(place: Cluster, span: Span, group: Group, instances: tuple[str, ...]) -> list[Query]:
    """All statistics of a metric side by side: AWS bills them as one metric."""
    found: list[Query] = []
    for metric in METRICS:
        if metric.group == group:
            period = span.at_least(metric.least_s).period
            for who in _subjects(metric, instances):
                # A list, not a generator: extending would change the length that names the next.
                found += [
                    Query(f"q{len(found) + n}", metric, statistic, period, who, place.id)
                    for n, statistic in enumerate(metric.statistics)
                ]
    return found


def _subjects(metric: Metric, instances: tuple[str, ...]) -> Iterator[str | None]:
    if metric.level in ("cluster", "both"):
        yield None
    if metric.level in ("instance", "both"):
        yield from instances


def asked(place: Cluster, span: Span, group: Group, instances: tuple[str, ...]) -> dict[str, Any]:
    """What is kept: numbers, names of metrics and instances."""
    queries = queries_of(place, span, group, instances)
    found: dict[str, _Collected] = {query.id: _Collected() for query in queries}
    for some in _batches(queries):
        _collect(place, span, some, found)
    return {
        "span": [span.start.timestamp(), span.end.timestamp(), span.period, span.name, span.cut],
        "series": [_packed(query, found[query.id], span) for query in queries],
    }


def _batches(queries: list[Query]) -> Iterator[list[Query]]:
    for at in range(0, len(queries), _QUERIES_A_CALL):
        yield queries[at : at + _QUERIES_A_CALL]


@dataclass
class _Collected:
    """Values by epoch second; a page may repeat a point, and points come in any order."""

    values: dict[int, float] = field(default_factory=dict)
    partial: bool = False


def _collect(
    place: Cluster, span: Span, queries: list[Query], found: dict[str, _Collected]
) -> None:
    """All pages of one call."""
    coarsest = max(query.period for query in queries)
    outer = span.at_least(coarsest)
    words: dict[str, Any] = {
        "MetricDataQueries": [query.words() for query in queries],
        "StartTime": outer.start,
        "EndTime": outer.end,
        "ScanBy": "TimestampAscending",
    }
    for _ in range(_MOST_PAGES):
        answer = call(
            "cloudwatch", "GetMetricData", "MetricDataResults", region=place.region, **words
        )
        for result in answer.get("MetricDataResults", ()):
            if result.get("Id") in found:
                _take(found[result["Id"]], result)
        token = answer.get("NextToken")
        if not token:
            return
        words["NextToken"] = token
    for query in queries:
        found[query.id].partial = True


def _take(into: _Collected, result: dict[str, Any]) -> None:
    """A page is Complete, PartialData (more follows) or InternalError; the last word counts."""
    into.partial = result.get("StatusCode", "Complete") != "Complete"
    for at, value in zip(result.get("Timestamps", ()), result.get("Values", ()), strict=False):
        if isinstance(value, int | float) and math.isfinite(value):
            into.values[int(at.timestamp())] = float(value)


def _packed(query: Query, collected: _Collected, span: Span) -> list[Any]:
    """Short lists: thousands of points are kept each minute."""
    start, end = int(span.start.timestamp()), int(span.end.timestamp())
    points = sorted(
        (at, value) for at, value in collected.values.items() if start - query.period < at < end
    )
    return [
        query.metric.name, query.metric.unit, query.statistic, query.period, query.instance,
        [at - start for at, _ in points], [value for _, value in points], collected.partial, start,
    ]  # fmt: skip
