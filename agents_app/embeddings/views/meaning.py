"""Search by meaning: a page that says where words would go, and the answer after the button was pressed."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.embeddings import meaning, neighbors
from agents_app.embeddings.endpoint import MOST_CHARACTERS, Endpoint, EndpointError, endpoint
from agents_app.embeddings.rendering import neighbor_json
from agents_app.embeddings.searching import search as look
from agents_app.embeddings.words import telling_words
from agents_app.ui.http import Request, render_page
from agents_app.ui.widgets import QuickSelect

MOST, USUAL = 100, 20


class MeaningForm(forms.Form):
    """What to look for; it travels in the body of a POST, so no address and no log holds it."""

    text = forms.CharField(
        label="What to look for",
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 3, "data-wide": "", "autocomplete": "off"}),
    )
    model = forms.ChoiceField(label="Among vectors of", widget=QuickSelect)
    k = forms.IntegerField(
        label="How many", required=False, min_value=1, max_value=MOST, initial=USUAL
    )

    def __init__(self, *data: Any, choices: list[meaning.Choice]) -> None:
        super().__init__(*data)
        self.spaces = {one.value: one.space for one in choices}
        self.fields["model"].choices = [(one.value, one.label) for one in choices]  # type: ignore[attr-defined]


@require_safe
@requires(Right.METADATA, Right.CONTENT)
def ask(request: Request) -> HttpResponse:
    """The form, with the address that the words would be sent to; nothing is sent by opening it."""
    found = _place(request.GET)
    if found is None:
        return render_page(request, "embeddings/meaning_where.html", {}, data=dict)
    return _page(request, found, bound=None)


@require_POST
@requires(Right.METADATA, Right.CONTENT)
def search(request: Request) -> HttpResponse:
    """Sends the words to the endpoint, then compares its vector with those stored."""
    place = _place(request.POST)
    if place is None:
        raise BadRequest("Say where to look: open this page from an archive, a folder or an agent.")
    record(
        request, "meaning.search", kind=place.kind, ids=[place.row.pk],
        organization_id=place.row.organization_id, agent_id=place.agent_id,
        terms=request.POST.get("text", ""),
    )  # fmt: skip
    return _page(request, place, bound=request.POST)


def _page(request: Request, place: meaning.Place, *, bound: Any) -> HttpResponse:
    choices = meaning.choices(place.extents)
    form = MeaningForm(*([] if bound is None else [bound]), choices=choices)
    where, problem = _endpoint()
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "choices": choices,
        "where": where,
        "problem": problem,
        "outcome": None,
        "rows": [],
    }
    if where and bound is not None and form.is_valid():
        context |= _answer(request, place, form, where=where)
    return render_page(request, "embeddings/meaning.html", context, data=lambda: _json(context))


def _answer(
    request: Request, place: meaning.Place, form: MeaningForm, *, where: Endpoint
) -> dict[str, Any]:
    given = form.cleaned_data
    space, words = form.spaces[given["model"]], given["text"]
    try:
        asked = meaning.ask(where, words, place, space=space, most=given["k"] or USUAL)
    except EndpointError as error:
        return {"problem": str(error)}
    outcome = look(place.extents, asked.query)
    near = meaning.told(outcome.near)
    rows = neighbors.rows(near, words=telling_words(words), content=True)
    record(
        request, "passage.read", kind="passage", ids=[one.near.id for one in rows],
        organization_id=place.row.organization_id, agent_id=place.agent_id, about=[place.row.pk],
    )  # fmt: skip
    return {
        "outcome": outcome,
        "rows": rows,
        "digits": meaning.digits(),
        "note": asked.note,
        "space": space,
        "about": neighbors.coverage(outcome, place.extents),
        "left_out": neighbors.spaces_left_out(outcome),
    }


def _endpoint() -> tuple[Endpoint | None, str]:
    try:
        return endpoint(), ""
    except EndpointError as error:
        return None, str(error)


def _place(given: Any) -> meaning.Place | None:
    """The first of archive, source and agent that is named, if any; a 404 when it does not exist."""
    for kind in meaning.KINDS:
        if identifier := given.get(kind):
            if (found := meaning.place(kind, identifier)) is None:
                raise Http404
            return found
    return None


def _json(context: dict[str, Any]) -> dict[str, Any]:
    place, outcome = context["place"], context["outcome"]
    return {
        place.kind: place.row.pk,
        "endpoint": context["where"].address if context["where"] else None,
        "problem": context["problem"] or None,
        "models": [one.value for one in context["choices"]],
        "searched": outcome.searched if outcome else None,
        "complete": outcome.is_complete if outcome else None,
        "neighbors": [neighbor_json(one) for one in context["rows"]],
    }
