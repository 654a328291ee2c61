"""What lies near a passage: exact neighbours in a scope, as rows, a small map and JSON."""

from typing import Any

from django import forms
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record_rows
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.embeddings import neighbors, queries, scopes
from agents_app.embeddings.passages import owners
from agents_app.embeddings.rendering import near_json
from agents_app.embeddings.searching import Outcome
from agents_app.embeddings.views.listed import there
from agents_app.letta.models import Agent
from agents_app.ui.formfields import IdField
from agents_app.ui.http import Request, render_page
from agents_app.ui.widgets import QuickSelect

MOST, USUAL = 100, 20


class NeighborForm(forms.Form):
    """How many, where, and through which agent."""

    scope = forms.ChoiceField(label="Look in", required=False, widget=QuickSelect)
    k = forms.IntegerField(
        label="How many",
        required=False,
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput({"placeholder": str(USUAL)}),
    )
    agent = IdField("Agent id")

    def __init__(self, data: Any, *, offered: list[str]) -> None:
        super().__init__(data)
        labels = [(name, scopes.LABELS[name]) for name in offered]
        self.fields["scope"].choices = labels  # type: ignore[attr-defined]
        if "agent" not in offered:
            del self.fields["agent"]

    def chosen(self) -> tuple[str, int]:
        """The scope and the number; a wrong one is answered beside its field and the usual one taken."""
        self.is_valid()
        return self.cleaned_data.get("scope") or "", self.cleaned_data.get("k") or USUAL


@require_safe
@requires(Right.METADATA)
def near(request: Request, passage_id: str) -> HttpResponseBase:
    """The k passages whose vectors are nearest, only among those that may be compared."""
    content = may(request, Right.CONTENT)
    hidden = ["metadata", *([] if content else ["text", "tags"])]
    found = there(queries.passage(passage_id, *hidden))
    agent_id = _agent(request, found)
    form = NeighborForm(request.GET, offered=scopes.names(found, agent_id))
    name, most = form.chosen()
    scope = scopes.scope_of(found, name, agent_id)
    began = neighbors.start(found, most=most)
    outcome = neighbors.find(began.query, scope.extents) if began.query else Outcome()
    words = neighbors.text_words(found._meta.db_table, found.pk) if content else frozenset()
    rows = neighbors.rows(outcome.near, words=words, content=content)
    if content:
        record_rows(
            request, "passage.read", rows=[found, *(one.passage for one in rows if one.passage)],
            kind="passage", key=lambda row: str(row.pk),
            organization=lambda row: row.organization_id,
            about=lambda row: [scope.agent_id, *owners(row)],
        )  # fmt: skip
    drawing = None
    if began.query and outcome.near:
        width = began.query.space.dimension
        drawing = neighbors.small_map(began.query, outcome.near, width=width)
    context = {
        "passage": found,
        "form": form,
        "scope": scope,
        "agent": _named(scope.agent_id),
        "space": began.query.space if began.query else None,
        "why": began.why,
        "outcome": outcome,
        "about": neighbors.coverage(outcome, scope.extents),
        "left_out": neighbors.spaces_left_out(outcome),
        "rows": rows,
        "map": drawing,
    }
    return render_page(
        request,
        "embeddings/neighbors.html",
        context,
        fragments=["results"],
        data=lambda: near_json(found, scope, began, outcome=outcome, rows=rows),
    )


def _agent(request: Request, found: Any) -> str | None:
    """The agent asked for, else the first that can find the passage."""
    asked = request.GET.get("agent", "")
    if asked and (
        known := Agent.objects.here().filter(pk=asked).values_list("pk", flat=True).first()
    ):
        return str(known)
    reaching = list(queries.agents_reaching(found))
    return str(reaching[0].pk) if reaching else None


def _named(agent_id: str | None) -> Agent | None:
    return Agent.objects.here().filter(pk=agent_id).only("id", "name").first() if agent_id else None
