"""What pages with a list of passages share: the filtered page, its export, the record of what was shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase

from agents_app.accounts.audit import record, recorded
from agents_app.accounts.roles import Right, may
from agents_app.embeddings.filters import PassageForm, Wanted
from agents_app.embeddings.passages import PassageRow, every, find, owners
from agents_app.embeddings.rendering import EXPORTED
from agents_app.letta.links import organization_names
from agents_app.ui.http import Request, wants
from agents_app.ui.listing import Listing, csv_response
from agents_app.ui.paging import Page, make_page, read_cursor, time_key


@dataclass(frozen=True)
class Passages:
    """One page of passages and the form that narrows them; `base` is the queryset they are of."""

    base: Any
    form: PassageForm
    page: Page[PassageRow]
    is_paused: bool

    @property
    def wanted(self) -> Wanted:
        return self.form.wanted()

    @property
    def ids(self) -> list[str]:
        return [row.passage.pk for row in self.page]


def listed(request: Request, base: Any) -> Passages:
    """The page of `base` that the request asks for."""
    content = may(request, Right.CONTENT)
    form, cursor = PassageForm(request.GET, content=content), read_cursor(request)
    found = find(base, form.wanted(), cursor, content=content)
    page = make_page(request, cursor, found.rows, key=_key, note=found.note, reached=found.reached)
    return Passages(base, form, page, is_paused=found.reached is not None)


def exported(request: Request, base: Any, *, name: str) -> HttpResponseBase | None:
    """The CSV of all passages of `base` that the filters leave, or None when a page is asked for."""
    if not wants(request, "csv"):
        return None
    if not may(request, Right.CONTENT):
        raise PermissionDenied("An export of passages needs the right to see content.")
    wanted = PassageForm(request.GET, content=True).wanted()
    nothing: Page[PassageRow] = Page([], None, None, None, None)
    rows = partial(_recorded, request, base, wanted)
    return csv_response(Listing(name, nothing, EXPORTED, every=rows))


def _recorded(request: Request, base: Any, wanted: Wanted) -> Iterator[PassageRow]:
    return recorded(
        request, "passage.read", every(base, wanted), kind="passage",
        key=lambda row: str(row.passage.pk),
        organization=lambda row: row.passage.organization_id,
        agent=lambda row: vars(row.passage).get("agent_id"),
        about=lambda row: owners(row.passage),
        terms=wanted.q,
    )  # fmt: skip


def _key(row: PassageRow) -> Any:
    return time_key(row.passage)


def record_shown(
    request: Request, found: Any, kind: str, *, shown: Passages | None, content: bool
) -> None:
    """One line for the row and one for the passages below it, where their content is shown."""
    of = {
        "organization_id": found.organization_id,
        "agent_id": found.pk if kind == "agent" else None,
    }
    if content:
        record(request, f"{kind}.read", kind=kind, ids=[found.pk], **of)
    if content and shown is not None and (shown.ids or shown.wanted.q):
        record(
            request, "passage.read", kind="passage", ids=shown.ids, terms=shown.wanted.q,
            about=[found.pk], **of,
        )  # fmt: skip


def there(found: Any) -> Any:
    """The row; a 404 when there is none."""
    if found is None:
        raise Http404
    return found


def organization_of(found: Any) -> str | None:
    """The name of the row's organization."""
    return organization_names([found.organization_id]).get(found.organization_id or "")
