"""Sign-in rules: accounts are made by an administrator or vouched for by the provider, never by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from agents_app.accounts.audit import client_address, record
from agents_app.accounts.models import Outcome
from agents_app.accounts.sealing import fernet
from agents_app.accounts.sso.claims import NotVouched
from agents_app.accounts.sso.fetching import BoundedSession


class ClosedAdapter(DefaultAccountAdapter):
    """No sign-up; limits count by the address that our own proxies vouch for."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "Too many failed sign-ins: wait up to 15 minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104  (a key for limits, nothing is bound to it)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed tries count by name and address, so that a stranger locks nobody else out."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A disabled person with the right password, or whom the provider still vouches for."""
        record(
            request, "account.sign-in", kind="account", ids=[str(user.pk)], user=user,
            reason="the account is disabled", outcome=Outcome.DENIED,
        )  # fmt: skip
        messages.error(request, "This account may not sign in: an administrator disabled it.")
        return redirect("account_login")


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Whom the configured provider vouches for has an account at once, without any role."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

    def get_requests_session(self) -> BoundedSession:
        return BoundedSession()

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None,
        extra_context: Any = None,
    ) -> None:  # fmt: skip
        """Puts a refused answer on record: the reason in words of ours, never the answer's own."""
        if error == AuthError.CANCELLED:
            reason = "turned back at the provider"
        elif exception is None:
            reason = "no attempt of this session, or the provider reports an error"
        else:
            known = isinstance(exception, NotVouched)
            reason = str(exception) if known else type(exception).__name__
        record(
            request, "account.sign-in", kind="account", ids=[], reason=reason,
            outcome=Outcome.FAILED,
        )  # fmt: skip


class SealingAdapter(DefaultMFAAdapter):
    """Second factors' secrets are encrypted in our database."""

    def encrypt(self, text: str) -> str:
        return fernet("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet("second factor").decrypt(encrypted_text.encode()).decode()
