"""The history of a block: its revisions, and how complete they are."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agents_app.letta import catalogue
from agents_app.revisions.collect import (
    Search,
    Searched,
    Sources,
    gather,
    of_neighbours,
    of_vanished,
    subject,
    with_strays,
)  # fmt: skip
from agents_app.revisions.collect.rows import NEWEST
from agents_app.revisions.evidence import START, Place, Subject
from agents_app.revisions.replay import WHOLE
from agents_app.revisions.revision import Completeness, Revision
from agents_app.revisions.telling import OTHER, Telling
from agents_app.revisions.weaving import Weaver

TELLING_LENGTH: Final = 12
SEARCH_SECONDS: Final = 3.0
FEW_TRACES: Final = 50_000
MARGIN_CALLS: Final = (
    12  # read before the newest ones, so that these do not depend on what is not read
)


@dataclass(frozen=True, slots=True)
class BlockHistory:
    """`revisions` are oldest first; the first is the creation.

    `searched` says where evidence was looked for: by index only, or also in part or all of what no
    index reaches (traces of deleted agents and reset messages).
    """

    block: Subject
    revisions: tuple[Revision, ...]
    completeness: Completeness
    searched: Searched = "index"

    def revision(self, revision_id: str) -> Revision | None:
        return next((found for found in self.revisions if found.id == revision_id), None)


def stream(sources: Sources) -> Iterator[Revision]:
    """Revisions oldest first; of a long history only a part is in memory at any time."""
    evidence = sources.evidence()
    weaver = Weaver(evidence)
    telling = Telling(evidence, weaver)
    for stretch in sources.stretches():
        weaver.feed(stretch)
        if stretch.last:
            weaver.finish()
        yield from telling.revisions(everything=stretch.last)


def history(block_id: str, *, search_seconds: float | None = None) -> BlockHistory | None:
    """The whole history of a block that exists; None for one that does not.

    `search_seconds` allows a search through what no index reaches, for a job in the background. It
    is left out when the version counter says that every write is explained. All values are kept:
    for a block whose history is large, read `stream` instead.
    """
    block = subject(block_id)
    if block is None:
        return None
    sources = gather(block)
    found = _told(sources)
    if _is_explained(found):
        return found if names_calls(found.revisions) else _searched(sources, found, 0.0)
    return _searched(sources, found, search_seconds or 0.0)


def _searched(sources: Sources, found: BlockHistory, seconds: float) -> BlockHistory:
    """The same with what no index reaches, and with runs whose messages are gone."""
    if not sources.threads and seconds:
        sources, found = _of_former_holder(sources, found, seconds)
    search = Search(seconds)
    strays = list(search.strays()) if seconds else []
    telling = telling_values(found.revisions, held=bool(sources.threads))
    more = with_strays(sources, strays, telling=telling)
    told = found if not more.tell_more_than(sources) else _told(more)
    return replace(told, searched=search.reach)


def of_former_holder(sources: Sources, seconds: float) -> Sources:
    """For a block that nobody holds: the same with the agent that once held it, if one is found in time."""
    return sources if sources.threads else _of_former_holder(sources, _told(sources), seconds)[0]


def _of_former_holder(
    sources: Sources, found: BlockHistory, seconds: float
) -> tuple[Sources, BlockHistory]:
    """With the calls of an agent whose story, told without the row, ends in the row's value."""
    if len(sources.block.value or "") < TELLING_LENGTH:
        return sources, found
    for candidate in of_neighbours(sources.block, until=time.monotonic() + seconds):
        told = _told(candidate)
        last = told.revisions[-1]
        if len(told.revisions) > 1 and (last.grade == "verified" or last.source == "return"):
            return candidate, told
    return sources, found


def default_search_seconds() -> float | None:
    """How long a page may search at once: not at all where the table of traces is large."""
    rows = catalogue.current().rows.get("provider_traces")
    return SEARCH_SECONDS if rows is None or rows <= FEW_TRACES else None


@dataclass(frozen=True, slots=True)
class Newest:
    """The latest revisions, oldest first; `whole` says that there are no earlier ones.

    Else `floor` is the place before which all earlier ones lie.
    """

    block: Subject
    revisions: tuple[Revision, ...]
    whole: bool
    floor: Place = START


def newest(block_id: str, *, calls: int = 40, before: int = NEWEST) -> Newest | None:
    """What the last so many rows with calls tell, quickly; grades may still rise with what lies before.

    `before` is a place: the last rows before it.
    """
    block = subject(block_id)
    if block is None:
        return None
    while True:
        sources = gather(block, most_calls=calls + MARGIN_CALLS, before=before)
        part = sources.from_call(calls + MARGIN_CALLS, until=before)
        found, whole = _with_runs(part, tuple(stream(part))), part.floor == START
        begins = sources.from_call(calls, until=before).floor
        shared = found if whole else anchored(found, begins=begins)
        if shared:
            return Newest(block, shared, whole, START if whole else _after(found[-len(shared) - 1]))
        calls *= 4


def _after(one: Revision) -> Place:
    """Just after the row with its call, or after what shows it."""
    return int(one.place if one.call_place is None else one.call_place) + 1


def vanished(agent_id: str, label: str) -> BlockHistory | None:
    """The history of a block that was deleted or detached, as far as the agent's own rows prove it."""
    found = _told(with_strays(of_vanished(agent_id, label), [], telling=frozenset()))
    told = (one.value is not None or one.message_id is not None for one in found.revisions)
    return found if any(told) else None


def _with_runs(sources: Sources, found: tuple[Revision, ...]) -> tuple[Revision, ...]:
    """The same with what runs tell whose messages are gone."""
    if sources.floor == START and _is_explained(
        BlockHistory(sources.block, found, completeness(sources, found))
    ):
        return found
    more = with_strays(sources, [], telling=frozenset(), since=sources.begins())
    return found if not more.tell_more_than(sources) else tuple(stream(more))


def anchored(found: tuple[Revision, ...], *, begins: Place) -> tuple[Revision, ...]:
    """From a place on, what follows the first value that is certain whatever came before it."""
    for index, one in enumerate(found):
        whole = one.tool in WHOLE and one.source == "call"
        if one.value is not None and (whole or (index and one.grade in ("observed", "verified"))):
            return tuple(after for after in found[index + 1 :] if after.place >= begins)
    return ()


def telling_values(found: tuple[Revision, ...], *, held: bool) -> frozenset[int]:
    """Hashes of values by which a prompt gives its block away.

    Not the first one, which many blocks begin with, unless nobody holds the block and only its
    present value is known.
    """
    first = found[0].value if held and found else None
    values = {one.value for one in found if one.value and len(one.value) >= TELLING_LENGTH}
    return frozenset(hash(value) for value in values - {first})


def completeness(sources: Sources, found: tuple[Revision, ...]) -> Completeness:
    told = [one for one in found[1:] if one.value is not None and not one.id.endswith(OTHER)]
    return counted(sources, told=len(told), unknown=sum(1 for one in found if one.value is None))


def counted(sources: Sources, *, told: int, unknown: int) -> Completeness:
    """From how many later revisions with a value and how many without one there are."""
    explained = told + len(sources.labels) - 1 + sources.checkpoints
    version = sources.block.version
    if version is None:
        return Completeness(None, explained, unknown)
    return Completeness(version - 1, min(explained, version - 1), max(version - 1 - explained, 0))


def _told(sources: Sources) -> BlockHistory:
    found = tuple(stream(sources))
    return BlockHistory(sources.block, found, completeness(sources, found))


def names_calls(found: Sequence[Revision]) -> bool:
    """Whether every change has its call; calls without rows may be kept in results of runs."""
    return all(one.message_id is not None for one in found[1:])


def _is_explained(found: BlockHistory) -> bool:
    sure = all(one.value is not None and one.grade != "conflict" for one in found.revisions)
    return sure and not found.completeness.gaps and found.completeness.writes is not None
