"""Error pages: the four of Django, our own database being away, and Letta's faults in words."""

import logging
import sys

from django.db import DatabaseError, InterfaceError, OperationalError
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


def own_database_failed(request: HttpRequest, *, is_full: bool = False) -> HttpResponse:
    """Without our own database nobody can be signed in or recorded, so nothing is shown."""
    if wants(request, "json") or wants(request, "csv"):
        message = _CANNOT_WRITE if is_full else _NO_ANSWER
        body = {"error": "own_database", "message": message, "request_id": request_id(request)}
        response = json_response(body, status=503)
    else:
        context = {"request_id": request_id(request), "is_full": is_full}
        response = HttpResponse(render_to_string("ui/own_database.html", context), status=503)
    response["Retry-After"] = "5"
    return response


_NO_ANSWER = "The console's own database does not answer, so nothing is shown."
_CANNOT_WRITE = "The console's own database takes no rows, so no view can be put on record and nothing is shown."
_REFUSED_TO_WRITE = {"42501", "25006", "53100"}  # no right to, a replica, a full disk


def _refused_to_write(error: BaseException | None) -> bool:
    """Whether our own database answered, but could not or may not keep a row."""
    return isinstance(error, DatabaseError) and (
        getattr(error.__cause__, "sqlstate", None) in _REFUSED_TO_WRITE
    )


def request_id(request: HttpRequest) -> str:
    return str(getattr(request, "id", "-"))


def _page(request: HttpRequest, status: int, message: str) -> HttpResponse:
    if wants(request, "json"):
        return json_response(
            {"error": status, "message": message, "request_id": request_id(request)}, status=status
        )
    return render(request, f"{status}.html", {"message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also a session that could not be kept: Django then says that it was deleted meanwhile."""
    cause: BaseException | None = exception
    while cause is not None:
        if _refused_to_write(cause):
            return own_database_failed(request, is_full=True)
        cause = cause.__context__
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
    is_full = _refused_to_write(error)
    if is_full or isinstance(error, (OperationalError, InterfaceError)):
        logger.error(
            "own database failed",
            extra={"cause": type(error).__name__, "request_id": request_id(request)},
        )
        return own_database_failed(request, is_full=is_full)
    logger.error("unexpected failure", exc_info=error, extra={"request_id": request_id(request)})
    body = render_to_string("500.html", {"request_id": request_id(request)})
    return HttpResponse(body, status=500)
