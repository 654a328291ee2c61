"""What every request passes: an id and a log line, input limits, headers, the reader's zone, Letta's deadline."""

import logging
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from agents_app.letta import access, remembered
from agents_app.letta.errors import LettaError
from agents_app.text.times import zone
from agents_app.ui import failures

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("inspector.request")

LETTA_SECONDS = 3.6  # with what a page does besides, no page waits longer than 4 s for Letta
HIGHEST_PARAMETERS = 100
LONGEST_QUERY = 8_192
PERMISSIONS_POLICY = ", ".join(
    f"{name}=()"
    for name in ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
                 "microphone", "midi", "payment", "usb", "xr-spatial-tracking")
) + ", publickey-credentials-create=(self), publickey-credentials-get=(self)"  # fmt: skip


class RequestLine:
    """Gives each request an id and writes one log line: route (never the path or query), status, time."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex[:16]  # type: ignore[attr-defined]
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        self._write(request, response, started)
        return response

    def _write(self, request: HttpRequest, response: HttpResponse, started: float) -> None:
        match = request.resolver_match
        if match is None and response.status_code < 400:
            return  # a static file
        # Who it was, if anybody asked: looking it up here would make /livez need our own database.
        user = getattr(request, "_cached_user", None)
        logger.info(
            "request",
            extra={
                "request_id": request.id,  # type: ignore[attr-defined]
                "method": request.method,
                "route": match.route if match else None,
                "view": match.view_name if match else None,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - started) * 1000, 1),
                "user_id": user.pk if user is not None and user.is_authenticated else None,
            },
        )


class RefuseBadInput:
    """Answers 400 or 414 before any view sees text that PostgreSQL or UTF-8 cannot hold, or far too much of it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY or len(request.path) > LONGEST_QUERY:
            return _refuse("This address is too long.", status=414)
        if query.count("&") >= HIGHEST_PARAMETERS or not _is_clean(request):
            return _refuse("This address holds characters that are not text.", status=400)
        return self.get_response(request)


def _refuse(sentence: str, *, status: int) -> HttpResponse:
    return HttpResponse(sentence, content_type="text/plain", status=status)


def _is_clean(request: HttpRequest) -> bool:
    texts = [
        request.path,
        *(text for name, values in request.GET.lists() for text in (name, *values)),
    ]
    return not any("\0" in text or "\ufffd" in text or _has_surrogate(text) for text in texts)


def _has_surrogate(text: str) -> bool:
    return (
        any("\ud800" <= character <= "\udfff" for character in text)
        if not text.isascii()
        else False
    )


class BrowserHeaders:
    """Headers that SecurityMiddleware lacks; nothing of a signed-in page is kept by a browser or proxy."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "no-store"
        if _is_sign_out(request):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _is_sign_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.view_name == "account_logout"


class ReaderZone:
    """Activates the zone that times are shown in: the reader's (a cookie) or UTC; a view may set the agent's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        times = request.COOKIES.get("inspector_times", "reader")
        name = "UTC" if times == "utc" else request.COOKIES.get("inspector_zone")
        timezone.activate(zone(name).tz)
        request.times = times if times in {"reader", "agent", "utc"} else "reader"  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        patch_vary_headers(response, ["Cookie"])
        return response


class LettaDeadline:
    """Bounds the time a page waits for Letta and turns Letta's faults into pages that say which.

    Afterwards it lets the console note down what the page saw: connections, figures, names.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with access.deadline(LETTA_SECONDS):
            response = self.get_response(request)
        user = getattr(request, "_cached_user", None)
        remembered.note(user.pk if user is not None and user.is_authenticated else None)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, LettaError):
            logger.warning(
                "letta failed",
                extra={"cause": exception.slug, "request_id": failures.request_id(request)},
            )
            return failures.letta_failed(request, exception)
        return None
