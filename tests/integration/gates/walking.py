"""Every URL of the URLconf as ten kinds of people meet it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

from agents_app.accounts.sessions import BEGAN, SEEN
from tests.canaries import Canaries
from tests.conftest import assign
from tests.crawl import TABLES

ABSENT_WORK = "00000000-0000-4000-8000-000000000000"
# What a kind is, where it is not the role of that name: role, organization, and what is the matter.
_ROLE = {
    "support_a": "support",
    "support_b": "support",
    "disabled": "support",
    "expired": "support",
    "no_factor": "support",
}
_SIGNS_OUT = {"account_logout", "usersessions_list", "openid_connect_login"}
_SHORT = {
    "account_login": "login", "mfa_index": "factor", "accounts:open": "reason", "account_reauthenticate": "again",
    "mfa_reauthenticate": "again", "overview:home": "home",
}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """One named pattern of the URLconf and its arguments' names."""

    name: str
    parameters: tuple[str, ...]


def doors() -> list[Door]:
    """All of them, the sign-in library's too; each name once."""
    found = {door.name: door for door in _walk(get_resolver(), Door("", ()))}
    return list(found.values())


def _walk(resolver: URLResolver, above: Door) -> Iterator[Door]:
    for entry in resolver.url_patterns:
        parameters = (*above.parameters, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            space = f"{entry.namespace}:" if entry.namespace else ""
            yield from _walk(entry, Door(f"{above.name}{space}", parameters))
        elif isinstance(entry, URLPattern):
            yield Door(f"{above.name}{entry.name}", parameters)


class People:
    """Makes a client of each kind; everybody but `no_factor` has a second factor."""

    def __init__(self, world: Canaries) -> None:
        self.world = world

    def client(self, kind: str) -> Client:
        client = Client(raise_request_exception=False)
        if kind == "anonymous":
            return client
        client.force_login(self.user(kind))
        if kind == "disabled":
            User.objects.filter(username=kind).update(is_active=False)
        if kind == "expired":
            session = client.session
            session[BEGAN] = session[SEEN] = time.time() - 31 * 60
            session.save()
        return client

    def user(self, kind: str) -> User:
        role = _ROLE.get(kind, kind)
        user, _ = User.objects.get_or_create(
            username=kind, defaults={"is_superuser": role == "superuser"}
        )
        User.objects.filter(pk=user.pk).update(is_active=True)
        user.is_active = True
        if role != "superuser":
            user.groups.set([Group.objects.get_or_create(name=role)[0]])
        if role == "support":
            assign(
                user,
                "organization",
                self.world.organizations["b" if kind == "support_b" else "a"],
                "own",
            )
        if kind != "no_factor":
            Authenticator.objects.get_or_create(
                user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "x"}}
            )
        return user


def arguments(world: Canaries, bystander: User) -> dict[str, Any]:
    """Objects of the first organization; work nobody has; somebody's account; no row of the trail."""
    found: dict[str, Any] = {
        "work_id": ABSENT_WORK,
        "part": 0,
        "account_id": bystander.pk,
        "person_id": bystander.pk,
        "sequence": 999_999,
        "pk": 1,
    }
    for name, tables in TABLES.items():
        column = "id" if tables[0] == "organizations" else "organization_id"
        sql = f'SELECT id FROM "{tables[0]}" WHERE "{column}" = %s ORDER BY 1 LIMIT 1'
        found[name] = world.database.rows(sql, [world.organizations["a"]])[0][0]
    return found


def met(kind: str, method: str, *, people: People, values: dict[str, Any]) -> dict[str, str]:
    """How the kind is answered at every door; signed in anew after doors that sign out."""
    found, client = {}, people.client(kind)
    for door in doors():
        url = reverse(door.name, kwargs={name: values[name] for name in door.parameters})
        found[door.name] = word(getattr(client, method)(url))
        if method == "post" and door.name in _SIGNS_OUT:
            client = people.client(kind)
    return found


def word(response: Any) -> str:
    """The status; of a redirection where it leads."""
    if response.status_code != 302:
        return str(response.status_code)
    path = urlsplit(response["Location"]).path
    try:
        name = resolve(path).view_name
    except Resolver404:
        name = path
    return _SHORT.get(name, f">{name}")
