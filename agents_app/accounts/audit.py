"""`record(…)`: the one door through which every view of content goes on record, before it is sent."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest

from agents_app.accounts.models import AccessEvent

MOST_IDS = 200
T = TypeVar("T")


def record(
    request: HttpRequest,
    action: str,
    *,
    kind: str,
    ids: Iterable[str],
    count: int | None = None,
    organization_id: str | None = None,
) -> None:
    """Writes who saw which objects: `action` such as "conversation.read", `kind` such as "message".

    At most 200 ids are kept, with the full count. `?format=csv` counts as an export. If the row cannot
    be written the exception goes up and nothing is shown: no record, no content.
    """
    assert request.user.pk is not None  # noqa: S101  (views are for signed-in people only)
    listed = [str(one)[:120] for one in ids]
    export = request.GET.get("format") == "csv"
    AccessEvent.objects.create(
        user_id=request.user.pk,
        action=f"{action.split('.')[0]}.export" if export else action,
        object_kind=kind,
        object_ids=listed[:MOST_IDS],
        object_count=len(listed) if count is None else count,
        organization_id=(organization_id or "")[:120],
        request_id=getattr(request, "id", ""),
        address=client_address(request),
    )


def recorded(
    request: HttpRequest, action: str, rows: Iterable[T], *, kind: str, key: Callable[[T], str]
) -> Iterator[T]:
    """The rows of an export, each stretch of 200 on record before it is sent."""
    remaining = iter(rows)
    while stretch := list(islice(remaining, MOST_IDS)):
        record(request, action, kind=kind, ids=[key(row) for row in stretch])
        yield from stretch


def client_address(request: HttpRequest) -> str | None:
    """The client's address: the n-th from the right of X-Forwarded-For behind n trusted proxies."""
    proxies: int = settings.INSPECTOR_TRUSTED_PROXIES
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        return hops[-proxies] if len(hops) >= proxies and hops[-proxies] else None
    return request.META.get("REMOTE_ADDR") or None
