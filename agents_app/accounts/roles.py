"""Who may see what: rights on classes of fields, given to roles. The only list of both."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Right(StrEnum):
    """A class of fields, or a part of the console."""

    METADATA = "metadata"  # ids, names of agents, times, sizes, counts, statuses, errors' kinds
    CONTENT = "content"  # what was said and remembered: messages, blocks, passages, files
    PERSONAL = "personal"  # identities: names, external keys, properties
    PROMPT = "prompt"  # system prompts, raw model requests and responses, tools' source
    CLUSTER = "cluster"  # capacity, cost, sizes, connections
    TRAIL = "trail"  # who looked at what
    ACCOUNTS = "accounts"  # users, roles, settings of this console


ROLES: dict[str, frozenset[Right]] = {
    "support": frozenset({Right.METADATA, Right.CONTENT, Right.PERSONAL}),
    "auditor": frozenset(
        {Right.METADATA, Right.CONTENT, Right.PERSONAL, Right.PROMPT, Right.TRAIL}
    ),
    "ops": frozenset({Right.METADATA, Right.CLUSTER}),
    "admin": frozenset({Right.ACCOUNTS}),
}
"""Right of each role; a role is a group of that name. A superuser holds every right."""


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


def rights_of(user: User | AnonymousUser) -> frozenset[Right]:
    """What the user may see."""
    role = role_of(user)
    return frozenset(Right) if role == "superuser" else ROLES.get(role or "", frozenset())


def may(request: HttpRequest, right: Right) -> bool:
    """Whether this request's user holds the right."""
    return right in rights_of(request.user)


def requires(*rights: Right) -> Callable[[View], View]:
    """Declares the rights a view needs, all of them; checked before the view fetches anything."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
            missing = [right for right in rights if not may(request, right)]
            if missing:
                raise PermissionDenied(
                    f"This page needs the right to see {', '.join(missing)}; your role"
                    f" ({role_of(request.user) or 'none'}) does not include it. Ask an administrator."
                )
            return view(request, *arguments, **options)

        guarded.rights = rights  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
