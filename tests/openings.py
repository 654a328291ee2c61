"""Organizations that are open to a person, and people who have just proved who they are."""

import time
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import Client

from agents_app.accounts.access.models import Opening

REASON = "Order 4711 never arrived"


def proved(client: Client, *, ago: float = 0) -> Client:
    """The client of a person who proved who they are that many seconds ago."""
    request = HttpRequest()
    request.session = client.session
    user = User.objects.get(pk=request.session["_auth_user_id"])
    request.session.pop("account_authentication_methods", None)
    record_authentication(request, user, method="password")
    request.session["account_authentication_methods"][-1]["at"] = time.time() - ago
    request.session.save()
    return client


def opened(user: User, organization_id: str = "org-b", **changes: Any) -> Opening:
    """An organization that is open to the user, but for the `changes`."""
    made = Opening.objects.create(
        user=user, organization_id=organization_id, category="request", reason=REASON
    )
    Opening.objects.filter(pk=made.pk).update(**changes)
    return made
