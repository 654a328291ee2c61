"""Events of the cluster: what AWS tells of the last 14 days, and all that were seen before."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from agents_app.aws import flight
from agents_app.aws.client import call
from agents_app.aws.cluster import instances_of
from agents_app.aws.errors import AwsError, AwsNotConfigured
from agents_app.aws.flight import Question
from agents_app.aws.models import ClusterEvent
from agents_app.aws.place import Cluster, configured
from agents_app.aws.spans import Span

AWS_KEEPS = timedelta(days=14)
_MOST_PAGES = 20
_MOST_EVENTS = 2000
_OVERLAP = timedelta(hours=2)

# The answer has no event id, only its text; the first pattern that is found names the kind.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("pausing", r"(initiated|began|started|starting).{0,40}\bpaus"),
        ("pause-cancelled", r"\bpaus\w*.{0,60}(cancel|abort)|(cancel|abort).{0,60}\bpaus"),
        ("paused", r"\bpaused\b"),
        ("resuming", r"(initiated|began|started|starting).{0,40}\bresum"),
        ("resumed", r"resumed the DB instance"),
        ("failover", r"fail(ed)?[ -]?over"),
        ("restart", r"restart|reboot|shutdown|shut down"),
        ("scaling", r"scaling|capacity|\bACU"),
        ("maintenance", r"maintenance|patch|upgrad"),
        ("backup", r"backup|snapshot"),
    )
)


@dataclass(frozen=True, slots=True)
class Event:
    """`kind`: pausing, pause-cancelled, paused, resuming, resumed, failover, restart, scaling,
    maintenance, backup, other."""

    at: datetime
    kind: str
    source: str
    message: str


@dataclass(frozen=True, slots=True)
class Events:
    """Oldest first; `read_at` is None where AWS never answered and all is from before."""

    events: tuple[Event, ...]
    read_at: datetime | None
    age_s: float | None
    problem: AwsError | None = None


def kind_of(message: str) -> str:
    """What an event's text tells, by AWS's event ids RDS-EVENT-0370 to 0374 and the like."""
    return next((kind for kind, pattern in _KINDS if pattern.search(message)), "other")


def read(span: Span, *, patience_s: float | None = None) -> Events:
    """Those of the stretch out of our own database, after AWS was asked for new ones.

    Never raises AwsError but AwsNotConfigured: what was seen before is shown anyhow.
    """
    place = configured()
    if place is None:
        raise AwsNotConfigured
    until = flight.ends(patience_s)
    try:
        members, _ = instances_of(patience_s=patience_s)
        answer = flight.fetch(question(place, members), patience_s=flight.left(until))
    except AwsError as error:
        return Events(_seen(place, span), None, None, error)
    return Events(_seen(place, span), answer.read_at, answer.age_s, answer.problem)


def question(place: Cluster, instances: tuple[str, ...]) -> Question:
    since = _since(place)
    return Question(
        kind="events",
        words=(place.region, place.id, *instances),
        ask=lambda: _asked(place, instances, since),
        store=_stored,
    )


def _seen(place: Cluster, span: Span) -> tuple[Event, ...]:
    rows = ClusterEvent.objects.filter(
        region=place.region, cluster_id=place.id, at__gte=span.start, at__lt=span.end
    ).order_by("-at", "-pk")[:_MOST_EVENTS]
    return tuple(Event(row.at, row.kind, row.source, row.message) for row in reversed(rows))


def _asked(place: Cluster, instances: tuple[str, ...], since: datetime) -> list[ClusterEvent]:
    sources = [("db-cluster", place.id), *(("db-instance", one) for one in instances)]
    return [
        event
        for source_type, source in sources
        for event in _of_source(place, source_type, source, since)
    ]


def _stored(found: list[ClusterEvent]) -> dict[str, int]:
    """Each event is kept for good; what is shared as the answer is only their number."""
    ClusterEvent.objects.bulk_create(found, ignore_conflicts=True)
    return {"events": len(found)}


def _since(place: Cluster) -> datetime:
    """From a little before the newest one seen; all of 14 days at first."""
    newest = (
        ClusterEvent.objects.filter(region=place.region, cluster_id=place.id)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
    oldest = datetime.now(UTC) - AWS_KEEPS + timedelta(minutes=5)
    return max(oldest, newest - _OVERLAP) if newest else oldest


def _of_source(
    place: Cluster, source_type: str, source: str, since: datetime
) -> list[ClusterEvent]:
    words: dict[str, Any] = {
        "SourceType": source_type, "SourceIdentifier": source, "StartTime": since,
        "EndTime": datetime.now(UTC), "MaxRecords": 100,
    }  # fmt: skip
    found: list[ClusterEvent] = []
    for _ in range(_MOST_PAGES):
        answer = call("rds", "DescribeEvents", "Events", region=place.region, **words)
        found.extend(_row(place, source, one) for one in answer.get("Events", ()))
        if not answer.get("Marker"):
            break
        words["Marker"] = answer["Marker"]
    return found


def _row(place: Cluster, source: str, event: dict[str, Any]) -> ClusterEvent:
    message = " ".join(str(event.get("Message", "")).replace("\0", " ").split())[:500]
    return ClusterEvent(
        region=place.region, cluster_id=place.id, source=source, at=event["Date"],
        kind=kind_of(message), message=message,
    )  # fmt: skip
