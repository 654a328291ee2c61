"""Blame: each line of a block's value with the revision that brought it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.memory.blame import Blame, Line
from agents_app.memory.narrowing import ViewForm, block_or_its_agent
from agents_app.memory.reading import Told
from agents_app.memory.telling import Entry, counts_json, entries
from agents_app.memory.views.history import (
    GONE,
    anew_when_outdated,
    gone,
    gone_query,
    read_history,
)
from agents_app.memory.views.working import work_context
from agents_app.revisions.causes import with_causes
from agents_app.revisions.revision import Revision
from agents_app.ui.http import Request, render_page

MOST_LINES = 5_000


@dataclass(frozen=True)
class Group:
    """Lines in a row that the same revision brought."""

    entry: Entry
    lines: Sequence[Line]

    @property
    def before(self) -> Revision | None:
        """The revision in which these lines were not yet there."""
        return next((line.origin.before for line in self.lines if line.origin.before), None)


@require_safe
@requires(Right.MEMORY, about=block_or_its_agent)
@anew_when_outdated
def blame(request: Request, block_id: str) -> HttpResponse:
    """Who brought each line, when, and what led to it."""
    asked = ViewForm(request.GET).asked()
    told = read_history(block_id, asked)
    if told is None:
        return gone(request, block_id)
    found = _blamed(told, asked)
    lines = found.lines()
    record(
        request, "memory.blame", kind="block", ids=[block_id],
        organization_id=told.block.organization_id,
        about=dict.fromkeys([asked["agent"], *(one.agent_id for one in told.revisions)]),
    )  # fmt: skip
    brought = _brought(lines[:MOST_LINES])
    context = {
        "block_id": block_id,
        "memory_block": told.block,
        "told": told,
        "asked": asked,
        "revision": found.revision,
        "is_newest": _is_newest(told, found),
        "groups": _groups(lines[:MOST_LINES], brought),
        "left_out": max(len(lines) - MOST_LINES, 0),
        "oldest": told.revisions[0].id if told.revisions and not told.whole else "",
        "gone": told.block.id is None,
        "has_id": block_id != GONE,
        "gone_query": gone_query(told, asked),
        **work_context(request, told),
    }
    return render_page(
        request, "memory/blame.html", context, data=lambda: _as_json(told, found, lines, brought)
    )


def _blamed(told: Told, asked: dict[str, Any]) -> Blame:
    wanted = asked["revision"]
    if wanted and told.index(wanted) is None:
        raise Http404
    return told.blame(until=wanted, ignore_rewrites=asked["rewrites"] == "ignored")


def _is_newest(told: Told, found: Blame) -> bool:
    known = next((one.id for one in reversed(told.revisions) if one.known), None)
    return told.part is None and found.revision is not None and known == found.revision.id


def _brought(lines: Sequence[Line]) -> dict[str, Entry]:
    """The revisions that brought these lines, with what led to them."""
    found = {line.origin.revision.id: line.origin.revision for line in lines}
    pairs: list[tuple[Revision, Revision | None]] = [
        (one, None) for one in with_causes(list(found.values()))
    ]
    return {entry.revision.id: entry for entry in entries(pairs)}


def _groups(lines: Sequence[Line], brought: dict[str, Entry]) -> list[Group]:
    return [
        Group(brought[revision_id], list(members))
        for revision_id, members in groupby(lines, key=lambda line: line.origin.revision.id)
    ]


def _as_json(
    told: Told, found: Blame, lines: Sequence[Line], brought: dict[str, Entry]
) -> dict[str, Any]:
    return {
        "revision": found.revision and found.revision.id,
        "lines": [_line_json(line, brought) for line in lines[:MOST_LINES]],
        "more_lines": max(len(lines) - MOST_LINES, 0),
        **counts_json(told),
        "complete": told.whole,
    }


def _line_json(line: Line, brought: dict[str, Entry]) -> dict[str, Any]:
    origin, one = line.origin, brought[line.origin.revision.id].revision
    names = (
        "at",
        "grade",
        "tool",
        "message_id",
        "step_id",
        "run_id",
        "agent_id",
        "actor",
        "cause_message_id",
    )
    return {
        "number": line.number,
        "text": line.text,
        "revision": one.id,
        **{name: getattr(one, name) for name in names},
        "before": origin.before and origin.before.id,
        "returned": origin.returned and origin.returned.id,
    }
