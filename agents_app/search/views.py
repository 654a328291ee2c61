"""The jump box's page: redirects for an id, results for a name."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record, record_rows
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, rights_in
from agents_app.letta.reading.ids import recognise
from agents_app.search.filters import JumpForm
from agents_app.search.landing import Landing, land
from agents_app.search.names import Group, search
from agents_app.ui.http import Request, render_page, wants

FEWEST_CHARACTERS = 2
NOTHING: dict[str, Any] = {
    "groups": [],
    "best": None,
    "any_hits": False,
    "landing": None,
    "is_id": False,
    "too_short": False,
}


@require_safe
@requires(Right.METADATA)
def jump(request: Request) -> HttpResponse:
    """An id leads to its page; any other text is looked for in names, labels, keys and properties."""
    text, rights = JumpForm(request.GET).text(), rights_in(request)
    named = recognise(text)
    if named is not None:
        landing = land(named.kind, named.id, rights)
        if landing is not None or named.exact:
            return _landed(request, text, landing)
    if len(text) < FEWEST_CHARACTERS:
        return _page(request, text, {"too_short": bool(text)})
    groups = search(text, rights)
    _record(request, groups, text)
    any_hits = any(group.hits.rows for group in groups)
    return _page(request, text, {"groups": groups, "best": _best(groups), "any_hits": any_hits})


def _landed(request: Request, text: str, landing: Landing | None) -> HttpResponse:
    if landing is not None and landing.url and not wants(request, "json"):
        return HttpResponseRedirect(landing.url)
    return _page(request, text, {"landing": landing, "is_id": True}, status=200 if landing else 404)


def _page(request: Request, text: str, found: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = NOTHING | {"typed": text} | found
    return render_page(
        request, "search/jump.html", context, data=lambda: _data(context), status=status
    )


def _best(groups: list[Group]) -> Any:
    """The only row that is exactly what was typed, if there is just one."""
    exact = [hit for group in groups for hit in group.hits.rows if hit.is_exact]
    return exact[0] if len(exact) == 1 else None


def _record(request: Request, groups: list[Group], text: str) -> None:
    """Kinds and ids found, of what was typed a keyed hash."""
    for group in groups:
        if group.hits.rows:
            record_rows(
                request, "search", rows=group.hits.rows, kind=group.kind, key=lambda hit: hit.id,
                organization=lambda hit: hit.organization_id,
                about=lambda hit: [agent.id for agent in hit.agents], terms=text,
            )  # fmt: skip
    if not any(group.hits.rows for group in groups):
        record(request, "search", kind="none", ids=[], terms=text)


def _data(context: dict[str, Any]) -> dict[str, Any]:
    """`id` for a pasted id; `results` by kind for a text, each with `more` and, when it failed, `error`."""
    landing: Landing | None = context["landing"]
    if context["is_id"]:
        return {"found": landing is not None, "id": landing and asdict(landing)}
    return {
        "found": any(group.hits.rows for group in context["groups"]),
        "best": context["best"] and asdict(context["best"]),
        "results": {
            group.kind: {
                "hits": [asdict(hit) for hit in group.hits.rows],
                "more": group.hits.more,
                "error": group.panel.error and str(group.panel.error),
            }
            for group in context["groups"]
        },
    }
