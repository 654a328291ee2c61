"""The button that wakes the cluster, with what that costs, and what can be shown while it sleeps."""

from typing import Any

from django.http import HttpRequest
from django.template import Context, Library
from django.urls import reverse

from agents_app.cluster.cost.bill import waking_cost
from agents_app.cluster.money import DEFAULT_PAUSE_S, prices_now
from agents_app.letta import remembered

register = Library()


@register.inclusion_tag("cluster/wake_button.html", takes_context=True)
def wake_button(context: Context, next_url: str = "") -> dict[str, Any]:
    """A form that records the wish and goes on to `next_url`, by default this page."""
    request: HttpRequest = context["request"]
    prices = prices_now()
    return {
        "action": reverse("cluster:wake"),
        "next": next_url or request.get_full_path(),
        "csrf_token": context.get("csrf_token", ""),
        "cost": waking_cost(prices, storage="standard", pause_after_s=DEFAULT_PAUSE_S),
        "prices": prices,
        "minutes": DEFAULT_PAUSE_S // 60,
    }


@register.inclusion_tag("cluster/remembered.html", takes_context=True)
def remembered_figures(context: Context) -> dict[str, Any]:
    """The last figures and names with their age; the agent that the address names first."""
    match = context["request"].resolver_match
    asked = match.kwargs.get("agent_id") if match else None
    return {"remembered": remembered.remembered(asked)}
