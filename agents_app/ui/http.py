"""How a view answers: a whole page, the fragment htmx asked for, or the same data as JSON."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from agents_app.ui.jsonout import json_response


class Request(HttpRequest):
    """A signed-in request as views see it."""

    user: User
    htmx: HtmxDetails
    id: str


def wants(request: HttpRequest, kind: str) -> bool:
    """Whether `?format=` asks for "json" or "csv" instead of a page."""
    return request.GET.get("format") == kind


def asked_by_itself(request: HttpRequest) -> bool:
    """Whether a page asked by itself, as it polls or loads a later part, and no person did (static/js/polls.js)."""
    return request.headers.get("Inspector-By-Itself") == "1"


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    fragments: Sequence[str] = (),
    data: Callable[[], Mapping[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Renders `template`, or its partial named by htmx's target, or `data()` for `?format=json`."""
    if data is not None and wants(request, "json"):
        return json_response(data(), status=status)
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    target = htmx.target if htmx and not htmx.boosted else None
    name = f"{template}#{target}" if target in fragments else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target", "HX-Boosted"])
    return response
