"""Who wrote a block last, from its newest evidence."""

from agents_app.memory.telling import Entry, entries
from agents_app.revisions.history import newest

NEWEST_CALLS = 40


def last_write(block_id: str) -> Entry | None:
    """The last revision of all; None for a block that was never written."""
    found = newest(block_id, calls=NEWEST_CALLS)
    last = found.revisions[-1] if found and found.revisions else None
    return None if last is None else entries([(last, None)])[0]
