"""Small pieces of evidence and the revisions told from them, without a database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from agents_app.revisions.evidence import NOW, START, Call, Evidence, Place, Sight, Stretch, Subject
from agents_app.revisions.revision import Revision
from agents_app.revisions.telling import Telling
from agents_app.revisions.weaving import Weaver

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


def at(place: float) -> datetime:
    """A minute from place to place."""
    return BEGAN + timedelta(minutes=place)


def call(place: float, tool: str, /, **options: Any) -> Call:
    """A successful call on label "human" whose row stands just before its return at `place`."""
    fields = {
        "agent_id": "agent-a",
        "status": "success",
        "at": at(place),
        "run_id": f"run-{place}",
        "index": 0,
    }
    known = {name: options.pop(name) for name in list(options) if name in Call.__dataclass_fields__}
    arguments = known.pop("arguments", {"label": "human", **options})
    values = {"conversation_id": None, "call_place": place - 1, **fields, **known}
    return Call(message_id=f"message-{place}-{values['agent_id']}", call_id=None, place=place, tool=tool,
                arguments=arguments, **values)  # fmt: skip


def append(place: float, content: str, /, **options: Any) -> Call:
    return call(place, "core_memory_append", content=content, **options)


def sight(place: float, value: str, /, **options: Any) -> Sight:
    """A prompt sent just before `place`, compiled for the request unless `since` says otherwise."""
    fields = {"id": f"trace:{place}", "source": "trace", "since": place - 1.5, "at": at(place),
              "agent_id": "agent-a", "fresh": True}  # fmt: skip
    return Sight(value=value, place=place, **(fields | options))


def present(value: str, updated_at: datetime | None = None) -> Sight:
    return Sight("current:block-1:9", "current", value, NOW, NOW, at=updated_at)


def told(
    *pieces: Call | Sight,
    version: int | None = None,
    labels: Sequence[tuple[Place, str]] = ((START, "human"),),
    twins: frozenset[str] = frozenset(),
    suspects: Sequence[Call] = (),
    creation: Call | None = None,
    updated_at: datetime | None = None,
    history_entry_id: str | None = None,
) -> list[Revision]:
    """The revisions of a block that these pieces tell, oldest first."""
    block = Subject(
        "block-1",
        labels[-1][1],
        None,
        version,
        5000,
        "org-1",
        BEGAN,
        updated_at,
        history_entry_id=history_entry_id,
    )
    calls = [piece for piece in pieces if isinstance(piece, Call)]
    sights = [piece for piece in pieces if isinstance(piece, Sight)]
    evidence = Evidence(block, [], [], [], list(labels), creation, twins, len(calls))
    weaver = Weaver(evidence)
    weaver.feed(Stretch(calls, sights, list(suspects), last=True))
    weaver.finish()
    return list(Telling(evidence, weaver).revisions(everything=True))


def shape(revisions: Sequence[Revision]) -> list[tuple[str | None, str]]:
    """Value and grade of each."""
    return [(revision.value, revision.grade) for revision in revisions]
