"""Who may see what: rights on classes of fields, given to roles. The only list of both."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest


class Right(StrEnum):
    """A class of fields, a part of the console, or an act."""

    METADATA = "metadata"  # ids, names of agents, times, sizes, counts, statuses, errors' kinds
    CONTENT = "content"  # what was said and stored: messages, passages, files
    MEMORY = "memory"  # what is remembered: blocks' values over time, and the evidence for them
    PERSONAL = "personal"  # identities: names, external keys, properties
    PROMPT = "prompt"  # system prompts, raw model requests and responses, tools' source
    CLUSTER = "cluster"  # capacity, cost, sizes, connections
    TRAIL = "trail"  # who looked at what, and reviewing it
    EVIDENCE = "evidence"  # taking content out: evidence bundles and footprints
    REVEAL = "reveal"  # lifting the mask from one object, with a reason
    ACCOUNTS = "accounts"  # users, roles, scopes, settings of this console


@dataclass(frozen=True)
class Role:
    """`reach`: rows of every organization, or only of those (and identities, tags) assigned to the person.

    Rights in `with_reason` hold only in organizations that the person opened with a reason; `masked`
    roles read personal data and secrets masked.
    """

    rights: frozenset[Right]
    reach: Literal["everywhere", "assigned"]
    with_reason: frozenset[Right] = frozenset()
    masked: bool = True


ROLES: dict[str, Role] = {
    "support": Role(
        frozenset({Right.METADATA, Right.CONTENT, Right.MEMORY, Right.PERSONAL, Right.EVIDENCE}),
        reach="assigned",
    ),
    "auditor": Role(
        frozenset(
            {Right.METADATA, Right.CONTENT, Right.MEMORY, Right.PERSONAL, Right.PROMPT}
            | {Right.TRAIL, Right.EVIDENCE, Right.REVEAL}
        ),
        reach="everywhere",
        with_reason=frozenset({Right.CONTENT, Right.PROMPT}),
    ),
    "ops": Role(frozenset({Right.METADATA, Right.CLUSTER}), reach="everywhere"),
    "admin": Role(frozenset({Right.ACCOUNTS}), reach="everywhere"),
}
"""A role is a group of that name; a person has one at most."""

SUPERUSER = Role(frozenset(Right), reach="everywhere", masked=False)
NO_ROLE = Role(frozenset(), reach="assigned")


def role_of(user: User | AnonymousUser) -> str | None:
    """The user's role; None for anonymous users and users without one."""
    if not user.is_authenticated:
        return None
    if user.is_superuser:
        return "superuser"
    if "_role" not in vars(user):  # kept for the rest of the request
        names = set(user.groups.values_list("name", flat=True))
        vars(user)["_role"] = next((name for name in ROLES if name in names), None)
    role: str | None = vars(user)["_role"]
    return role


def role(user: User | AnonymousUser) -> Role:
    """What the user's role allows."""
    name = role_of(user)
    return SUPERUSER if name == "superuser" else ROLES.get(name or "", NO_ROLE)


def rights_of(user: User | AnonymousUser) -> frozenset[Right]:
    """What the user may see, here or elsewhere, at once or with a reason."""
    return role(user).rights


def rights_in(request: HttpRequest) -> frozenset[Right]:
    """What this page may show: the user's rights without those that wait for a reason."""
    granted: frozenset[Right] | None = getattr(request, "granted", None)
    return rights_of(request.user) if granted is None else granted


def may(request: HttpRequest, right: Right) -> bool:
    """Whether this page may show what the right is about."""
    return right in rights_in(request)
