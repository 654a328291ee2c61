"""Panels of our own database: the newest accesses, and who may sign in."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from agents_app.accounts.models import AccessEvent
from agents_app.accounts.roles import ROLES

MOST_ACCESSES, MOST_PEOPLE = 12, 12


@dataclass(frozen=True)
class Access:
    """One line of the record: ids and counts, never what was read."""

    at: datetime
    user: str
    action: str
    kind: str
    count: int


def accesses() -> list[Access]:
    """The newest twelve, whoever it was."""
    newest = AccessEvent.objects.order_by("-at", "-pk").values_list(
        "at", "user__username", "action", "object_kind", "object_count"
    )
    return [Access(*row) for row in newest[:MOST_ACCESSES]]


@dataclass(frozen=True)
class Person:
    name: str
    role: str
    last_login: datetime | None
    is_active: bool


@dataclass(frozen=True)
class Accounts:
    """How many people hold each role, and who signed in last."""

    by_role: list[tuple[str, int]]
    without_role: int
    people: list[Person]


def accounts() -> Accounts:
    """Counts over all users; the twelve who signed in last."""
    users = list(User.objects.prefetch_related("groups").order_by("-last_login", "username")[:500])
    people = [
        Person(user.get_username(), _role(user), user.last_login, user.is_active) for user in users
    ]
    people.sort(
        key=lambda one: (
            one.last_login is None,
            -(one.last_login.timestamp() if one.last_login else 0),
        )
    )
    counts = [(role, sum(one.role == role for one in people)) for role in (*ROLES, "superuser")]
    return Accounts(counts, sum(not one.role for one in people), people[:MOST_PEOPLE])


def _role(user: User) -> str:
    if user.is_superuser:
        return "superuser"
    names = {group.name for group in user.groups.all()}
    return next((name for name in ROLES if name in names), "")
