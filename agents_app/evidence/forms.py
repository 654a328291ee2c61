"""What a bundle is asked for with: the object, what narrows it, and why it is made."""

from typing import Any

from django import forms

from agents_app.accounts.access.occasion import OccasionForm
from agents_app.evidence.sources import Asked, kinds
from agents_app.ui.formfields import IdField, WhenField


class EvidenceForm(forms.Form):
    """The object and the filters; all of it stands in the address of the page."""

    kind = forms.ChoiceField(widget=forms.HiddenInput, required=False)
    id = IdField("Id")
    agent = IdField("Agent id")
    label = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    since = WhenField(label="From", required=False)
    until = WhenField(label="Before", required=False)
    memory = forms.BooleanField(label="Only what concerns memory", required=False)
    deleted = forms.BooleanField(label="Soft-deleted rows too", required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["kind"].choices = [("", ""), *((one, one) for one in kinds())]  # type: ignore[attr-defined]
        for name in ("id", "agent"):
            self.fields[name].widget = forms.HiddenInput()

    def asked(self) -> Asked | None:
        """What the fields ask for; None while they name no object. Wrong times are said beside their fields."""
        self.is_valid()
        given = self.cleaned_data
        if not given.get("kind") or not given.get("id"):
            return None
        return Asked(
            kind=given["kind"],
            id=given["id"],
            agent=given.get("agent") or "",
            label=given.get("label") or "",
            since=given.get("since"),
            until=given.get("until"),
            memory_only=given.get("memory", False),
            with_deleted=given.get("deleted", False),
        )

    @property
    def given(self) -> list[tuple[str, str]]:
        """All that was given, to go along with the next form."""
        names = [*EvidenceForm.base_fields]
        return [(name, str(self.data[name])) for name in names if self.data.get(name)]


class OrderForm(OccasionForm, EvidenceForm):
    """The same with the occasion, which goes on record and into the bundle."""
