"""To the provider and back; whatever is wrong with its answer ends in one plain page and on the trail."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.ratelimit import consume_or_429
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from agents_app.accounts.sso.fetching import SECONDS, within
from agents_app.accounts.sso.provider import StrictAdapter

View = Callable[..., HttpResponse]


def _guarded(view: Callable[[HttpRequest, StrictAdapter], HttpResponse]) -> View:
    """Limits how often, how long, and turns faults into the page of a refused sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, provider_id: str) -> HttpResponse:
        limited: HttpResponse | None = consume_or_429(request, action="login")
        if limited is not None:
            return limited
        adapter = StrictAdapter(request, provider_id)
        try:
            provider = adapter.get_provider()  # type: ignore[no-untyped-call]
        except SocialApp.DoesNotExist as error:
            raise Http404 from error
        try:
            with within(SECONDS):
                return view(request, adapter)
        except (OAuth2Error, RequestException, LookupError, TypeError, ValueError) as error:
            refused: HttpResponse = render_authentication_error(request, provider, exception=error)
            return refused

    return guarded


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sends the browser to the provider; only a form of ours starts it."""
    return _sent(request, provider_id) if request.method == "POST" else redirect("account_login")


@_guarded
def _sent(request: HttpRequest, adapter: StrictAdapter) -> Any:
    return OAuth2LoginView.adapter_view(adapter)(request)  # type: ignore[no-untyped-call]


@login_not_required
@require_safe
@_guarded
def back(request: HttpRequest, adapter: StrictAdapter) -> Any:
    """Where the provider sends the browser back to, with a code or an error."""
    return OAuth2CallbackView.adapter_view(adapter)(request)  # type: ignore[no-untyped-call]


@login_not_required
@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    """The person turned back at the provider."""
    return redirect("account_login")
