"""The list of identities."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record_rows, recorded
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.letta.links import organization_names
from agents_app.letta.models import Identity
from agents_app.people import queries
from agents_app.people.filters import IdentityForm
from agents_app.ui.http import Request, wants
from agents_app.ui.listing import Fields, Listing, render_listing
from agents_app.ui.paging import keyset, make_page, read_cursor, time_key, walk

IDENTITY: Fields[Identity] = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "identifier_key": lambda row: row.identifier_key,
    "identity_type": lambda row: row.identity_type,
    "organization_id": lambda row: row.organization_id,
    "created_at": lambda row: row.created_at,
}


@require_safe
@requires(Right.METADATA, Right.PERSONAL)
def identities(request: Request) -> HttpResponseBase:
    """All identities, newest first."""
    form, cursor = IdentityForm(request.GET), read_cursor(request)
    queryset = queries.identities(form.text(), form.kind())
    page = make_page(request, cursor, keyset(queryset, cursor), key=time_key)
    names = organization_names(row.organization_id for row in page)
    if not wants(request, "csv"):
        record_rows(
            request, "identity.list", rows=page, kind="identity", key=lambda row: str(row.pk),
            terms=form.text(),
        )  # fmt: skip
    every = partial(_exported, request, queryset, form.text())
    listing = Listing("identities", page, IDENTITY, every=every)
    return render_listing(
        request, "people/identities.html", listing, context={"form": form, "organizations": names}
    )


def _exported(request: Request, queryset: Any, terms: str) -> Iterator[Identity]:
    rows = walk(partial(keyset, queryset), key=time_key)
    return recorded(
        request, "identity.list", rows, kind="identity", key=lambda row: str(row.pk), terms=terms
    )
