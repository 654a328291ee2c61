"""One demo user per role, and a superuser; for `make demo` only."""

from collections.abc import Sequence

from django.contrib.auth.models import Group, User

from agents_app.accounts.models import Assignment
from agents_app.accounts.roles import ROLES

PASSWORD = "letta-inspector-demo"  # noqa: S105  (printed on purpose; the demo listens on loopback)


def make_users() -> list[tuple[str, str]]:
    """Creates the users that are missing; gives (name, password) of all."""
    for name in (*ROLES, "superuser"):
        user, created = User.objects.get_or_create(
            username=name, defaults={"is_superuser": name == "superuser"}
        )
        if created:
            user.set_password(PASSWORD)
            user.save()
        if name in ROLES:
            user.groups.set([Group.objects.get_or_create(name=name)[0]])
    return [(name, PASSWORD) for name in (*ROLES, "superuser")]


def assign_tenants(organization_ids: Sequence[str]) -> None:
    """The first is open to support, the second on request; any other is not theirs. Once only."""
    user = User.objects.get(username="support")
    if Assignment.objects.filter(user=user).exists():
        return
    levels = (Assignment.Level.OWN, Assignment.Level.ON_REQUEST)
    for organization_id, level in zip(organization_ids, levels, strict=False):
        Assignment.objects.create(
            user=user, kind=Assignment.Kind.ORGANIZATION, value=organization_id, level=level
        )
