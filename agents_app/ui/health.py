"""Health probes: /livez touches nothing, /readyz our own database only; neither ever touches Letta."""

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.views.decorators.http import require_safe

from agents_app.letta import access
from agents_app.ui.jsonout import json_response


class Live:
    """Answers /livez before the session is looked at: a browser's cookie would make it need our own database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/livez":
            return self.get_response(request)
        request.resolver_match = resolve(request.path_info)
        return livez(request)


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when our own database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("own database not answering", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def letta_state(request: HttpRequest) -> HttpResponse:
    """What the waking page polls: the state this process knows of Letta; asks nothing of Letta."""
    status = access.status()
    return json_response(
        {"state": status.state, "cause": status.cause.slug if status.cause else None}
    )
