"""What a transcript and the list of conversations may be narrowed by; a wrong value is answered beside its field."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from agents_app.letta.agent_conditions import AgentFilter
from agents_app.ui.formfields import HIDDEN, IdField, SearchField, WhenField

ROLES = [
    ("", "Any"),
    *((role, role) for role in ("user", "assistant", "tool", "system", "approval", "summary")),
]


@dataclass(frozen=True)
class Narrowed:
    """Conditions on messages; what is empty narrows nothing."""

    q: str = ""
    role: str = ""
    tool: str = ""
    errors: bool = False
    memory: bool = False
    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return any(vars(self).values())


class MessageForm(forms.Form):
    """The filter bar of a transcript."""

    q = SearchField("Text")
    role = forms.ChoiceField(label="Role", required=False, choices=ROLES)
    tool = forms.CharField(label="Tool", required=False, max_length=100)
    since = WhenField(label="From", required=False)
    until = WhenField(label="Before", required=False)
    memory = forms.BooleanField(label="Only turns that changed memory", required=False)
    errors = forms.BooleanField(label="Errors only", required=False)  # type: ignore[assignment]  # no attribute at run time

    def conditions(self) -> Narrowed:
        """The fields that are valid; the others narrow nothing and show their error."""
        self.is_valid()
        return Narrowed(**{name: value for name, value in self.cleaned_data.items() if value})


class PlaceForm(forms.Form):
    """Where to open a transcript, and how to show it."""

    at = forms.CharField(required=False, max_length=100)
    on = WhenField(label="Go to", required=False, widget=forms.DateInput({"type": "date"}))
    edge = forms.ChoiceField(required=False, choices=[("first", "first")])
    view = forms.ChoiceField(required=False, choices=[("reader", "reader"), ("full", "full")])
    thread = forms.ChoiceField(required=False, choices=[("all", "all")])
    deleted = forms.ChoiceField(required=False, choices=[("include", "include")])
    order = forms.ChoiceField(required=False, choices=[("asc", "asc"), ("desc", "desc")])

    def value(self, name: str) -> Any:
        """The cleaned value; None or "" when it is absent or wrong."""
        self.is_valid()
        return self.cleaned_data.get(name)


class MarkForm(forms.Form):
    """Which call's words are marked in a message: the id of the revision that it brought."""

    words = IdField("Revision id")

    def revision_id(self) -> str | None:
        """None when it is absent or wrong."""
        self.is_valid()
        found: str | None = self.cleaned_data.get("words")
        return found


@dataclass(frozen=True)
class ListNarrowed:
    """Conditions on conversations; what is empty narrows nothing."""

    agents: AgentFilter
    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return any(vars(self).values())


class ConversationForm(forms.Form):
    """The filter bar over all conversations."""

    q = SearchField("Agent’s name or id")
    organization = forms.CharField(label="Organization id", required=False, max_length=100)
    type = forms.CharField(label="Agent type", required=False, max_length=60)
    model = forms.CharField(label="Model", required=False, max_length=200)
    tag = forms.CharField(label="Tag", required=False, max_length=200)
    hidden = forms.ChoiceField(label="Hidden agents", required=False, choices=HIDDEN)
    stop_reason = forms.CharField(label="Last stop reason", required=False, max_length=100)
    since = WhenField(label="Last active from", required=False)
    until = WhenField(label="Last active before", required=False)

    def conditions(self) -> ListNarrowed:
        """The fields that are valid; the others narrow nothing and show their error."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        times = {name: given.pop(name, None) for name in ("since", "until")}
        return ListNarrowed(AgentFilter(**given), **times)
