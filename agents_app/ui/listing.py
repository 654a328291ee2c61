"""A listing answers as a page, as JSON (`results`, `next`) or as a streamed CSV, from one list of fields."""

import csv
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any, Generic, TypeVar

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import now

from agents_app.letta.errors import LettaError
from agents_app.text.csvcells import inert
from agents_app.text.masking import trees
from agents_app.text.masking.trees import Ours
from agents_app.ui.http import render_page, wants
from agents_app.ui.jsonout import encode, json_response, utc_iso
from agents_app.ui.paging import Page

T = TypeVar("T")
Fields = Mapping[str, Callable[[T], Any]]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Listing(Generic[T]):
    """One page of rows, the fields its JSON and CSV have, and how to walk all rows for the CSV.

    `partial` says why rows may be missing; the page, the JSON and the end of the CSV repeat it.
    """

    name: str
    page: Page[T]
    fields: Fields[T]
    every: Callable[[], Iterable[T]]
    partial: str = ""

    def as_json(self) -> dict[str, Any]:
        """The page as `{results, next}`; `next` is an absolute URL or null."""
        said = {"partial": self.partial} if self.partial else {}
        results = [{name: get(row) for name, get in self.fields.items()} for row in self.page.rows]
        next_url = self.page.next_url
        return {"results": results, "next": next_url and Ours(next_url)} | said


def render_listing(
    request: HttpRequest,
    template: str,
    listing: Listing[Any],
    *,
    context: Mapping[str, Any],
    fragments: Sequence[str] = ("results",),
) -> HttpResponseBase:
    """The listing in the format asked for; the template sees `page` and `partial` beside `context`."""
    if wants(request, "json"):
        return json_response(listing.as_json())
    if wants(request, "csv"):
        return csv_response(listing)
    told = {"page": listing.page, "partial": listing.partial}
    return render_page(request, template, told | dict(context), fragments=fragments)


def csv_response(listing: Listing[Any]) -> StreamingHttpResponse:
    """All rows of the listing as an attachment; a broken export ends in a line that says so.

    The first row is made before the answer begins: what cannot be recorded fails as a page.
    """
    lines = _lines(listing)
    begun = list(islice(lines, 2))
    response = StreamingHttpResponse(chain(begun, lines), content_type="text/csv; charset=utf-8")
    name = f"{listing.name}-{now():%Y%m%d-%H%M%S}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    """A file whose write gives the line back, for csv.writer."""

    def write(self, line: str) -> bytes:
        return line.encode("utf-8", "replace")


def _lines(listing: Listing[Any]) -> Iterator[bytes]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield writer.writerow(listing.fields)
    try:
        for row in listing.every():
            yield writer.writerow(_cell(get(row), name) for name, get in listing.fields.items())
    except LettaError as error:
        logger.warning("export stopped", extra={"cause": error.slug})
        yield writer.writerow([f"# The export stopped here and is not complete: {error}"])
    if listing.partial:
        yield writer.writerow([f"# {listing.partial}"])


def _cell(value: Any, name: str) -> str:
    """Masked by the policy in force, before it is made inert."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return utc_iso(value)
    if isinstance(value, (list, tuple, dict)):
        return inert(encode(trees.shown(value, name)))
    return inert(trees.shown(value, name))
