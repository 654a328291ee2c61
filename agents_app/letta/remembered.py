"""Notes down, after a page is made, what the console saw of Letta: its connections, figures and names.

Nothing is asked of Letta for it. While the cluster sleeps, these are what pages can show.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import Error
from django.db.models.functions import Now

from agents_app.letta import access, catalogue
from agents_app.letta.console import ConsoleConnection, KnownAgent, KnownFigures

logger = logging.getLogger(__name__)

# A new connection to an awake server takes well under a second; a cluster needs some 15 s to wake.
WAKE_SECONDS = 5.0
MOST_KEPT_NAMES, MOST_SHOWN_NAMES = 2_000, 100
_AGAIN = timedelta(hours=6)  # an unchanged name is dated anew

_lock = threading.Lock()
_waiting: dict[str, str | None] = {}
_noted: dict[tuple[str, str], tuple[str | None, datetime]] = {}
_figures_of: object = None


@dataclass(frozen=True)
class Remembered:
    """The last figures, their age, and the agents that were seen last; `agent` is the one asked about."""

    figures: KnownFigures | None
    agents: list[KnownAgent]
    agent: KnownAgent | None


def saw_agents(names: Mapping[str, str | None]) -> None:
    """Names that a page has just read; written down when it is done."""
    with _lock:
        if len(_waiting) < MOST_KEPT_NAMES:
            _waiting.update(names)


def note(user_id: int | None) -> None:
    """Writes down what came up since the last call; a fault of our own database spoils no page."""
    try:
        _note_connects(user_id)
        _note_figures()
        _note_agents()
    except Error:
        logger.warning("what was seen of Letta could not be noted")


def remembered(agent_id: str | None = None) -> Remembered:
    """From our own database only."""
    key = access.database_key()
    known = KnownAgent.objects.filter(database=key)
    return Remembered(
        KnownFigures.objects.filter(pk=key).first(),
        list(known.order_by("-seen_at", "name")[:MOST_SHOWN_NAMES]),
        known.filter(agent_id=agent_id).first() if agent_id else None,
    )


def _note_connects(user_id: int | None) -> None:
    ended = access.take_connects()
    if ended:
        ConsoleConnection.objects.bulk_create(
            ConsoleConnection(
                at=datetime.fromtimestamp(one.at, UTC),
                seconds=one.seconds,
                succeeded=one.succeeded,
                woke=one.succeeded and one.seconds >= WAKE_SECONDS,
                user_id=user_id,
            )
            for one in ended
        )


def _note_figures() -> None:
    """Once for each reading of the catalogue, which is read anew every quarter of an hour."""
    global _figures_of
    here = catalogue.known()
    if here is None or here is _figures_of:
        return
    KnownFigures.objects.update_or_create(
        database=access.database_key(),
        defaults={
            "taken_at": Now(),
            "release": here.release[:60],
            "schema": here.schema[:63],
            "rows": dict(here.rows),
        },
    )
    _figures_of = here


def _note_agents() -> None:
    if not _waiting:
        return
    with _lock:
        seen = dict(_waiting)
        _waiting.clear()
    key, now = access.database_key(), datetime.now(UTC)
    fresh = {one: name for one, name in seen.items() if _is_news(key, one, name, now)}
    if fresh:
        KnownAgent.objects.bulk_create(
            [
                KnownAgent(database=key, agent_id=one[:120], name=_storable(name), seen_at=now)
                for one, name in fresh.items()
            ],
            update_conflicts=True,
            unique_fields=["database", "agent_id"],
            update_fields=["name", "seen_at"],
        )
        _noted.update({(key, one): (name, now) for one, name in fresh.items()})


def _is_news(key: str, agent_id: str, name: str | None, now: datetime) -> bool:
    before = _noted.get((key, agent_id))
    return before is None or before[0] != name or now - before[1] > _AGAIN


def _storable(name: str | None) -> str | None:
    """A name that our own database can hold, whatever Letta's holds."""
    if name is None:
        return None
    return name.replace("\0", "").encode("utf-8", "replace").decode()[:1_000]
