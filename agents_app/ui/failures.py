"""Error pages: the four of Django, our own database being away, and Letta's faults in words."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from agents_app.letta.errors import LettaAsleep, LettaError, LettaWaking
from agents_app.ui.http import wants
from agents_app.ui.jsonout import json_response

logger = logging.getLogger("inspector.failure")


def letta_failed(request: HttpRequest, error: LettaError) -> HttpResponse:
    """The page, fragment or JSON for a fault of Letta's database; says what happened and what to do."""
    if wants(request, "json") or wants(request, "csv"):
        body = {"error": error.slug, "message": str(error), "request_id": request_id(request)}
        response = json_response(body, status=error.status)
    else:
        whole = not getattr(request, "htmx", None) or request.htmx.boosted  # type: ignore[attr-defined]
        template = _template(error) + ("" if whole else "#notice")
        response = render(request, template, {"error": error}, status=error.status)
    if error.retry_after_s:
        response["Retry-After"] = str(error.retry_after_s)
    return response


def _template(error: LettaError) -> str:
    if isinstance(error, LettaAsleep):
        return "ui/asleep.html"
    return "ui/waking.html" if isinstance(error, LettaWaking) else "ui/error.html"


def own_database_failed(request: HttpRequest) -> HttpResponse:
    """Without our own database nobody can be signed in or recorded, so nothing is shown."""
    body = render_to_string("ui/own_database.html", {"request_id": request_id(request)})
    return HttpResponse(body, status=503, headers={"Retry-After": "5"})


def request_id(request: HttpRequest) -> str:
    return str(getattr(request, "id", "-"))


def _page(request: HttpRequest, status: int, message: str) -> HttpResponse:
    if wants(request, "json"):
        return json_response(
            {"error": status, "message": message, "request_id": request_id(request)}, status=status
        )
    return render(request, f"{status}.html", {"message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, str(exception) or "This request could not be understood.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, str(exception) or "Your role does not include this page.")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request, 403, "This form had expired. Go back, open the page again, and send it once more."
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, "There is nothing here: no such page, or nothing with that id.")


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The sign-in library's limits; it asks for this page as Django asks for the others."""
    response = _page(request, 429, "Too many tries from here: wait a few minutes.")
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort. Faults outside a view (session, sign-in) arrive here too and are told apart by class."""
    error = sys.exception()
    if isinstance(error, LettaError):
        return letta_failed(request, error)
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.error(
            "own database failed",
            extra={"cause": type(error).__name__, "request_id": request_id(request)},
        )
        return own_database_failed(request)
    logger.error("unexpected failure", exc_info=error, extra={"request_id": request_id(request)})
    body = render_to_string("500.html", {"request_id": request_id(request)})
    return HttpResponse(body, status=500)
