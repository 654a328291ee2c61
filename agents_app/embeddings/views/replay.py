"""One search of an agent's: what it returned, what became of that, and what is near today."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.embeddings import neighbors
from agents_app.embeddings.endpoint import Endpoint, EndpointError, endpoint
from agents_app.embeddings.meaning import Place, ask, choices
from agents_app.embeddings.rendering import neighbor_json
from agents_app.embeddings.replay.calls import Retrieval, retrieval
from agents_app.embeddings.replay.today import Fate, extents, fates, missing
from agents_app.embeddings.searching import Outcome, Query
from agents_app.embeddings.searching import search as look
from agents_app.embeddings.words import telling_words
from agents_app.ui.http import Request, render_page


@require_safe
@requires(Right.METADATA, Right.CONTENT)
def replay(request: Request, message_id: str, part: int) -> HttpResponse:
    """The search as it was; near today is what is near its first result, as nothing is sent anywhere."""
    return _page(request, message_id, part, send=False)


@require_POST
@requires(Right.METADATA, Right.CONTENT)
def again(request: Request, message_id: str, part: int) -> HttpResponse:
    """The same, with the agent's own words embedded again by the endpoint of the settings."""
    return _page(request, message_id, part, send=True)


def _page(request: Request, message_id: str, part: int, *, send: bool) -> HttpResponse:
    found = retrieval(message_id, part)
    if found is None:
        raise Http404
    where = extents(found)
    then = fates(found, where)
    place = Place("agent", found.agent, where)
    address, problem = _endpoint()
    context: dict[str, Any] = {
        "found": found,
        "fates": then,
        "part": part,
        "where": address,
        "problem": problem,
        "models": [] if found.asked.is_grep else choices(where),
        "basis": "",
        "near": [],
        "outcome": None,
    }
    if not found.asked.is_grep and context["models"]:
        context |= _near(found, then, place, space=context["models"][0].space,
                         address=address if send else None)  # fmt: skip
    _record(request, found, then, context["near"], sent=send and address is not None)
    return render_page(
        request, "embeddings/replay.html", context, data=lambda: _json(found, then, context)
    )


def _near(
    found: Retrieval, then: list[Fate], place: Place, *, space: Any, address: Endpoint | None
) -> dict[str, Any]:
    most = max(found.asked.most, len(then), 1)
    note = ""
    if address is None:
        query, basis = _first(then, most=most), "first"
    else:
        try:
            asked = ask(address, found.asked.query, place, space=space, most=most)
        except EndpointError as error:
            return {"problem": str(error)}
        query, basis, note = asked.query, "query", asked.note
    if query is None:
        return {}
    outcome: Outcome = look(place.extents, query)
    rows = neighbors.rows(outcome.near, words=telling_words(found.asked.query), content=True)
    return {
        "basis": basis,
        "note": note,
        "outcome": outcome,
        "space": query.space,
        "about": None,
        "left_out": neighbors.spaces_left_out(outcome),
        "near": missing(rows, then, found, by_query=basis == "query"),
    }


def _first(then: list[Fate], *, most: int) -> Query | None:
    """The vector of the first result that is still stored and has one."""
    for fate in then:
        if fate.passage is None:
            continue
        if query := neighbors.start(fate.passage, most=most).query:
            return query
    return None


def _endpoint() -> tuple[Endpoint | None, str]:
    try:
        return endpoint(), ""
    except EndpointError as error:
        return None, str(error)


def _record(
    request: Request, found: Retrieval, then: list[Fate], near: list[Any], *, sent: bool
) -> None:
    of = {
        "organization_id": found.message.organization_id,
        "agent_id": found.message.agent_id,
    }
    shown = [fate.passage.pk for fate in then if fate.passage is not None]
    ids = list(dict.fromkeys([*shown, *(one.row.near.id for one in near)]))
    answer = [found.answer.message_id] if found.answer else []
    record(request, "message.read", kind="message", ids=[found.message.pk, *answer], **of)
    record(request, "passage.read", kind="passage", ids=ids, **of)
    if sent:
        ids = [found.message.pk]
        record(request, "meaning.search", kind="message", ids=ids, terms=found.asked.query, **of)


def _json(found: Retrieval, then: list[Fate], context: dict[str, Any]) -> dict[str, Any]:
    """`basis` says what is near today to: the first result still stored, or the query embedded again."""
    asked, outcome = found.asked, context["outcome"]
    return {
        "message": found.message.pk,
        "agent_id": found.message.agent_id,
        "tool": asked.tool,
        "query": asked.query,
        "tags": list(asked.tags),
        "since": asked.since,
        "until": asked.until,
        "answered": found.answer.message_id if found.answer else None,
        "status": found.answer.tool_return.status if found.answer else None,
        "returned": [
            {
                "text": fate.hit.told,
                "file_name": fate.hit.file_name or None,
                "passage": fate.passage.pk if fate.passage is not None else None,
                "file_id": fate.file_id,
                "today": fate.said,
            }
            for fate in then
        ],
        "problem": context["problem"] or None,
        "basis": context["basis"] or None,
        "complete": outcome.is_complete if outcome else None,
        "near_today": [
            neighbor_json(one.row) | {"why_missing": one.why or None} for one in context["near"]
        ],
    }
