"""Work on histories that the worker does: reading a long one whole, looking through all stored prompts.

Both keep ids, numbers and hashes only, and report how far they are.
"""

import time
from bisect import bisect_right
from typing import Any, Final

from agents_app.revisions.cache import findings
from agents_app.revisions.cache.building import build
from agents_app.revisions.cache.hashing import digest
from agents_app.revisions.cache.skeleton import load
from agents_app.revisions.collect import Searched, Sources, gather, subject
from agents_app.revisions.history import of_former_holder, stream
from agents_app.work.tasks import Progress

READING: Final = "block-history"
SEARCHING: Final = "stray-prompts"
MOST_ROWS: Final = 2_000_000
MOST_SECONDS: Final = 600.0
HOLDER_SECONDS: Final = 60.0
EVERY_S: Final = 0.4


def read_history(progress: Progress, given: dict[str, Any]) -> dict[str, Any]:
    """Reads a block's whole history and keeps its skeleton; gives {"revisions": how many}.

    Progress counts rows with calls. Where something is left unexplained it is read once more with
    what a search through all prompts has found.
    """
    progress.report(0)
    block = subject(given["block_id"])
    if block is None:
        return {"revisions": 0}
    sources = gather(block)
    count = _read(progress, sources, "index")
    kept, coverage = load(block), findings.coverage()
    if kept is not None and not kept.is_settled:
        more = findings.folded(sources, {bone.hash for bone in kept.bones if bone.hash})
        if more.tell_more_than(sources):
            count = _read(progress, more, coverage.searched)
    return {"revisions": count}


def _read(progress: Progress, sources: Sources, searched: Searched) -> int:
    places = sorted(one.place for thread in sources.threads for one in thread.places)
    due, count = 0.0, 0
    for number, one in build(sources, searched=searched):
        count = number + 1
        if time.monotonic() > due:
            progress.report(bisect_right(places, one.place), total=len(places))
            due = time.monotonic() + EVERY_S
    return count


def _look_for_holder(block_id: str, coverage: findings.Coverage) -> None:
    """Of a block that nobody holds, keeps the history that the agent which once held it tells."""
    block = subject(block_id)
    sources = gather(block) if block else None
    if sources is None or sources.threads:
        return
    found = of_former_holder(sources, HOLDER_SECONDS)
    if found.threads:
        told = tuple(stream(found))
        hashes = {digest(one.value) for one in told if one.value}
        for _ in build(findings.folded(found, hashes), searched=coverage.searched):
            pass


def search_prompts(progress: Progress, given: dict[str, Any]) -> dict[str, Any]:
    """Looks through stored prompts that no index reaches, within a budget; what it finds is kept.

    Gives {"read": in all, "about": how many there are, "complete": whether it came to the end}.
    """
    about = findings.coverage().about
    budget = min(MOST_ROWS, about) or None

    def report(read: int, whole: int) -> None:
        progress.report(read, total=budget, result={"read": whole, "about": max(about, whole)})

    progress.report(0, total=budget)
    found = findings.search(report, most_rows=MOST_ROWS, seconds=MOST_SECONDS)
    _look_for_holder(given["block_id"], found)
    return {"read": found.read, "about": found.about, "complete": found.complete}
