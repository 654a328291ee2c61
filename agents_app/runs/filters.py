"""The filters of the list of runs: some have an index in Letta, the others are answered in windows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from agents_app.letta.outcomes import STATUSES, STOP_REASONS, is_failed, is_unfinished
from agents_app.ui.formfields import IdField, WhenField


class RunFilter(forms.Form):
    """Cleans the query of `/runs/`; a bad value shows its error and filters nothing."""

    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Any"),
            ("failed", "Failed"),
            ("unfinished", "Unfinished"),
            *((status, status.replace("_", " ").capitalize()) for status in STATUSES),
        ],
    )
    stop_reason = forms.ChoiceField(
        required=False,
        choices=[("", "Any"), *((reason, reason.replace("_", " ")) for reason in STOP_REASONS)],
    )
    agent = IdField("Agent id")
    conversation = IdField("Conversation id")
    organization = IdField("Organization id")
    since = WhenField(required=False)
    until = WhenField(required=False)

    def wanted(self) -> "Wanted":
        """What the valid fields ask for."""
        self.is_valid()
        given: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        return Wanted(**{name: given.get(name) or None for name in self.fields})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which runs a reader asked for; `until` is exclusive."""

    status: str | None = None
    stop_reason: str | None = None
    agent: str | None = None
    conversation: str | None = None
    organization: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for something no index answers."""
        return bool(self.status or self.stop_reason)

    def keeps(self, row: Mapping[str, Any]) -> bool:
        """Whether a row answers the part that no index does."""
        status, reason = row["status"], row["stop_reason"]
        if self.stop_reason and (reason or "").lower() != self.stop_reason:
            return False
        if self.status == "failed":
            return is_failed(status, reason)
        if self.status == "unfinished":
            return is_unfinished(status)
        return not self.status or (status or "").lower() == self.status


class RunPageForm(forms.Form):
    """The query of a run's page: which part of its messages."""

    above = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    deleted = forms.ChoiceField(required=False, choices=[("", "Left out"), ("include", "Included")])


class StepPageForm(forms.Form):
    """The query of a step's page: which raw model request to open."""

    trace = IdField("Trace id")


BODIES = (("request", "Request"), ("response", "Response"))


class TraceForm(forms.Form):
    """The query of a trace's page: which of its bodies to download."""

    download = forms.ChoiceField(required=False, choices=[("", "None"), *BODIES])


def cleaned(form: forms.Form) -> dict[str, Any]:
    """The valid fields' values; a bad one is as if it were absent."""
    form.is_valid()
    return dict(form.cleaned_data)
