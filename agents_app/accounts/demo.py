"""One demo user per role, and a superuser; for `make demo` only."""

from django.contrib.auth.models import Group, User

from agents_app.accounts.models import Assignment
from agents_app.accounts.roles import ROLES
from agents_app.letta import access, scoping
from agents_app.letta.errors import LettaError
from agents_app.letta.models import Organization

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
    _assign_organizations(User.objects.get(username="support"))
    return [(name, PASSWORD) for name in (*ROLES, "superuser")]


def _assign_organizations(user: User) -> None:
    """The first tenant is open to support, the second on request, the server's default one is not theirs."""
    if Assignment.objects.filter(user=user).exists():
        return
    levels = (Assignment.Level.OWN, Assignment.Level.ON_REQUEST)
    tenants = _tenants()
    access.close_idle()
    for organization_id, level in zip(tenants, levels, strict=False):
        Assignment.objects.create(
            user=user, kind=Assignment.Kind.ORGANIZATION, value=organization_id, level=level
        )


def _tenants() -> list[str]:
    with scoping.using(scoping.EVERYTHING):
        try:
            return list(
                Organization.objects.here()
                .exclude(name="default_org")
                .order_by("name", "pk")
                .values_list("pk", flat=True)[:2]
            )
        except LettaError:  # the demo's world is being made by hand: an administrator assigns
            return []
