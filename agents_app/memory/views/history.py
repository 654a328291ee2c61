"""The history of a block: its revisions, newest first, and any two of them compared."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.letta.links import agent_names
from agents_app.memory.narrowing import HistoryForm, ViewForm, block_or_its_agent, kept
from agents_app.memory.pages import answer_json, make_revision_page, record_reading
from agents_app.memory.reading import Told, told, told_of_vanished
from agents_app.memory.telling import entries, sentence
from agents_app.memory.views.working import work_context
from agents_app.revisions.cache.skeleton import Outdated, forget
from agents_app.revisions.causes import with_causes
from agents_app.revisions.grades import GRADES
from agents_app.revisions.revision import Revision
from agents_app.text.diff import Diff, Stretch, compare_shown
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.paging import read_cursor

GONE = "gone"  # stands for the id of a block of which only the label is known
SEARCH_S = 1.5  # a page looks for a text no longer than that
CHOSEN = {"from", "to", "after", "before", "format"}
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def anew_when_outdated(view: View) -> View:
    """Asks the view once more where a kept history turned out to be outdated; it is forgotten by then."""

    @wraps(view)
    def answered(request: Request, block_id: str, *arguments: Any) -> HttpResponseBase:
        try:
            return view(request, block_id, *arguments)
        except Outdated:
            forget(block_id)
            return view(request, block_id, *arguments)

    return answered  # type: ignore[return-value]


@require_safe
@requires(Right.MEMORY, about=block_or_its_agent)
@anew_when_outdated
def history(request: Request, block_id: str) -> HttpResponseBase:
    """What the block said, when, by whom and why."""
    asked, form = ViewForm(request.GET).asked(), HistoryForm(request.GET)
    if wants(request, "json"):
        return answer_json(request, block_id, asked, form.narrowed())
    found = read_history(block_id, asked)
    if found is None:
        return gone(request, block_id)
    cursor, narrowed = read_cursor(request), form.narrowed()
    met = kept(found, narrowed, seconds=SEARCH_S)
    pairs = met.pairs
    record_reading(
        request, block_id, found.block, len(pairs),
        about=[asked["agent"], *(one.agent_id for one in found.revisions)], terms=narrowed.q,
    )  # fmt: skip
    form.offer(found.revisions, agent_names(one.agent_id for one in found.revisions))
    page = make_revision_page(request, cursor, pairs[::-1])
    shown = dict(
        zip((one.id for one, _ in page), with_causes([one for one, _ in page]), strict=True)
    )
    context = {
        "block_id": block_id,
        "told": found,
        "memory_block": found.block,
        "sentence": sentence(found.completeness),
        "grades": [(name, *words) for name, words in GRADES.items()],
        "form": form,
        "narrowed": bool(narrowed),
        "page": page,
        "unsearched": met.unsearched,
        "searched_to": found.revisions[met.unsearched] if met.unsearched else None,
        "entries": entries((shown[one.id], before) for one, before in page),
        "asked": asked,
        "kept_fields": [(name, text) for name, text in request.GET.items() if name not in CHOSEN],
        "gone": found.block.id is None,
        "has_id": block_id != GONE,
        "gone_query": gone_query(found, asked),
        **work_context(request, found),
        **comparison(found, asked),
    }
    return render_page(request, "memory/history.html", context, fragments=["results"])


def read_history(block_id: str, asked: dict[str, Any]) -> Told | None:
    """The block's history, or for one that is gone what its agent and label still lead to."""
    found = told(block_id, part=asked["part"])
    if found is None and asked["agent"] and asked["label"]:
        return told_of_vanished(asked["agent"], asked["label"])
    return found


def gone(request: Request, block_id: str) -> HttpResponse:
    """There is no such block: nothing but its agent and its label lead to what is left of it."""
    form = ViewForm(request.GET)
    asked = form.asked()
    context = {
        "block_id": block_id,
        "form": form,
        "has_id": block_id != GONE,
        "asked_before": asked["agent"] and asked["label"],
    }
    return render_page(request, "memory/gone.html", context, status=404)


def comparison(found: Told, asked: dict[str, Any]) -> dict[str, Any]:
    """The two revisions asked for and their difference; else the newest with a value and the one before it."""
    values = [n for n, one in enumerate(found.revisions) if one.known]
    to = _place(found, asked["to"], values[-1] if values else None)
    earlier = [n for n in values if to is not None and n < to]
    start = _place(found, asked["from"], earlier[-1] if earlier else None)
    old, new = found.valued(start), found.valued(to)
    diff = _diff(old, new)
    wrong = [name for name in ("from", "to") if asked[name] and found.index(asked[name]) is None]
    following = to + 1 if to is not None and to + 1 < len(found.revisions) else None
    return {
        "old": old,
        "new": new,
        "wrong": wrong,
        "diff": diff,
        "stretches": stretches(diff, unfolded=asked["unchanged"] == "all"),
        "previous": found.revisions[to - 1] if to else None,
        "following": None if following is None else found.revisions[following],
    }


def _place(found: Told, revision_id: str | None, default: int | None) -> int | None:
    place = found.index(revision_id) if revision_id else None
    return default if place is None else place


def _diff(old: Revision | None, new: Revision | None) -> Diff | None:
    if new is None or new.value is None or (old is not None and old.value is None):
        return None
    return compare_shown(old.value if old else "", new.value)


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
