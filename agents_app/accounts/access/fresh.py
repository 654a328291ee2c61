"""Whether a person proved lately who they are, as opening an organization on request asks for."""

import time

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows

from agents_app.ui.http import Request


def is_recent(request: Request) -> bool:
    """Whether they signed in, or confirmed that it is them, in the last 5 minutes.

    Whose account has neither password nor second factor here is vouched for by the provider alone
    and cannot be asked again.
    """
    if not get_reauthentication_flows(request.user):
        return True
    records = get_authentication_records(request, request.user)
    newest = max((float(one.get("at", 0)) for one in records), default=0.0)
    return time.time() - newest < float(app_settings.REAUTHENTICATION_TIMEOUT)
