"""Which organizations a person may open with a reason, and what they are called."""

from collections.abc import Sequence

from django.contrib.auth.models import User

from agents_app.accounts import reach
from agents_app.letta import scoping
from agents_app.letta.errors import LettaError
from agents_app.letta.links import organization_names
from agents_app.letta.owners import organization_of
from agents_app.text.marks import name_label

Choices = Sequence[tuple[str, str]]


def may_ask_for(user: User, organization_id: str) -> bool:
    """Whether it is on request for the person; asks Letta only where every organization is."""
    on_request = reach.reach_of(user).on_request
    if organization_id in on_request or reach.EVERY not in on_request:
        return organization_id in on_request
    with scoping.using(reach.requestable(user)):
        return organization_of({"organization_id": organization_id}) == organization_id


def choices(user: User) -> Choices:
    """All that the person may open (of very many the first 1,000), as ids and labels."""
    return labelled(user, reach.on_request(user))


def labelled(user: User, ids: Sequence[str]) -> Choices:
    """Ids with their names, or without while Letta does not answer: opening needs no names."""
    try:
        with scoping.using(reach.requestable(user)):
            names = organization_names(ids)
    except LettaError:
        names = {}
    return [(one, f"{name_label(names[one])} ({one})" if names.get(one) else one) for one in ids]
