"""The overview: a frame at once, its panels one by one, and none of Letta's before it is asked for."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from agents_app.accounts.guard import requires
from agents_app.accounts.roles import rights_in, role_of
from agents_app.accounts.shell import letta_state
from agents_app.overview.panels import PANELS, PanelKind, panels_of
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.panels import Panel, attempt


class OverviewForm(forms.Form):
    """Which panel to fill; `all` is what a browser without scripts asks for."""

    panel = forms.ChoiceField(
        required=False, choices=[("all", "All"), *((name, name) for name in PANELS)]
    )

    def asked(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("panel", ""))


class Shown:
    """One panel of the page: its answer, or None while nobody asked."""

    def __init__(self, kind: PanelKind, *, asked: bool) -> None:
        self.kind = kind
        self.answer: Panel[Any] | None = attempt(kind.ask) if asked else None

    def as_json(self) -> Any:
        """The panel's data; `{"error": …}` where it failed."""
        if self.answer is None:
            return None
        if self.answer.error:
            return {"error": self.answer.error.slug, "message": str(self.answer.error)}
        value: Any = self.answer.value
        return [asdict(one) for one in value] if isinstance(value, list) else asdict(value)


@require_safe
@requires()
def home(request: Request) -> HttpResponse:
    """What this person's role starts from."""
    asked = OverviewForm(request.GET).asked()
    kinds = panels_of(role_of(request.user), rights_in(request))
    if request.htmx and not request.htmx.boosted and asked in PANELS:
        return _one(request, PANELS[asked], kinds)
    everything = asked == "all" or wants(request, "json")
    shown = [
        Shown(kind, asked=everything or not kind.asks_letta or kind.name == asked) for kind in kinds
    ]
    state = letta_state()
    context = {
        "panels": shown,
        "letta": state,
        "is_waiting": any(one.answer is None for one in shown) and state.state != "unconfigured",
        "is_known_awake": state.state == "ok",
    }
    return render_page(request, "overview/home.html", context, data=lambda: _data(request, context))


def _one(request: Request, kind: PanelKind, kinds: list[PanelKind]) -> HttpResponse:
    """One panel for htmx; the first answer of Letta's sets the others off."""
    if kind not in kinds:
        raise PermissionDenied("Your role does not include this part of the overview.")
    shown = Shown(kind, asked=True)
    response = render_page(request, "overview/_panel.html", {"panel": shown})
    if kind.name == "letta":
        trigger_client_event(response, "letta-answered", {}, after="settle")
    return response


def _data(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    """`role`, what is known of Letta's state, and each panel by its name."""
    return {
        "role": role_of(request.user),
        "letta": asdict(letta_state()),
        "panels": {one.kind.name: one.as_json() for one in context["panels"]},
    }
