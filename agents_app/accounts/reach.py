"""How far a person's role reaches: organizations that are open to them, or on request; identities and tags."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from agents_app.accounts.access import open_organizations
from agents_app.accounts.models import Assignment
from agents_app.accounts.roles import role
from agents_app.letta import scoping
from agents_app.letta.models import Organization
from agents_app.letta.scoping import EVERYTHING, Scope

EVERY = "*"
MOST_ORGANIZATIONS = 1_000


@dataclass(frozen=True)
class Reach:
    """Organization ids by level (`*` stands for every one), and what narrows them; empty narrows nothing."""

    own: frozenset[str]
    on_request: frozenset[str]
    identities: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def within(self, organizations: Iterable[str] | None) -> Scope:
        """The scope of these organizations; None for every one."""
        listed = None if organizations is None else tuple(sorted(organizations))
        return Scope(listed, self.identities, self.tags)


def reach_of(user: User) -> Reach:
    """What is assigned to the person; one query, kept for the rest of the request."""
    if role(user).reach == "everywhere":
        waits = frozenset({EVERY}) if role(user).with_reason else frozenset[str]()
        return Reach(frozenset({EVERY}), waits)
    if "_reach" not in vars(user):
        vars(user)["_reach"] = _assigned(user)
    found: Reach = vars(user)["_reach"]
    return found


def _assigned(user: User) -> Reach:
    rows = list(Assignment.objects.filter(user=user).values_list("kind", "value", "level"))
    kind, level = Assignment.Kind, Assignment.Level

    def values(of: str, at: str | None = None) -> list[str]:
        return sorted(value for one, value, its in rows if one == of and at in (None, its))

    return Reach(
        frozenset(values(kind.ORGANIZATION, level.OWN)),
        frozenset(values(kind.ORGANIZATION, level.ON_REQUEST)),
        tuple(values(kind.IDENTITY)),
        tuple(values(kind.TAG)),
    )


def standing(user: User) -> Scope:
    """What is open to the person at any time, without a reason."""
    reach = reach_of(user)
    return reach.within(None if EVERY in reach.own else reach.own)


def opened(user: User, *, note: bool = False) -> frozenset[str]:
    """Organizations that the person has open with a reason now, and still may. One query.

    `note` says that the person uses them, which prolongs what is open.
    """
    reach = reach_of(user)
    if not reach.on_request:
        return frozenset()
    found = frozenset(open_organizations(user, note=note))
    return found if EVERY in reach.on_request else found & reach.on_request


def requestable(user: User) -> Scope:
    """What a reason would open to the person."""
    reach = reach_of(user)
    return reach.within(None if EVERY in reach.on_request else reach.on_request)


def on_request(user: User) -> tuple[str, ...]:
    """Ids of the organizations that the person may open with a reason; asks Letta where that is every one."""
    reach = reach_of(user)
    if EVERY not in reach.on_request:
        return tuple(sorted(reach.on_request))
    return tuple(organization_id for organization_id, _ in organizations())


def organizations() -> list[tuple[str, str | None]]:
    """Ids and names of all of Letta's organizations, for whoever assigns or opens them; asks Letta."""
    with scoping.using(EVERYTHING):
        rows = Organization.objects.here().order_by("name", "pk").values_list("pk", "name")
        return list(rows[:MOST_ORGANIZATIONS])
