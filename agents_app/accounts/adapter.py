"""Sign-in rules: accounts are made by an administrator, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from agents_app.accounts.audit import client_address


class ClosedAdapter(DefaultAccountAdapter):
    """No sign-up; limits count by the address that our own proxies vouch for."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104  (a key for limits, nothing is bound to it)
