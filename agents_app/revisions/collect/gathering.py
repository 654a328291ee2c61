"""A block's evidence in stretches, oldest first, so that only a part of a long history is in memory."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from agents_app.revisions.collect import stored
from agents_app.revisions.collect.clock import Clock
from agents_app.revisions.collect.makers import creation, makers
from agents_app.revisions.collect.rows import NEWEST
from agents_app.revisions.collect.sights import Prompts, in_time
from agents_app.revisions.collect.subjects import Holder, copies, holders, neighbours, twins
from agents_app.revisions.collect.threads import Thread, thread
from agents_app.revisions.evidence import NOW, START, Call, Evidence, Place, Sight, Stretch, Subject
from agents_app.revisions.replay import TOOLS, apply, concerns, labels_made, renames

MOST_OF_NEIGHBOUR: Final = 2_000
CALLS_IN_STRETCH: Final = 200
CHARACTERS_IN_STRETCH: Final = 2_000_000
COMPILED_WITHIN: Final = 10  # seconds that a prompt may be older than the row that keeps it
CHECKED_WITHIN: Final = 1  # seconds between a write and its checkpoint
LONGEST_RUN: Final = timedelta(hours=1)
COMPILED_BEFORE: Final = 30  # seconds that a return may be younger than the prompt its write made


@dataclass(slots=True)
class Sources:
    """Where the evidence of a block lies, and what is known of it as a whole.

    `few` is small evidence that is kept: checkpoints, system messages, strays, the present row;
    `kept` are calls in responses that runs and jobs keep, whose rows are gone.
    Below `floor` nothing is read: then the first value is not the block's creation. Nor is anything
    from `ceiling` on, so that the last value need not be the present one.
    """

    block: Subject
    threads: list[Thread]
    labels: list[tuple[Place, str]]
    clock: Clock
    creation: Call | None = None
    twins: frozenset[str] = frozenset()
    successes: int = 0
    floor: Place = START
    ceiling: Place = NOW
    few: list[Sight] = field(default_factory=list)
    kept: list[Call] = field(default_factory=list)

    def evidence(self) -> Evidence:
        """Without any call or sight yet."""
        whole = self.floor == START and self.ceiling == NOW
        return Evidence(
            self.block if whole else replace(self.block, version=None), [], [], [], self.labels,
            self.creation if self.floor == START else None, self.twins, self.successes,
            self.checkpoints, self.floor,
        )  # fmt: skip

    @property
    def checkpoints(self) -> int:
        """Each was a write of the block's row, too: it points at its checkpoint then."""
        return sum(1 for one in self.few if one.source == "block_history")

    def from_call(self, count: int, *, until: Place = NOW) -> "Sources":
        """Beginning with the `count`-th row with calls before `until`; the same when there are not so many."""
        places = sorted(
            one.place for found in self.threads for one in found.places if one.place < until
        )
        begins = max((found.begins for found in self.threads), default=START)
        return replace(self, floor=max(places[-count] if len(places) > count else START, begins))

    def until(self, ceiling: Place) -> "Sources":
        """Without what a clock can place only after the last row that was read."""
        last = self.clock.moments[-1] if self.clock.moments else None
        few = [one for one in self.few
               if last is not None and isinstance(one.at, datetime) and one.at <= last]  # fmt: skip
        return replace(self, ceiling=ceiling, few=few)

    def tell_more_than(self, other: "Sources") -> bool:
        return len(self.few) > len(other.few) or len(self.kept) > len(other.kept)

    def begins(self) -> datetime | None:
        """Before the runs began whose calls are read; None where all are read."""
        known = [at for at, place in self.clock.known if place >= self.floor]
        return min(known) - LONGEST_RUN if known and self.floor != START else None

    def span(self) -> tuple[Place, Place]:
        """The places of the first and the last row with a call, to tell how far a stream has come."""
        places = [one.place for found in self.threads for one in found.places]
        return (min(places), max(places)) if places else (START, NOW)

    def stretches(self) -> Iterator[Stretch]:
        """Oldest first; the larger the value, the shorter."""
        calls = min(
            max(CHARACTERS_IN_STRETCH // (len(self.block.value or "") + 1), 20), CALLS_IN_STRETCH
        )
        label_at = self.evidence().label_at
        for found in self.threads:
            found.reading = Prompts(found.holder, label_at, self.clock)
        places = sorted(
            one.place
            for found in self.threads
            for one in found.places
            if self.floor <= one.place < self.ceiling
        )
        bounds: list[Place] = [self.floor, *places[calls::calls], self.ceiling]
        for first, before in itertools.pairwise(bounds):
            yield self._stretch(first, before, last=before == self.ceiling)

    def _stretch(self, first: Place, before: Place, *, last: bool) -> Stretch:
        found = Stretch([], [], [], last=last)
        evidence = self.evidence()
        for source in self.threads:
            calls = [
                call
                for call in source.calls(first, before)
                if not before_block(call.at, self.block)
            ]
            found.calls += [call for call in calls if is_about(call, evidence)]
            found.suspects += [call for call in calls if call.tool not in TOOLS]
            seen = source.sights(first, before, calls)
            found.sights += [sight for sight in seen
                             if sight.place >= self.floor and not before_block(sight.at, self.block)]  # fmt: skip
        kept = [call for call in self.kept if first <= call.place < before]
        found.calls += [call for call in kept if is_about(call, evidence)]
        found.sights += [
            sight
            for sight in self.few
            if first <= sight.place < before or (sight.place == before == NOW)
        ]
        return found


def gather(block: Subject, *, most_calls: int | None = None, before: int = NEWEST) -> Sources:
    """The sources that indexes reach; with `most_calls` only the newest of each agent before a place."""
    candidates = makers(block)
    if never_written(block):
        made = creation(block, candidates, label=block.label)
        return Sources(
            block, [], [(START, block.label)], Clock([]), made, few=list(stored.current(block))
        )
    holding = holders(block)
    if holding or block.conversation_id is not None:
        threads = [
            thread(one, block.label, most_calls=most_calls, before=before) for one in holding
        ]
        found = of_threads(block, threads, candidates)
        return found if before == NEWEST else found.until(before)
    for call in candidates:
        if call.status == "success":
            found = of_holders(block, [former(call.agent_id, block)], candidates)
            if found.creation is call:
                return found
    return of_holders(block, [], candidates)


def of_neighbours(block: Subject, *, until: float) -> Iterator[Sources]:
    """For a block that nobody holds: the sources of each agent whose calls name its label.

    Whether the agent really held this block is for its values to say. Stops at the monotonic time
    `until`.
    """
    for agent_id in neighbours(block):
        if time.monotonic() > until:
            return
        found = thread(former(agent_id, block), block.label, most_calls=MOST_OF_NEIGHBOUR)
        if any(one.mentions for one in found.places):
            yield of_threads(block, [found], [])


def never_written(block: Subject) -> bool:
    """Whether the row is as it was inserted: both stamps come from the same clock (0.6.49+)."""
    return (
        block.version == 1 and block.created_at is not None and block.updated_at == block.created_at
    )


def former(agent_id: str, block: Subject) -> Holder:
    """An agent that held the block for a while at least."""
    return Holder(agent_id, without=copies(agent_id, block.label), proven=False)


def of_vanished(agent_id: str, label: str) -> Sources:
    """What an agent's calls, returns and prompts still prove of blocks of a label it holds no more."""
    block = Subject(None, label, None, None, None, None, None, None)
    found = thread(former(agent_id, block), label)
    made = [
        call for call in found.calls(START, NOW) if label in labels_made(call.tool, call.arguments)
    ]
    return of_threads(block, [found], made)


def of_holders(block: Subject, holding: Sequence[Holder], candidates: Sequence[Call]) -> Sources:
    return of_threads(block, [thread(holder, block.label) for holder in holding], candidates)


def of_threads(block: Subject, threads: list[Thread], candidates: Sequence[Call]) -> Sources:
    """The sources in the messages and traces of these agents."""
    changes = [
        call for one in threads for call in one.renames() if not before_block(call.at, block)
    ]
    known = labels(block, changes)
    marks = [mark for one in threads for mark in one.marks()]
    agents = [one.holder.agent_id for one in threads]
    found = Sources(
        block, threads, known, Clock([(mark.at, mark.place) for mark in marks], agents=agents)
    )
    failed = {mark.asked for mark in marks if mark.failed or before_block(mark.at, block)}
    found.successes = sum(
        1 for one in threads for call in one.places if call.mentions and call.place not in failed
    )
    found.creation = creation(block, candidates, label=known[0][1])
    found.few = [*_checkpointed(block, found.clock), *_of_rows(found), *stored.current(block)]
    if block.conversation_id is not None:
        found.twins = frozenset().union(
            *(twins(one.holder.agent_id, block.label) for one in threads)
        )
    return found


def labels(block: Subject, found: Iterable[Call]) -> list[tuple[Place, str]]:
    """The block's labels, by the renames that lead to the present one."""
    label, known = block.label, []
    for call in sorted(found, key=lambda call: call.place, reverse=True):
        if call.status == "success" and (was := _renamed_from(call, label)):
            known.append((call.place, label))
            label = was
    return [(START, label), *reversed(known)]


def _renamed_from(call: Call, label: str) -> str | None:
    pairs = renames(call.tool, call.arguments)
    return next((old for old, new in pairs if new == label and old != label), None)


def is_about(call: Call, evidence: Evidence) -> bool:
    """Whether the call edits the block (making it is told apart)."""
    label = evidence.label_at(call.place)
    if call.tool not in TOOLS or not concerns(call.tool, call.arguments, label):
        return False
    return not apply(call.tool, call.arguments, "", label=label).created


def before_block(moment: object, block: Subject) -> bool:
    """Whether something happened before the block existed."""
    try:
        return bool(moment < block.created_at)  # type: ignore[operator]
    except TypeError:
        return False


def _of_rows(sources: Sources) -> Iterator[Sight]:
    label_at: Callable[[Place], str] = sources.evidence().label_at
    for found in sources.threads:
        stamps = stored.system_stamps(found.prompts)
        sources.clock.prepare(stamps, -COMPILED_WITHIN, 0, COMPILED_BEFORE)
        for row in stored.system_rows(found.prompts):
            compiled = row["updated_at"] or row["created_at"]
            since = sources.clock.place(compiled, seconds=-COMPILED_WITHIN)
            place = sources.clock.place(compiled, seconds=COMPILED_BEFORE)
            sight = stored.system_sight(row, label_at(place), since=since, place=place)
            if (
                sight
                and found.holder.sees(row["conversation_id"])
                and not before_block(sight.at, sources.block)
            ):
                yield sight


def _checkpointed(block: Subject, clock: Clock) -> list[Sight]:
    """Checkpoints hold the value after the edits before them."""
    rows = stored.checkpoints(block)
    clock.prepare([row["created_at"] for row in rows], 0, CHECKED_WITHIN)
    return in_time([
        Sight(
            f"history:{row['id']}", "block_history", row["value"], clock.place(row["created_at"]),
            clock.place(row["created_at"], seconds=CHECKED_WITHIN), at=row["created_at"], actor=row["actor"],
        )
        for row in rows
    ])  # fmt: skip
