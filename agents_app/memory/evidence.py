"""Histories of blocks for evidence bundles, also of blocks that are gone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from agents_app.accounts.roles import Right
from agents_app.evidence.sources import Asked, Chapter, Coverage, Portion, Source, Subject
from agents_app.memory.narrowing import Narrowed
from agents_app.memory.reading import Told, told_of_vanished, told_whole
from agents_app.memory.telling import SOURCES, as_json, sentence
from agents_app.revisions import evidence as stored
from agents_app.revisions.cache.building import build
from agents_app.revisions.cache.skeleton import load
from agents_app.revisions.causes import with_causes
from agents_app.revisions.collect import gather
from agents_app.revisions.collect import subject as block_of
from agents_app.revisions.grades import GRADES
from agents_app.revisions.revision import Revision
from agents_app.text.marks import name_label

AT_ONCE: Final = 20
CHARACTERS: Final = 2_000_000
MORE: Final = (
    "return_message_id",
    "conversation_id",
    "after",
    "lost",
    "suspected",
    "undone",
    "note",
)
GAPS: Final = (
    "Revisions without a value, as something wrote there and nothing stored says what: {}."
)
CONFLICTS: Final = (
    "Revisions in conflict, of which each side is listed, as two pieces of evidence disagree: {}."
)
OUTSIDE: Final = (
    "Revisions left out as they lie outside of the range of time that was asked for: {}."
)
REACH: Final = {
    "index": "Evidence was looked for where an index leads; stored prompts that none reaches were not searched.",
    "part": "Of the stored prompts that no index reaches a part was searched.",
}  # fmt: skip


def subject(asked: Asked) -> Subject | None:
    """The block's row; of a block that is gone what was asked for."""
    block = block_of(asked.id)
    if block is not None:
        return Subject(
            asked.id,
            f"Memory block {name_label(block.label)}",
            block.organization_id,
            None,
            _facts(block),
        )
    found = _vanished(asked)
    if found is None:
        return None
    title = f"Memory block {name_label(asked.label)}, which is gone"
    facts = {**_facts(found.block), "is_gone": True, "held_by": asked.agent}
    return Subject(asked.id, title, found.block.organization_id, asked.agent, facts)


def _vanished(asked: Asked) -> Told | None:
    return told_of_vanished(asked.agent, asked.label) if asked.agent and asked.label else None


def _facts(block: stored.Subject) -> dict[str, Any]:
    names = ("id", "label", "version", "limit", "organization_id", "created_at", "updated_at",
             "created_by", "updated_by", "conversation_id")  # fmt: skip
    return {name: getattr(block, name) for name in names} | {"characters": len(block.value or "")}


def expected(asked: Asked) -> list[tuple[str, Any]]:
    """What the version counter says, and the length of the present value."""
    block = block_of(asked.id)
    if block is None:
        found = _vanished(asked)
        return [("Revisions", len(found.revisions) if found else 0)]
    writes = "unknown" if block.version is None else block.version - 1
    told = [("Writes by the version counter", writes), ("Characters now", len(block.value or ""))]
    return [*told, ("Made", block.created_at), ("Last written", block.updated_at)]


def chapters(asked: Asked, coverage: Coverage) -> Iterator[Chapter]:
    """One chapter: the revisions."""
    block = block_of(asked.id)
    found = told_whole(block) if block else _vanished(asked)
    if block is None and found is None:
        return
    label = block.label if block else asked.label
    read = _told(found) if found else _built(block)  # type: ignore[arg-type]
    portions = _portions(read, asked, coverage=coverage)
    title = f"History of {name_label(label)}"
    if block is not None:
        portions = _with_sentence(portions, block, found, coverage=coverage)
    yield Chapter("history", title, "block", "memory/evidence.html", portions, time="at")


def _with_sentence(
    portions: Iterator[Portion], block: stored.Subject, found: Told | None, *, coverage: Coverage
) -> Iterator[Portion]:
    """When all is read, how complete the history is."""
    yield from portions
    kept = found or load(block)
    if kept is None or kept.completeness is None:
        return
    counted = kept.completeness
    told = f"{name_label(block.label)} ({block.id}): {sentence(counted)}"
    if counted.gaps or counted.writes is None:
        told = f"{told} {REACH.get(kept.searched, '')}".strip()
    coverage.note(told)


def _told(found: Told) -> Iterator[Revision]:
    for number, value in found.values():
        yield replace(found.revisions[number], value=value)


def _built(block: stored.Subject) -> Iterator[Revision]:
    """A history that is too long for one page is rebuilt while it is sent."""
    return (one for _, one in build(gather(block)))


def _portions(read: Iterator[Revision], asked: Asked, *, coverage: Coverage) -> Iterator[Portion]:
    narrowed, held = Narrowed(since=asked.since, until=asked.until), list[Revision]()
    for one in read:
        if not narrowed.keeps((one, None)):
            coverage.note(OUTSIDE)
            continue
        held.append(one)
        if len(held) >= AT_ONCE or sum(len(each.value or "") for each in held) >= CHARACTERS:
            yield _portion(held, asked.id, coverage=coverage)
            held = []
    if held:
        yield _portion(held, asked.id, coverage=coverage)


def _portion(found: list[Revision], block_id: str, *, coverage: Coverage) -> Portion:
    coverage.note(GAPS, count=sum(one.value is None for one in found))
    coverage.note(CONFLICTS, count=sum(one.grade == "conflict" for one in found))
    return Portion([_entry(one) for one in with_causes(found)], [block_id])


def _entry(one: Revision) -> dict[str, Any]:
    return {
        **as_json(one),
        **{name: getattr(one, name) for name in MORE},
        "is_creation": one.id.startswith("created:"),
        "grade_means": GRADES[one.grade][1],
        "source_means": SOURCES[one.source],
    }


BLOCK = Source(
    "block history",
    "block_id",
    frozenset({Right.MEMORY}),
    subject,
    expected,
    chapters,
    options=frozenset(),
    is_own=True,
)
