"""Series of numbers from CloudWatch: read by stretch of time, shared by everybody, honest about gaps."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from agents_app.aws import flight
from agents_app.aws.catalogue import METRICS, NAMESPACE, Group, Metric
from agents_app.aws.client import call
from agents_app.aws.cluster import instances_of, state_from, state_question
from agents_app.aws.errors import AwsError, AwsNotConfigured, AwsSlow, AwsUnreadable
from agents_app.aws.flight import Question
from agents_app.aws.place import Cluster, configured
from agents_app.aws.spans import Span

ALL_GROUPS: tuple[Group, ...] = ("capacity", "load", "storage")
_QUERIES_A_CALL = 500
_MOST_PAGES = 60
_OFTENEST_S = {"storage": 300.0}  # published each five minutes
# CloudWatch needs a few minutes until a minute is whole; the newest may still change.
SETTLING = timedelta(minutes=3)

Point = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class Series:
    """One metric by one statistic, of one instance or (None) of the cluster; points oldest first.

    `partial` means that AWS did not give all it has.
    """

    metric: str
    unit: str
    statistic: str
    period: int
    instance: str | None
    points: tuple[Point, ...]
    partial: bool = False

    def gaps(self, span: Span) -> list[tuple[datetime, datetime]]:
        """Where no point is: [from, to), without the newest minutes, which AWS may still publish."""
        step = timedelta(seconds=self.period)
        until = min(span.end, datetime.now(UTC) - SETTLING - step)
        found, expected = [], span.at_least(self.period).start
        for at, _ in self.points:
            if at > expected:
                found.append((expected, at))
            expected = max(expected, at + step)
        if until > expected:
            found.append((expected, until))
        return found


@dataclass(frozen=True, slots=True)
class Reading:
    """What CloudWatch said about one stretch; `problem` is why it is not newer or not whole.

    `span` is the stretch that was asked for when it was read: for a relative one that ended then.
    """

    cluster: Cluster
    span: Span
    series: tuple[Series, ...]
    instances: tuple[str, ...]
    read_at: datetime
    age_s: float
    problem: AwsError | None = None

    def find(
        self, metric: str, statistic: str = "Average", *, instance: str | None = None
    ) -> Series | None:
        """The series of an instance, or of the cluster."""
        wanted = (metric, statistic, instance)
        return next((s for s in self.series if (s.metric, s.statistic, s.instance) == wanted), None)

    def of_instances(self, metric: str, statistic: str = "Average") -> list[Series]:
        """The series of every instance that has one."""
        return [
            s for s in self.series
            if s.instance is not None and (s.metric, s.statistic) == (metric, statistic)
        ]  # fmt: skip

    @property
    def is_empty(self) -> bool:
        """AWS answered, and knows no point: a wrong identifier or region, or a cluster just made."""
        return not any(series.points for series in self.series)

    @property
    def is_partial(self) -> bool:
        return any(series.partial for series in self.series)


def read(
    span: Span, *, groups: Sequence[Group] = ALL_GROUPS, patience_s: float | None = None
) -> Reading:
    """The series of these groups over the stretch, at most a minute old while AWS answers.

    One call for each group and minute, whoever asks. Raises AwsError where there is nothing to
    show; otherwise `problem` says why what is shown is old, or lacks instances.
    """
    place = configured()
    if place is None:
        raise AwsNotConfigured
    until = flight.ends(patience_s)
    known = flight.known(state_question(place))
    members, trouble = _members(place, known, flight.left(until))
    questions = [question(place, span, group, members) for group in groups]
    if trouble and trouble.is_common:
        return _reading(
            place, [flight.known(one) or trouble for one in questions], members, trouble
        )
    asked = [*questions, state_question(place)]
    answers = flight.fetch_all(asked, patience_s=flight.left(until))
    return _reading(place, answers[:-1], members, trouble)


def _members(
    place: Cluster, known: flight.Answer | None, patience_s: float
) -> tuple[tuple[str, ...], AwsError | None]:
    """As they were known last, which the reading renews; waited for only at the very first."""
    if known is None:
        return instances_of(patience_s=patience_s)
    found = state_from(place, known)
    return found.ids, found.problem


def question(place: Cluster, span: Span, group: Group, instances: tuple[str, ...]) -> Question:
    """One metric set; relative stretches share one line of our database, whenever they were read."""
    which = span.name if span.name != "custom" else f"{span.start:%s}-{span.end:%s}"
    return Question(
        kind=f"metrics-{group}",
        words=(place.region, place.id, which, str(span.period), *instances),
        ask=lambda: _asked(place, span, group, instances),
        every_s=max(min(span.period, 300), _OFTENEST_S.get(group, 0.0)),
    )


def _reading(
    place: Cluster,
    answers: list[flight.Answer | AwsError],
    instances: tuple[str, ...],
    trouble: AwsError | None,
) -> Reading:
    good = [answer for answer in answers if isinstance(answer, flight.Answer)]
    bad = [answer for answer in answers if isinstance(answer, AwsError)]
    if not good:
        # One question that was too slow to fail by itself has the cause of the one before it.
        first = bad[0] if bad else AwsUnreadable()
        raise (trouble if trouble and isinstance(first, AwsSlow) else first).copy()
    oldest = max(good, key=lambda answer: answer.age_s)
    problem = next((a.problem for a in good if a.problem), None) or next(iter(bad), None)
    return Reading(
        cluster=place,
        span=_span(oldest.value["span"]),
        series=tuple(series for answer in good for series in _unpacked(answer.value["series"])),
        instances=instances,
        read_at=oldest.read_at,
        age_s=oldest.age_s,
        problem=problem or trouble,
    )


# ---- asking ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Query:
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


def _queries(place: Cluster, span: Span, group: Group, instances: tuple[str, ...]) -> list[_Query]:
    """All statistics of a metric side by side: AWS bills them as one metric."""
    found: list[_Query] = []
    for metric in METRICS:
        if metric.group == group:
            period = span.at_least(metric.least_s).period
            for who in _subjects(metric, instances):
                # A list, not a generator: extending would change the length that names the next.
                found += [
                    _Query(f"q{len(found) + n}", metric, statistic, period, who, place.id)
                    for n, statistic in enumerate(metric.statistics)
                ]
    return found


def _subjects(metric: Metric, instances: tuple[str, ...]) -> Iterator[str | None]:
    if metric.level in ("cluster", "both"):
        yield None
    if metric.level in ("instance", "both"):
        yield from instances


def _asked(place: Cluster, span: Span, group: Group, instances: tuple[str, ...]) -> dict[str, Any]:
    """What is kept: numbers, names of metrics and instances."""
    queries = _queries(place, span, group, instances)
    found: dict[str, _Collected] = {query.id: _Collected() for query in queries}
    for some in _batches(queries):
        _collect(place, span, some, found)
    return {
        "span": [span.start.timestamp(), span.end.timestamp(), span.period, span.name, span.cut],
        "series": [_packed(query, found[query.id], span) for query in queries],
    }


def _batches(queries: list[_Query]) -> Iterator[list[_Query]]:
    for at in range(0, len(queries), _QUERIES_A_CALL):
        yield queries[at : at + _QUERIES_A_CALL]


@dataclass
class _Collected:
    """Values by epoch second; a page may repeat a point, and points come in any order."""

    values: dict[int, float] = field(default_factory=dict)
    partial: bool = False


def _collect(
    place: Cluster, span: Span, queries: list[_Query], found: dict[str, _Collected]
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


def _packed(query: _Query, collected: _Collected, span: Span) -> list[Any]:
    """Short lists: thousands of points are kept each minute."""
    start, end = int(span.start.timestamp()), int(span.end.timestamp())
    points = sorted(
        (at, value) for at, value in collected.values.items() if start - query.period < at < end
    )
    return [
        query.metric.name, query.metric.unit, query.statistic, query.period, query.instance,
        [at - start for at, _ in points], [value for _, value in points], collected.partial, start,
    ]  # fmt: skip


def _unpacked(packed: list[list[Any]]) -> Iterator[Series]:
    for metric, unit, statistic, period, instance, offsets, values, partial, start in packed:
        points = tuple(
            (datetime.fromtimestamp(start + offset, UTC), value)
            for offset, value in zip(offsets, values, strict=True)
        )
        yield Series(metric, unit, statistic, period, instance, points, partial)


def _span(packed: list[Any]) -> Span:
    start, end, period, name, cut = packed
    return Span(
        datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC), period, name, cut
    )
