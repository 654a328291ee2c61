"""How long a signed-in session lives: 30 minutes without a page, 12 hours in all."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from agents_app.ui.http import asked_by_itself

BEGAN, SEEN = "inspector_began", "inspector_seen"
NOTE_AGAIN_SECONDS = 60


class SessionLife:
    """Ends sessions that idle or are old, before any view sees the person.

    The time of the last page that a person asked for is kept in the session, to the minute, so that
    not every page writes; what a page asks for by itself keeps nobody signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.get("_auth_user_id"):
            self._age(request)
        return self.get_response(request)

    def _age(self, request: HttpRequest) -> None:
        now, session = time.time(), request.session
        began, seen = session.get(BEGAN, now), session.get(SEEN, now)
        idle = now - seen > settings.SESSION_IDLE_SECONDS
        if idle or now - began > settings.SESSION_COOKIE_AGE:
            logout(request)
            why = "You had not opened a page for half an hour" if idle else "A session ends after 12 hours"  # fmt: skip
            messages.info(request, f"{why}: sign in again.")
        elif SEEN not in session or (
            now - seen > NOTE_AGAIN_SECONDS and not asked_by_itself(request)
        ):
            session[BEGAN], session[SEEN] = began, now
