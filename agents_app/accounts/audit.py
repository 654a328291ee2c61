"""`record(…)`: the one door through which every view of content goes on record, before it is sent."""

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest

from agents_app.accounts.models import AccessEvent, Outcome
from agents_app.accounts.trail.chain import LINE, line_of
from agents_app.text.search import fold

MOST_IDS = 200
T = TypeVar("T")
logger = logging.getLogger("inspector.trail")


def record(
    request: HttpRequest,
    action: str,
    *,
    kind: str,
    ids: Iterable[str],
    count: int | None = None,
    organization_id: str | None = None,
    agent_id: str | None = None,
    about: Iterable[str | None] = (),
    terms: str = "",
    reason: str = "",
    outcome: Outcome = Outcome.SUCCESS,
    user: Any = None,
) -> dict[str, Any]:
    """Writes who saw which objects: `action` such as "conversation.read", `kind` such as "message".

    At most 200 ids are kept, with the full count; of searched `terms` a keyed hash. `about` are
    ids of what the objects belong to (agents, customers, blocks): kept beside theirs, not counted,
    so that "who looked at this customer" finds the row. `?format=csv` counts as an export. If the
    row cannot be written the exception goes up and nothing is shown: no record, no content. Gives
    the sealed row (trail/chain.py).
    """
    listed = [_kept(one) for one in ids]
    beside = [_kept(one) for one in about if one and one != agent_id]
    export = request.GET.get("format") == "csv"
    who = user or getattr(request, "user", None)
    named = f"{action.split('.')[0]}.export" if export and outcome == Outcome.SUCCESS else action
    event = AccessEvent.objects.create(
        user_id=getattr(who, "pk", None),
        user_name=who.get_username() if who is not None else "",
        action=named,
        outcome=outcome,
        object_kind=kind,
        object_ids=list(dict.fromkeys([*listed[:MOST_IDS], *beside[:MOST_IDS]])),
        object_count=len(listed) if count is None else count,
        organization_id=(organization_id or "")[:120],
        agent_id=(agent_id or "")[:120],
        reason=reason[:500],
        terms=keyed(terms),
        request_id=getattr(request, "id", ""),
        address=client_address(request),
    )
    sealed = line_of(AccessEvent.objects.values(*LINE).get(pk=event.pk))
    logger.info("access", extra={"event": sealed})  # one JSON line, for a collector
    return sealed


def _kept(identifier: Any) -> str:
    """As PostgreSQL can store it."""
    return str(identifier).replace("\x00", "")[:120]


def _organization(row: Any) -> str | None:
    return getattr(row, "organization_id", None)


def record_rows(
    request: HttpRequest,
    action: str,
    *,
    rows: Iterable[T],
    kind: str,
    key: Callable[[T], str],
    organization: Callable[[T], str | None] = _organization,
    agent: Callable[[T], str | None] = lambda row: None,
    about: Callable[[T], Iterable[str | None]] = lambda row: (),
    terms: str = "",
) -> None:
    """Writes who saw these rows of a list: one event for each organization among them, one at least.

    `organization`, `agent` and `about` say of a row whose it is; its own `organization_id` by default.
    Where the rows of an organization are all of one agent the event is that agent's; of several,
    their ids stand among its objects.
    """
    ordered = sorted(rows, key=lambda row: organization(row) or "")
    parts: list[tuple[str, Sequence[T]]] = [
        (name, list(part)) for name, part in groupby(ordered, lambda row: organization(row) or "")
    ]
    for name, part in parts or [("", ())]:
        agents = dict.fromkeys(one for row in part if (one := agent(row)))
        record(
            request, action, kind=kind, ids=[key(row) for row in part], organization_id=name,
            agent_id=next(iter(agents)) if len(agents) == 1 else None,
            about=dict.fromkeys([*agents, *(one for row in part for one in about(row))]),
            terms=terms,
        )  # fmt: skip


def recorded(
    request: HttpRequest,
    action: str,
    rows: Iterable[T],
    *,
    kind: str,
    key: Callable[[T], str],
    organization: Callable[[T], str | None] = _organization,
    agent: Callable[[T], str | None] = lambda row: None,
    about: Callable[[T], Iterable[str | None]] = lambda row: (),
    terms: str = "",
) -> Iterator[T]:
    """The rows of an export, each stretch of 200 on record before it is sent; an empty one too."""
    remaining, first = iter(rows), True
    while (stretch := list(islice(remaining, MOST_IDS))) or first:
        record_rows(
            request, action, rows=stretch, kind=kind, key=key, organization=organization,
            agent=agent, about=about, terms=terms,
        )  # fmt: skip
        first = False
        yield from stretch


def keyed(terms: str) -> str:
    """A hash of what was searched for, which only this installation's secret key can make again.

    Who knows the words can so tell who searched for them; the words themselves are not kept.
    """
    if not terms:
        return ""
    key = hashlib.sha256(b"terms of searches" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, fold(terms).encode(), hashlib.sha256).hexdigest()


def client_address(request: HttpRequest) -> str | None:
    """The client's address: the n-th from the right of X-Forwarded-For behind n trusted proxies."""
    proxies: int = settings.INSPECTOR_TRUSTED_PROXIES
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        return hops[-proxies] if len(hops) >= proxies and hops[-proxies] else None
    return request.META.get("REMOTE_ADDR") or None
