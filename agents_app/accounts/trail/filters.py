"""What the trail may be narrowed by; every filter is answered by an index."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from agents_app.accounts.models import AccessEvent, Outcome
from agents_app.accounts.trail import reaching
from agents_app.ui.formfields import IdField, WhenField


class TrailFilter(forms.Form):
    """Cleans the query of `/trail/`; a bad value shows its error and filters nothing."""

    person = forms.CharField(
        required=False, max_length=150, widget=forms.TextInput({"autocomplete": "off"})
    )
    action = forms.CharField(
        required=False, max_length=60, widget=forms.TextInput({"placeholder": "conversation.read"})
    )
    outcome = forms.ChoiceField(required=False, choices=[("", "Any"), *Outcome.choices])
    object = IdField("Object id")
    agent = IdField("Agent id")
    identity = IdField("Identity id")
    organization = IdField("Organization id")
    since = WhenField(required=False)
    until = WhenField(required=False)

    def __init__(self, data: Mapping[str, Any], *, without: Collection[str] = ()) -> None:
        """`without` names fields that the page itself answers."""
        super().__init__(data)
        self.partial = ""  # why events may be missing, once they were asked for
        for name in without:
            del self.fields[name]

    def events(self, among: QuerySet[AccessEvent] | None = None) -> QuerySet[AccessEvent]:
        """The events that the valid fields ask for, in no order yet."""
        self.is_valid()
        given: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        conditions = [make(given[name]) for name, make in _CONDITIONS.items() if given.get(name)]
        if given.get("identity"):
            reached = reaching.of_identity(given["identity"])
            self.partial = reached.partial
            conditions.append(reached.looks())
        return (AccessEvent.objects.all() if among is None else among).filter(*conditions)


def _of_action(action: str) -> Q:
    return Q(action=action) | Q(action__startswith=f"{action}.")


def _of_agent(agent_id: str) -> Q:
    return reaching.Reached(agent_id).looks()


_CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "person": lambda name: Q(user_name=name),
    "action": _of_action,
    "outcome": lambda outcome: Q(outcome=outcome),
    "object": lambda key: Q(object_ids__contains=[key]),
    "agent": _of_agent,
    "organization": lambda key: Q(organization_id=key),
    "since": lambda moment: Q(at__gte=moment),
    "until": lambda moment: Q(at__lt=moment),
}
