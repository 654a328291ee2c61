"""Stored but not seen: blocks whose stored value differed from what a step's prompt showed of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from agents_app.letta import access
from agents_app.letta.columns import column
from agents_app.revisions.collect import Sources, gather, subject
from agents_app.revisions.collect.columns import of_messages
from agents_app.revisions.collect.rows import NEWEST
from agents_app.revisions.collect.subjects import held
from agents_app.revisions.collect.traces import shared, traces_of_steps
from agents_app.revisions.evidence import START, Place
from agents_app.revisions.history import stream
from agents_app.revisions.prompts import Memory
from agents_app.revisions.revision import Grade, Revision
from agents_app.revisions.telling import OTHER

MOST_STEPS: Final = 100
MOST_CALLS: Final = 320
CALLS_BEFORE: Final = 20
ROWS_AFTER: Final = 100

_PLACES = """
SELECT {step} AS step_id, {conversation} AS conversation_id,
       coalesce(min({place}) FILTER (WHERE {role} <> 'user'), min({place})) AS place
  FROM messages m
 WHERE m.agent_id = %(agent)s AND {step} = ANY(%(steps)s::text[])
 GROUP BY 1, 2
"""

_AFTER = """
SELECT max(w.place), count(*)
  FROM (SELECT {place} AS place FROM messages m
         WHERE m.agent_id = %(agent)s AND {place} > %(place)s
         ORDER BY {place} LIMIT %(rows)s) w
"""


@dataclass(frozen=True, slots=True)
class Unseen:
    """`shown` stood in the prompt while `stored` was the block's value; `revision_id` brought that.

    `grade` is how sure the stored value is: "replayed" and "conflict" may be wrong.
    """

    block_id: str
    label: str
    shown: str
    stored: str
    revision_id: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class _Sent:
    """A step's prompt and where the step stands."""

    step_id: str
    conversation_id: str | None
    place: Place
    memory: Memory


def unseen(agent_id: str, step_ids: Collection[str]) -> dict[str, list[Unseen]]:
    """By step, the blocks that the model was shown with another value than was stored just then.

    Steps without a trace, and blocks that the prompt did not show under their present label, are
    left out. At most `MOST_STEPS` steps; each block that a prompt shows is read from its newest
    calls before the page on, and further back while its value is not known, `MOST_CALLS` at most.
    """
    if not step_ids:
        return {}
    with shared():
        return _unseen(agent_id, sorted(step_ids)[:MOST_STEPS])


def _unseen(agent_id: str, step_ids: Sequence[str]) -> dict[str, list[Unseen]]:
    sent = _sent(agent_id, step_ids)
    if not sent:
        return {}
    before = _somewhat_later(agent_id, sent[-1].place)
    blocks = held(agent_id, {one.conversation_id for one in sent})
    pairs: dict[tuple[str, str], list[_Sent]] = {}
    for one in sent:
        for label, block_id in blocks[one.conversation_id].items():
            if label in one.memory.blocks:
                pairs.setdefault((block_id, label), []).append(one)
    found: dict[str, list[Unseen]] = {}
    for (block_id, label), members in sorted(pairs.items()):
        for step_id, missed in _of_block(block_id, label, members, before=before).items():
            found.setdefault(step_id, []).append(missed)
    return found


def _sent(agent_id: str, step_ids: Sequence[str]) -> list[_Sent]:
    """The last prompt of each step that has messages, oldest first."""
    sql = of_messages(
        _PLACES,
        step=column("messages", "step_id", alias="m"),
        conversation=column("messages", "conversation_id", alias="m"),
    )
    rows = access.rows(sql, {"agent": agent_id, "steps": list(step_ids)})
    places = {step: (conversation, place - 0.5) for step, conversation, place in rows}
    last = {trace.step_id: trace for trace in sorted(
        traces_of_steps(list(places)), key=lambda trace: str(trace.at))}  # fmt: skip
    found = [
        _Sent(step, *places[step], trace.memory) for step, trace in last.items() if step is not None
    ]
    return sorted(found, key=lambda one: one.place)


def _somewhat_later(agent_id: str, place: Place) -> int:
    """Up to where to read: what follows tells whether a prompt was old or the block set back."""
    asked = {"agent": agent_id, "place": int(place + 1), "rows": ROWS_AFTER}
    ((last, found),) = access.rows(of_messages(_AFTER), asked)
    return NEWEST if found < ROWS_AFTER else int(last)


def _of_block(
    block_id: str, label: str, sent: Sequence[_Sent], *, before: int
) -> dict[str, Unseen]:
    """Read once for all steps; again from further back where the first value is not known."""
    block = subject(block_id)
    if block is None:
        return {}
    calls = CALLS_BEFORE
    while True:
        sources = gather(block, most_calls=calls, before=before).from_call(
            calls, until=sent[0].place
        )
        known = _in_force(sources, [one.place for one in sent])
        if sources.floor == START or calls >= MOST_CALLS or None not in known.values():
            return _differing(block_id, label, sent, known)
        calls *= 4


def _in_force(sources: Sources, places: Sequence[Place]) -> dict[Place, Revision | None]:
    """The revision with a value in force at each place; None where it is not known."""
    found: dict[Place, Revision | None] = dict.fromkeys(places)
    for revision in stream(sources):
        if revision.id.endswith(OTHER):
            continue
        for place in places:
            if revision.place <= place:
                found[place] = revision if revision.value is not None else None
    return found


def _differing(
    block_id: str, label: str, sent: Sequence[_Sent], known: Mapping[Place, Revision | None]
) -> dict[str, Unseen]:
    found: dict[str, Unseen] = {}
    for one in sent:
        revision, shown = known[one.place], one.memory.blocks[label]
        stored = revision.value if revision else None
        if revision is None or stored is None:
            continue
        if shown.value != (stored.rstrip("\n") if shown.stripped else stored):
            found[one.step_id] = Unseen(
                block_id, label, shown.value, stored, revision.id, revision.grade
            )
    return found
