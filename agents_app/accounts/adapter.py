"""Sign-in rules: accounts are made by an administrator or vouched for by the provider, never by signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from agents_app.accounts.audit import client_address
from agents_app.accounts.sealing import fernet


class ClosedAdapter(DefaultAccountAdapter):
    """No sign-up; limits count by the address that our own proxies vouch for."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104  (a key for limits, nothing is bound to it)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Whom the configured provider vouches for has an account at once, without any role."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True


class SealingAdapter(DefaultMFAAdapter):
    """Second factors' secrets are encrypted in our database."""

    def encrypt(self, text: str) -> str:
        return fernet("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet("second factor").decrypt(encrypted_text.encode()).decode()
