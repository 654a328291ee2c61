"""The history of a block: its revisions, newest first, and any two of them compared."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.roles import Right, requires
from agents_app.letta.links import agent_names
from agents_app.memory.narrowing import HistoryForm, Pair, ViewForm, kept
from agents_app.memory.reading import Told, told, told_of_vanished
from agents_app.memory.telling import (
    as_json,
    counts_json,
    entries,
    sentence,
    with_predecessors,
)
from agents_app.revisions.causes import with_causes
from agents_app.revisions.grades import GRADES
from agents_app.revisions.revision import Revision
from agents_app.text.diff import Diff, Stretch, compare
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.jsonout import json_response
from agents_app.ui.paging import Cursor, Key, Page, make_page, read_cursor

CHOSEN = {"from", "to", "after", "before", "format"}


@require_safe
@requires(Right.CONTENT)
def history(request: Request, block_id: str) -> HttpResponse:
    """What the block said, when, by whom and why."""
    asked, form, cursor = (
        ViewForm(request.GET).asked(),
        HistoryForm(request.GET),
        read_cursor(request),
    )
    found = read_history(block_id, asked)
    narrowed = form.narrowed()
    pairs = list(kept(with_predecessors(found.revisions), narrowed))
    record(
        request, "memory.history", kind="block", ids=[block_id], count=max(len(pairs), 1),
        organization_id=found.block.organization_id,
    )  # fmt: skip
    if wants(request, "json"):
        return _as_json(request, found, pairs, cursor)
    form.offer(found.revisions, agent_names(one.agent_id for one in found.revisions))
    page = _page(request, cursor, pairs[::-1])
    shown = dict(zip((one.id for one, _ in page), _with_causes(page), strict=True))
    context = {
        "block_id": block_id,
        "told": found,
        "memory_block": found.block,
        "sentence": sentence(found.completeness),
        "grades": [(name, *words) for name, words in GRADES.items()],
        "form": form,
        "narrowed": bool(narrowed),
        "page": page,
        "entries": entries((shown[one.id], before) for one, before in page),
        "asked": asked,
        "kept_fields": [(name, text) for name, text in request.GET.items() if name not in CHOSEN],
        "gone": found.block.id is None,
        "gone_query": gone_query(found, asked),
        **comparison(found, asked),
    }
    return render_page(request, "memory/history.html", context, fragments=["results"])


def read_history(block_id: str, asked: dict[str, Any]) -> Told:
    """The block's history, or for one that is gone what its agent and label still lead to."""
    found = told(block_id, calls=asked["calls"] or 0)
    if found is None and asked["agent"] and asked["label"]:
        found = told_of_vanished(asked["agent"], asked["label"])
    if found is None:
        raise Http404
    return found


def comparison(found: Told, asked: dict[str, Any]) -> dict[str, Any]:
    """The two revisions asked for and their difference; else the newest with a value and the one before it."""
    values = [n for n, one in enumerate(found.revisions) if one.value is not None]
    to = _place(found, asked["to"], values[-1] if values else None)
    earlier = [n for n in values if to is not None and n < to]
    start = _place(found, asked["from"], earlier[-1] if earlier else None)
    old, new = _at(found, start), _at(found, to)
    diff = _diff(old, new)
    wrong = [name for name in ("from", "to") if asked[name] and found.index(asked[name]) is None]
    return {
        "old": old,
        "new": new,
        "wrong": wrong,
        "diff": diff,
        "stretches": stretches(diff, unfolded=asked["unchanged"] == "all"),
        "previous": _at(found, to - 1) if to else None,
        "following": _at(found, to + 1)
        if to is not None and to + 1 < len(found.revisions)
        else None,
    }


def _place(found: Told, revision_id: str | None, default: int | None) -> int | None:
    place = found.index(revision_id) if revision_id else None
    return default if place is None else place


def _at(found: Told, place: int | None) -> Revision | None:
    return None if place is None else found.revisions[place]


def _diff(old: Revision | None, new: Revision | None) -> Diff | None:
    if new is None or new.value is None or (old is not None and old.value is None):
        return None
    return compare(old.value if old else "", new.value)


def stretches(diff: Diff | None, *, unfolded: bool = False) -> list[Stretch]:
    """The rows to show; all of them in one when nothing is to be folded."""
    if diff is None:
        return []
    return [Stretch(diff.rows)] if unfolded else diff.stretches()


def gone_query(found: Told, asked: dict[str, Any]) -> str:
    """What has to travel along for a block whose row is gone."""
    if found.block.id is not None:
        return ""
    return "?" + urlencode({"agent": asked["agent"], "label": asked["label"]})


def _page(request: Request, cursor: Cursor, pairs: Sequence[Pair]) -> Page[Pair]:
    """A page of revisions in their given order."""
    rows = list(pairs)
    if cursor.key is not None:
        place = _found(cursor.key, rows)
        rows = rows[:place][::-1] if cursor.backwards else rows[place + 1 :]
    places = {pair[0].id: n for n, pair in enumerate(pairs)}
    return make_page(
        request,
        cursor,
        rows[: cursor.limit + 1],
        key=lambda pair: (pair[0].id, str(places[pair[0].id])),
    )


def _found(key: Key, rows: Sequence[Pair]) -> int:
    """Where the revision of a cursor stands now; a later one may have been written since."""
    place = next((n for n, pair in enumerate(rows) if pair[0].id == key[0]), None)
    if place is None:
        raise BadRequest("This history has changed. Open it again from its start.")
    return place


def _with_causes(page: Page[Pair]) -> list[Revision]:
    return with_causes([one for one, _ in page])


def _as_json(request: Request, found: Told, pairs: Sequence[Pair], cursor: Cursor) -> HttpResponse:
    page = _page(request, cursor, pairs)
    results = [as_json(one) for one in _with_causes(page)]
    return json_response(
        {
            "results": results,
            "next": page.next_url,
            **counts_json(found),
            "complete": found.whole,
            "searched": found.searched,
        }
    )
