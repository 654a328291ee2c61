"""What a transcript and the list of conversations may be narrowed by; a wrong value is answered beside its field."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from agents_app.text.times import parse_when
from agents_app.ui.formfields import IdField

ROLES = [
    ("", "Any"),
    *((role, role) for role in ("user", "assistant", "tool", "system", "approval", "summary")),
]

HIDDEN = [("", "Any"), ("no", "not hidden"), ("yes", "hidden")]


class WhenField(forms.CharField):
    """A date, or a date and time, in the zone that the page shows."""

    default_error_messages = {"when": "Write a date like 2026-05-03, or 2026-05-03T14:30."}

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=40, **options)

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        when = parse_when(text, tz=timezone.get_current_timezone())
        if when is None or not 1970 <= when.year <= 9990:
            raise forms.ValidationError(self.error_messages["when"], code="when")
        return when


DATE = {"type": "date"}


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

    q = forms.CharField(
        label="Text",
        required=False,
        max_length=200,
        widget=forms.TextInput({"data-wide": "", "type": "search"}),
    )
    role = forms.ChoiceField(label="Role", required=False, choices=ROLES)
    tool = forms.CharField(label="Tool", required=False, max_length=100)
    since = WhenField(label="From", widget=forms.DateInput(DATE))
    until = WhenField(label="Before", widget=forms.DateInput(DATE))
    memory = forms.BooleanField(label="Only turns that changed memory", required=False)
    errors = forms.BooleanField(label="Errors only", required=False)  # type: ignore[assignment]  # no attribute at run time

    def conditions(self) -> Narrowed:
        """The fields that are valid; the others narrow nothing and show their error."""
        self.is_valid()
        return Narrowed(**{name: value for name, value in self.cleaned_data.items() if value})


class PlaceForm(forms.Form):
    """Where to open a transcript, and how to show it."""

    at = forms.CharField(required=False, max_length=100)
    on = WhenField(label="Go to", widget=forms.DateInput(DATE))
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

    q: str = ""
    organization: str = ""
    type: str = ""
    model: str = ""
    tag: str = ""
    hidden: str = ""
    stop_reason: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return any(vars(self).values())


class ConversationForm(forms.Form):
    """The filter bar over all conversations."""

    q = forms.CharField(
        label="Agent’s name or id", required=False, max_length=200,
        widget=forms.TextInput({"data-wide": "", "type": "search"}),
    )  # fmt: skip
    organization = forms.CharField(label="Organization id", required=False, max_length=100)
    type = forms.CharField(label="Agent type", required=False, max_length=60)
    model = forms.CharField(label="Model", required=False, max_length=200)
    tag = forms.CharField(label="Tag", required=False, max_length=200)
    hidden = forms.ChoiceField(label="Hidden agents", required=False, choices=HIDDEN)
    stop_reason = forms.CharField(label="Last stop reason", required=False, max_length=100)
    since = WhenField(label="Last active from", widget=forms.DateInput(DATE))
    until = WhenField(label="Last active before", widget=forms.DateInput(DATE))

    def conditions(self) -> ListNarrowed:
        """The fields that are valid; the others narrow nothing and show their error."""
        self.is_valid()
        return ListNarrowed(**{name: value for name, value in self.cleaned_data.items() if value})
