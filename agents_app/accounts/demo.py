"""One demo user per role, and a superuser; for `make demo` only."""

from django.contrib.auth.models import Group, User

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
