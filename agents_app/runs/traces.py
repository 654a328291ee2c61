"""Raw model requests and responses: up to tens of megabytes each, so listed by size and read in pieces."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, F, Func, TextField
from django.db.models.functions import Cast, Substr

from agents_app.letta import access
from agents_app.letta.catalogue import current
from agents_app.letta.models import ProviderTrace
from agents_app.runs.stored import Stored, head_of, stored
from agents_app.text.times import BeyondCalendar
from agents_app.ui.links import link

MOST_TRACES = 100
PIECE_CHARACTERS = 4_000_000
PARTS = {"request": "request_json", "response": "response_json"}

_METADATA_ONLY = """
SELECT id, created_at, call_type FROM provider_trace_metadata
 WHERE step_id = %(step)s ORDER BY created_at, id LIMIT 100
"""


@dataclass(frozen=True)
class TraceRow:
    """A trace without its bodies; sizes are bytes as stored, mostly compressed. None: only metadata was kept."""

    id: str
    created_at: datetime | BeyondCalendar | None
    call_type: str | None
    source: str | None
    request_bytes: int | None
    response_bytes: int | None

    @property
    def has_bodies(self) -> bool:
        return self.request_bytes is not None or self.response_bytes is not None


def traces(step_id: str) -> list[TraceRow]:
    """Of one step, oldest first; also those of which a server was told to keep the metadata only."""
    queryset = ProviderTrace.objects.here().filter(step_id=step_id).order_by("created_at", "pk")
    sizes = [_size("request_json"), _size("response_json")]
    found = queryset.values_list("id", "created_at", "call_type", "source", *sizes)[:MOST_TRACES]
    return [TraceRow(*row) for row in found] + _metadata_only(step_id)


def _size(column: str) -> Func:
    return Func(F(column), function="pg_column_size", output_field=BigIntegerField())


def _metadata_only(step_id: str) -> list[TraceRow]:
    """From provider_trace_metadata (0.16.4+), used instead of the bodies on some servers."""
    if not {"id", "created_at", "call_type", "step_id"} <= current().tables.get(
        "provider_trace_metadata", frozenset()
    ):
        return []
    found = access.rows(_METADATA_ONLY, {"step": step_id})
    return [TraceRow(id, at, call_type, None, None, None) for id, at, call_type in found]


@dataclass(frozen=True)
class Trace:
    """The beginnings of both bodies."""

    id: str
    step_id: str | None
    call_type: str | None
    created_at: datetime | BeyondCalendar | None
    organization_id: str | None
    request: Stored
    response: Stored

    @property
    def step_href(self) -> str:
        return link("runs:step", self.step_id)

    @property
    def href(self) -> str:
        return link("runs:trace", self.id)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "step_id": self.step_id,
            "call_type": self.call_type,
            "created_at": self.created_at,
            "request": self.request.as_json(),
            "response": self.response.as_json(),
        }


def trace(trace_id: str) -> Trace | None:
    """One trace, each body up to 262,144 characters."""
    heads = head_of("request_json") | head_of("response_json")
    columns = ("id", "step_id", "call_type", "created_at", "organization_id")
    row = (
        ProviderTrace.objects.here()
        .filter(pk=trace_id)
        .annotate(**heads)
        .values(*columns, *heads)
        .first()
    )
    if row is None:
        return None
    bodies = [stored(row, column) for column in PARTS.values()]
    return Trace(*(row[column] for column in columns), *bodies)


@dataclass(frozen=True)
class Owner:
    """Whose a trace is."""

    organization_id: str | None
    step_id: str | None


def owner(trace_id: str) -> Owner | None:
    """None where there is no such trace."""
    found = ProviderTrace.objects.here().filter(pk=trace_id)
    row = found.values_list("organization_id", "step_id").first()
    return Owner(*row) if row else None


def pieces(trace_id: str, part: str) -> Iterator[bytes]:
    """A whole body as it is stored, 4 million characters a question; memory stays bounded."""
    text, start = Cast(F(PARTS[part]), TextField()), 1
    while True:
        found = ProviderTrace.objects.here().filter(pk=trace_id)
        piece = found.values_list(Substr(text, start, PIECE_CHARACTERS), flat=True).first() or ""
        yield piece.encode("utf-8", "replace")
        if len(piece) < PIECE_CHARACTERS:
            return
        start += PIECE_CHARACTERS
