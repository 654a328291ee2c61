"""How old the data is, by table: asked for by a button, never because a page was opened."""

from dataclasses import asdict
from typing import Any, Final

from django import forms
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.cluster.ages.bands import NAMES
from agents_app.cluster.ages.reading import Ages, TableAge, ages
from agents_app.cluster.database import part
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.listing import Fields, Listing, csv_response
from agents_app.ui.paging import Page
from agents_app.ui.panels import Panel


class AgeForm(forms.Form):
    """Whether to ask, and for one table alone."""

    ask = forms.BooleanField(required=False)
    table = forms.RegexField(r"\A[a-z_]{1,63}\Z", required=False)


def _rows(number: int) -> Any:
    """A band in one cell: the number, marked where it was not counted to its end."""

    def told(one: TableAge) -> Any:
        band = one.bands[number]
        if band.rows is None or not (band.about or band.or_more):
            return band.rows
        return f"about {band.rows}" if band.about else f"{band.rows} or more"

    return told


FIELDS: Final[Fields[TableAge]] = {
    "table": lambda one: one.table,
    "bytes": lambda one: one.total_bytes,
    "how": lambda one: one.how,
    "rows": lambda one: one.rows,
    "about_rows": lambda one: one.about_rows,
    "oldest": lambda one: one.oldest,
    "newest": lambda one: one.newest,
    **{name.replace(" ", "_"): _rows(number) for number, name in enumerate(NAMES)},
    "without_time": lambda one: one.untimed,
    "note": lambda one: one.why,
}


@require_safe
@requires(Right.CLUSTER)
def age(request: Request) -> HttpResponseBase:
    """Oldest and newest row and rows by age of each table; metadata only."""
    form = AgeForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data.get("ask", False)
    found: Panel[Ages] | None = (
        part(lambda: ages(form.cleaned_data.get("table") or None)) if asked else None
    )
    if wants(request, "csv") and found is not None and found.value is not None:
        tables = found.value.tables
        page = Page(tables, None, None, None, None)
        return csv_response(Listing("age-of-data", page, FIELDS, every=lambda: tables))
    context = {"found": found, "names": NAMES}
    return render_page(
        request, "cluster/age.html", context, fragments=["ages"], data=lambda: _as_json(found)
    )


def _as_json(found: Panel[Ages] | None) -> dict[str, Any]:
    """`tables` is null while nobody asked (`?ask=on`)."""
    if found is None:
        return {"asked_at": None, "tables": None}
    if found.error is not None:
        return {"error": found.error.slug, "message": str(found.error)}
    return asdict(found.value) if found.value else {}
