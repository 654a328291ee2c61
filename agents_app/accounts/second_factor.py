"""Whoever may see content, or give rights to it, signs in with a second factor; others never need one."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agents_app.accounts.roles import Right, rights_of
from agents_app.ui.http import wants
from agents_app.ui.jsonout import json_response

GUARDED = frozenset({Right.CONTENT, Right.MEMORY, Right.PERSONAL, Right.PROMPT, Right.ACCOUNTS})
OPEN = ("account_", "mfa_", "usersessions_", "accounts:account", "livez", "readyz")
SENTENCE = "Your role may see content or give rights to it, so your account needs a second factor: set one up to go on."


class SecondFactor:
    """Sends people whose rights need a second factor to its page until they have one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, options: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if name.startswith(OPEN) or not is_missing(request):
            return None
        if wants(request, "json") or wants(request, "csv") or getattr(request, "htmx", None):
            return json_response({"error": "second_factor", "message": SENTENCE}, status=403)
        messages.warning(request, SENTENCE)
        return HttpResponseRedirect(reverse("mfa_index"))


def is_missing(request: HttpRequest) -> bool:
    """Whether this person needs a second factor and has none; a provider's sign-in counts as one."""
    if not settings.INSPECTOR_REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
        return False
    if not GUARDED & rights_of(request.user):
        return False
    by_provider = any(
        record.get("method") == "socialaccount"
        for record in get_authentication_records(request, request.user)
    )
    return not by_provider and not is_mfa_enabled(request.user)
