"""Who looked how often and when last, out of the newest events that an index finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from agents_app.accounts.models import AccessEvent, Outcome
from agents_app.accounts.roles import role_of

NEWEST: Final = 10_000
MOST_LINES: Final = 20
MOST_PEOPLE: Final = 500
_ALLOWED = Q(outcome=Outcome.SUCCESS)


@dataclass(frozen=True)
class Line:
    """One person, action or agent; `name` is empty for who was not signed in, and for no agent."""

    id: Any
    name: str
    allowed: int
    exports: int
    refused: int
    first: datetime
    last: datetime
    last_row: int

    def as_json(self) -> dict[str, Any]:
        return vars(self)


@dataclass(frozen=True)
class Summary:
    """Lines with the newest first, out of the newest `looked_at` events; `is_cut` says there are older."""

    lines: Sequence[Line]
    looked_at: int
    is_cut: bool

    @property
    def shown(self) -> Sequence[Line]:
        return self.lines[:MOST_LINES]

    @property
    def left_out(self) -> int:
        """Lines that are not shown."""
        return max(0, len(self.lines) - MOST_LINES)

    @property
    def allowed(self) -> int:
        return sum(line.allowed for line in self.lines)

    @property
    def refused(self) -> int:
        return sum(line.refused for line in self.lines)

    @property
    def last(self) -> datetime | None:
        return max((line.last for line in self.lines), default=None)

    def as_json(self) -> dict[str, Any]:
        told = {"looked_at": self.looked_at, "complete": not self.is_cut}
        return told | {"lines": [line.as_json() for line in self.shown]}


def by_person(events: QuerySet[AccessEvent]) -> Summary:
    """Who it was, by the name of that time."""
    return _summary(events, "user_id", "user_name")


def by_action(events: QuerySet[AccessEvent]) -> Summary:
    return _summary(events, "action", "action")


def by_agent(events: QuerySet[AccessEvent]) -> Summary:
    """Which agents it was about; events of lists name several and count for none here."""
    return _summary(events.exclude(agent_id=""), "agent_id", "agent_id")


def _summary(events: QuerySet[AccessEvent], key: str, name: str) -> Summary:
    newest = events.order_by("-sequence").values("pk")[:NEWEST]
    rows = (
        AccessEvent.objects.filter(pk__in=newest)
        .values_list(key, name)
        .annotate(
            allowed=Count("pk", filter=_ALLOWED),
            exports=Count("pk", filter=_ALLOWED & Q(action__endswith=".export")),
            refused=Count("pk", filter=~_ALLOWED),
            first=Min("at"),
            last=Max("at"),
            last_row=Max("sequence"),
        )
        .order_by("-last_row")
    )
    lines = [Line(*row) for row in rows]
    looked_at = sum(line.allowed + line.refused for line in lines)
    return Summary(lines, looked_at, is_cut=looked_at >= NEWEST)


@dataclass(frozen=True)
class Person:
    """One account with its newest event; None where it never did anything that is on record."""

    id: int
    name: str
    role: str
    is_active: bool
    last: datetime | None


def people() -> list[Person]:
    """The first 500 accounts by name, each with one probe of the index on (user, sequence)."""
    newest = AccessEvent.objects.filter(user=OuterRef("pk")).order_by("-sequence")
    users = User.objects.annotate(last=Subquery(newest.values("at")[:1])).prefetch_related("groups")
    return [
        Person(user.pk, user.get_username(), role_of(user) or "", user.is_active, user.last)
        for user in users.order_by("username")[:MOST_PEOPLE]
    ]
