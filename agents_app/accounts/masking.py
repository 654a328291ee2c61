"""Whose texts are masked: everybody's but a superuser's, from the middleware to the last piece that is sent."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse

from agents_app.accounts.roles import role
from agents_app.text.masking.policy import MASKED, UNMASKED, Policy, current, during, using


def policy_of(user: User | AnonymousUser | None) -> Policy:
    """What is masked for this person; for nobody in particular, everything."""
    return UNMASKED if user is not None and user.is_active and not role(user).masked else MASKED


class MaskingPolicy:
    """Sets the person's policy for the request, and for the parts of an answer that is made while it is sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with using(policy_of(getattr(request, "user", None))):
            response: Any = self.get_response(request)
            policy = current()
        if response.streaming and not response.is_async:
            pieces: Iterable[bytes] = response.streaming_content
            response.streaming_content = during(policy, pieces)
        return response  # type: ignore[no-any-return]
