"""Every component on one page, with made-up values; only in debug mode, and it never asks Letta."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

AT = datetime(2026, 11, 20, 18, 47, 17, 123456, tzinfo=UTC)
NAMES = (
    "Order desk",
    "Returns Аcme",
    "A rather long name of an agent that somebody typed once and nobody ever shortened since",
    "",
    "warehouse_sleeptime",
    "عميل الدعم",
)
STOPS = ("end_turn", "llm_api_error", "requires_approval", None, "cancelled", "max_steps")
COUNTS = (1_021_044, 88, 0, 12, 40_123, 7)
HOSTILE = "<script>alert(1)</script> zero\u200bwidth, bidi \u202eevil\u202c, a hidden \U000e0068\U000e0069 tag"
ARGUMENTS = {
    "query": "refund policy for tents",
    "tags": ["returns", "policy"],
    "limit": 10,
    "after": None,
    "note": "a long sentence that shows how a block of text wraps at the edge of its box " * 2,
}


class ExampleForm(forms.Form):
    """A filter bar with one field of each kind."""

    name = forms.CharField(
        required=False, label="Name or id", widget=forms.TextInput(attrs={"data-wide": ""})
    )
    organization = forms.ChoiceField(
        required=False, choices=[("", "Any"), ("org-1", "Northwind Outdoor")]
    )
    type = forms.ChoiceField(
        required=False, choices=[("", "Any"), ("letta_v1_agent", "letta_v1_agent")]
    )
    since = forms.DateField(required=False, label="Active since", help_text="In your zone")
    hidden = forms.BooleanField(required=False, label="Hidden too")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html", {"example": example(request)})


def example(request: HttpRequest) -> dict[str, Any]:
    """What the page shows; the rows are of the present, the rest is fixed."""
    return {
        "id": "agent-1a2b3c4d-0000-4000-8000-000000000001",
        "step": "step-5e6f7081-0000-4000-8000-000000000002",
        "name": NAMES[0],
        "at": AT,
        "never": None,
        "recently": datetime.now(UTC) - timedelta(minutes=12),
        "big": 20_123,
        "rows": [_row(number, name) for number, name in enumerate(NAMES)],
        "form": ExampleForm(request.GET),
        "hostile": HOSTILE,
        "json": ARGUMENTS,
        "statuses": (
            "completed",
            "running",
            "requires_approval",
            "failed",
            "cancelled",
            "SUCCESS",
            "brand_new",
        ),
        "page": SimpleNamespace(
            newer_url="?before=a",
            older_url="?after=b",
            newest_url="?",
            note="50 of about 20,000 agents",
        ),
    }


def _row(number: int, name: str) -> dict[str, Any]:
    return {
        "id": f"agent-1a2b3c4d-0000-4000-8000-00000000000{number}",
        "name": name,
        "type": "memgpt_v2_agent" if number % 2 else "letta_v1_agent",
        "llm": {"handle": "openai/gpt-4.1"},
        "stop": STOPS[number],
        "messages": COUNTS[number],
        "at": datetime.now(UTC) - timedelta(hours=7 * number * number, minutes=3),
    }
