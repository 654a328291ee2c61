"""Series of numbers from CloudWatch: read by stretch of time, shared by everybody, honest about gaps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from agents_app.aws import flight
from agents_app.aws.asking import asked, queries_of
from agents_app.aws.catalogue import Group
from agents_app.aws.cluster import instances_of, state_from, state_question
from agents_app.aws.errors import AwsError, AwsNotConfigured, AwsSlow, AwsUnreadable
from agents_app.aws.flight import Question
from agents_app.aws.place import Cluster, configured
from agents_app.aws.spans import Span

ALL_GROUPS: tuple[Group, ...] = ("capacity", "load", "storage")
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
    # Where the members are not known, only what is measured of the whole cluster can be asked for.
    some = [group for group in groups if queries_of(place, span, group, members)]
    questions = [question(place, span, group, members) for group in some]
    if trouble and trouble.is_common:
        return _reading(
            place, [flight.known(one) or trouble for one in questions], members, trouble
        )
    all_of_them = [*questions, state_question(place)]
    answers = flight.fetch_all(all_of_them, patience_s=flight.left(until))
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
        ask=lambda: asked(place, span, group, instances),
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
