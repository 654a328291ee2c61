"""What this Letta database really has: schema, release, tables, columns and indexes, read once.

Columns differ by release, by grants and by accidents, so every query asks here and leaves out what
is absent. A process reads it at first use, never at start-up.
"""

import logging
import threading
import time

from django.db import connections

from agents_app.letta.catalogue.model import Catalogue, Index
from agents_app.letta.catalogue.reading import load

__all__ = ["Catalogue", "Index", "current", "forget", "known", "load", "remember"]

logger = logging.getLogger(__name__)

_REREAD_SECONDS = 60.0  # a page that keeps failing must not read the catalogue on each request
_MAX_AGE_SECONDS = 900.0  # an upgrade of Letta that breaks no query is noticed after this


def current() -> Catalogue:
    """The catalogue of alias `letta`, read at first use in this process; may connect and raise."""
    kept = _fresh()
    if kept is not None:
        return kept
    # No lock around the reading: one slow connection must not queue every other request.
    wrapper = connections["letta"]
    wrapper.ensure_connection()  # a new connection reads it by itself
    kept = _fresh()
    if kept is not None:
        return kept
    with wrapper.wrap_database_errors:
        return remember(load(wrapper.connection))


def remember(found: Catalogue) -> Catalogue:
    """Keeps a catalogue of alias `letta` that was read already, for `current` and `known`."""
    with _lock:
        _kept.clear()
        _kept[_address()] = found, time.monotonic()
    return found


def known() -> Catalogue | None:
    """The catalogue read last for the configured database, or None; never connects."""
    kept = _kept.get(_address())
    return kept[0] if kept else None


def forget(*, reason: str) -> bool:
    """Lets the next `current` read again, say after "column does not exist"; at most once a minute."""
    global _forgotten
    with _lock:
        if time.monotonic() - _forgotten < _REREAD_SECONDS:
            return False
        _forgotten = time.monotonic()
        _kept.clear()
    logger.warning("letta catalogue forgotten", extra={"reason": reason})
    return True


_lock = threading.Lock()
_kept: dict[tuple[str, ...], tuple[Catalogue, float]] = {}
_forgotten = -_REREAD_SECONDS


def _fresh() -> Catalogue | None:
    kept = _kept.get(_address())
    if kept is None or time.monotonic() - kept[1] > _MAX_AGE_SECONDS:
        return None
    return kept[0]


def _address() -> tuple[str, ...]:
    """What tells one configured database from another; tests change it within a process."""
    settings = connections["letta"].settings_dict
    return tuple(str(settings.get(name, "")) for name in ("HOST", "PORT", "NAME", "USER"))
