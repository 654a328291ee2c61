"""The forms that open an organization and decide about an access."""

from typing import Any

from django import forms

from agents_app.accounts.access.asking import Choices
from agents_app.accounts.access.models import Verdict
from agents_app.accounts.access.occasion import OccasionForm
from agents_app.ui.formfields import IdField


class OpenForm(OccasionForm):
    """Asks which of the organizations that are on request, and why."""

    organization = IdField("Organization")
    field_order = ("organization", "category", "ticket", "reason")

    def __init__(self, *arguments: Any, choices: Choices, **options: Any) -> None:
        """`choices` are ids and labels."""
        super().__init__(*arguments, **options)
        field = self.fields["organization"]
        field.required = True
        field.widget = forms.Select(choices=[("", "Choose …"), *choices])


class ReviewForm(forms.Form):
    """A verdict about one row of the trail; `seen` is the number of verdicts its writer saw."""

    verdict = forms.ChoiceField(choices=Verdict.choices, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=10_000, widget=forms.HiddenInput)
    note = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="Needed to flag. Keep customers' words and names out.",
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("verdict") == Verdict.FLAGGED and not found.get("note"):
            self.add_error("note", "Say what is wrong: the person and other reviewers read it.")
        return found

    def clean_note(self) -> str:
        return " ".join(str(self.cleaned_data["note"]).split())
