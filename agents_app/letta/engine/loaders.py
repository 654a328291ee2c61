"""How values of Letta's columns arrive: JSON as text, times outside Python's calendar as themselves.

One timestamp of `infinity` or 44 BC must not lose the rows fetched with it, and JSON is parsed row
by row elsewhere, as one poisoned value would fail them all.
"""

from datetime import UTC, date, datetime
from functools import cache
from typing import cast

from psycopg import adapters, postgres
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.pq import Format

from agents_app.text.times import BeyondCalendar


class InstantLoader(Loader):
    """timestamptz as an aware datetime in UTC; what the calendar cannot hold as BeyondCalendar."""

    def load(self, data: Buffer) -> datetime | BeyondCalendar:
        text = bytes(data).decode()
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return BeyondCalendar(text)
        return found if found.tzinfo is UTC else found.astimezone(UTC)


class NaiveInstantLoader(Loader):
    """timestamp without a zone: Letta writes UTC into it."""

    def load(self, data: Buffer) -> datetime | BeyondCalendar:
        text = bytes(data).decode()
        try:
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError:
            return BeyondCalendar(text)


class DateLoader(Loader):
    """date; what the calendar cannot hold as BeyondCalendar."""

    def load(self, data: Buffer) -> date | BeyondCalendar:
        text = bytes(data).decode()
        try:
            return date.fromisoformat(text)
        except ValueError:
            return BeyondCalendar(text)


@cache
def adapters_template() -> AdaptersMap:
    """psycopg's map with these loaders; network types arrive as text, as Django expects."""
    found = AdaptersMap(adapters)
    plain = cast(type[Loader], adapters.get_loader(postgres.types["text"].oid, Format.TEXT))
    for name in ("json", "jsonb", "inet", "cidr"):
        found.register_loader(name, plain)
    found.register_loader("timestamptz", InstantLoader)
    found.register_loader("timestamp", NaiveInstantLoader)
    found.register_loader("date", DateLoader)
    return found
