"""Reads a footprint window by window, place after place; what it keeps are ids, numbers and times."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from agents_app.letta import catalogue
from agents_app.letta.errors import (
    LettaConflict,
    LettaDenied,
    LettaDrift,
    LettaLocked,
    LettaTimeout,
)
from agents_app.letta.models import Agent, Archive, Source
from agents_app.people.footprint import sharing, terms
from agents_app.people.footprint.places import PLACES, Kind, Place
from agents_app.people.footprint.windows import (
    SEARCHED_WINDOW,
    WINDOW,
    Asked,
    Window,
    database_time,
    is_reached,
    windows,
)
from agents_app.ui.jsonout import utc_iso

MOST_ROWS: Final = 5_000_000
MOST_SECONDS: Final = 1_200.0
MOST_IDS: Final = 500_000
MOST_LISTED: Final = 500
OUTSIDE: Final[tuple[tuple[Any, Kind], ...]] = ((Archive, "archive"), (Source, "source"))

Report = Callable[[int, Callable[[], dict[str, Any]]], None]


@dataclass
class Counted:
    """Numbers of one table. `why` says why they are not whole: "time", "rows", "ids" or the slug of a fault."""

    rows: int = 0
    bytes: int = 0
    oldest: Any = None
    newest: Any = None
    hits: list[int] = field(default_factory=list)
    why: str = ""

    def add(self, window: Window, hits: Sequence[int]) -> None:
        self.rows += window.rows
        self.bytes += window.bytes
        times = [one for one in (self.oldest, window.oldest) if one is not None]
        self.oldest = min(times, default=None)
        times = [one for one in (self.newest, window.newest) if one is not None]
        self.newest = max(times, default=None)
        self.hits = [a + b for a, b in zip(self.hits, hits, strict=True)]

    def as_json(self, table: str) -> dict[str, Any]:
        return {
            "table": table,
            "rows": self.rows,
            "bytes": self.bytes,
            "oldest": _text(self.oldest),
            "newest": _text(self.newest),
            "hits": self.hits,
            "why": self.why,
        }


class Reading:
    """One footprint; `result` is what is known so far."""

    def __init__(
        self, identity: str, wanted: Sequence[str], report: Report, *, prompts: bool
    ) -> None:
        self.asked, self.wanted, self.report = Asked(identity, prompts), list(wanted), report
        self.ids: dict[Kind, dict[str, None]] = {"identity": {identity: None}}
        self.tables: dict[str, Counted] = {}
        self.unindexed: list[str] = []
        self.messages: dict[str, list[int]] = {}
        self.others: dict[str, int] | None = {}
        self.shared: dict[str, int | None] = {}
        self.outside = 0
        self.began = database_time()
        self.gives_up = time.monotonic() + MOST_SECONDS
        self.rows = 0
        self.doing = ""

    def read(self) -> dict[str, Any]:
        """The whole of it."""
        for place in PLACES:
            if catalogue.current().has_table(place.table):
                self._place(place)
            if place.table == "agents":
                self._agents()
        self._sharing()
        self.doing = ""
        return self.result() | {"ended": utc_iso(database_time())}

    def _place(self, place: Place) -> None:
        self.doing = place.table
        counted = self.tables.setdefault(place.table, Counted(hits=[0] * len(self.wanted)))
        ids = list(self.ids.get(place.of, {}))
        if not is_reached(place):
            self.unindexed += [place.table] if ids else []
            return
        try:
            self._windows(place, ids, counted)
        except (LettaTimeout, LettaLocked, LettaDenied, LettaDrift, LettaConflict) as error:
            counted.why = error.slug

    def _windows(self, place: Place, ids: Sequence[str], counted: Counted) -> None:
        size = SEARCHED_WINDOW if self.wanted else WINDOW
        for window in windows(place, ids, self.asked, size=size):
            found = terms.hits(place, window, self.wanted, self.asked) if self.wanted else []
            counted.add(window, found)
            self._follow(place, window, counted)
            self.rows += window.rows
            self.report(self.rows, self.result)
            if self.rows > MOST_ROWS or time.monotonic() > self.gives_up:
                counted.why = "rows" if self.rows > MOST_ROWS else "time"
                return

    def _follow(self, place: Place, window: Window, counted: Counted) -> None:
        """Remembers the ids that the rows lead to, and an agent's messages."""
        for name, kind in place.gives.items():
            known = self.ids.setdefault(kind, {})
            if len(known) > MOST_IDS:
                counted.why = "ids"
                continue
            known.update(dict.fromkeys(window.given[name]))
        if place.table == "messages":
            so_far = self.messages.setdefault(window.ids[0], [0, 0])
            so_far[0] += window.rows
            so_far[1] += window.named

    def _agents(self) -> None:
        """Whose agents these are, and whom else they serve."""
        agents = list(self.ids.get("agent", {}))
        rows = Agent.objects.here().filter(pk__in=agents).values_list("organization_id", flat=True)
        self.asked.organizations = sorted({one for one in rows.distinct() if one})
        self.others = sharing.others_by_agent(self.asked.identity, agents)

    def _sharing(self) -> None:
        agents = self.ids.get("agent", {})
        for kind in sharing.HOLDERS:
            self.shared[kind] = sharing.others(kind, list(self.ids.get(kind, {})), agents)
        for model, of in OUTSIDE:
            found = model.objects.here().filter(pk__in=list(self.ids.get(of, {})))
            providers = found.values_list("vector_db_provider", flat=True)
            self.outside += sum(one not in (None, "NATIVE") for one in providers)

    def result(self) -> dict[str, Any]:
        """What is known so far, as it is kept."""
        agents = list(self.ids.get("agent", {}))
        return {
            "began": utc_iso(self.began),
            "ended": None,
            "doing": self.doing,
            "tables": [one.as_json(table) for table, one in self.tables.items()],
            "unindexed": self.unindexed,
            "agents": [
                {
                    "id": one,
                    "others": None if self.others is None else self.others.get(one, 0),
                    "messages": self.messages.get(one, [0, 0])[0],
                    "named": self.messages.get(one, [0, 0])[1],
                }
                for one in agents[:MOST_LISTED]
            ],
            "agent_count": len(agents),
            "shared_agents": None if self.others is None else len(self.others),
            "shared": self.shared,
            "outside": self.outside,
            "prompts": self.asked.prompts,
        }


def _text(moment: Any) -> str | None:
    if moment is None:
        return None
    return utc_iso(moment) if isinstance(moment, datetime) else str(moment)
