"""The worker's part of a footprint."""

import time
from collections.abc import Callable
from typing import Any, Final

from agents_app.people.footprint.reading import Reading
from agents_app.work.tasks import Progress

KIND: Final = "customer-footprint"
EVERY_S: Final = 0.5


def read(progress: Progress, given: dict[str, Any]) -> dict[str, Any]:
    """`given`: identity_id, terms, whether prompts are searched for them too, and the terms' keyed hashes,
    which alone are kept with what was found."""
    due = 0.0
    kept = {"terms": given["hashes"]}

    def report(rows: int, result: Callable[[], dict[str, Any]]) -> None:
        nonlocal due
        if time.monotonic() > due:
            progress.report(rows, result=result() | kept)
            due = time.monotonic() + EVERY_S

    progress.report(0)
    reading = Reading(given["identity_id"], given["terms"], report, prompts=given["prompts"])
    found = reading.read() | kept
    progress.report(reading.rows, result=found)
    return found
