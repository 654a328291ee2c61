"""What the list of blocks may be narrowed by; a wrong value is answered beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from agents_app.ui.formfields import IdField, WhenField
from agents_app.ui.widgets import QuickSelect

SHARED = (
    ("", "Any"),
    ("yes", "by several agents"),
    ("no", "by one agent"),
    ("none", "by no agent"),
)
READ_ONLY = (("", "Any"), ("yes", "read-only"), ("no", "writable"))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which blocks a reader asked for; what is empty narrows nothing."""

    label: str = ""
    agent: str = ""
    organization: str = ""
    shared: str = ""
    read_only: str = ""
    near_limit: bool = False
    since: datetime | None = None

    def __bool__(self) -> bool:
        return any(vars(self).values())

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for something no index answers."""
        return any((self.organization, self.shared, self.read_only, self.near_limit, self.since))


class BlockForm(forms.Form):
    """The filter bar over all blocks."""

    label = forms.CharField(
        label="Label",
        required=False,
        max_length=200,
        widget=forms.TextInput({"data-wide": "", "autocomplete": "off", "spellcheck": "false"}),
    )
    agent = IdField("Agent id")
    organization = IdField("Organization id")
    shared = forms.ChoiceField(label="Held", required=False, choices=SHARED, widget=QuickSelect)
    read_only = forms.ChoiceField(
        label="Writable by tools", required=False, choices=READ_ONLY, widget=QuickSelect
    )
    since = WhenField(label="Changed since", required=False)
    near_limit = forms.BooleanField(label="90 % full or more", required=False)

    def wanted(self) -> Wanted:
        """What the valid fields ask for."""
        self.is_valid()
        given: Mapping[str, Any] = self.cleaned_data
        return Wanted(**{name: value for name, value in given.items() if value})

    def offer_labels(self, labels: list[str]) -> None:
        """Turns the label into a select of what is known, keeping one that is in force."""
        held = str(self.data.get("label", ""))
        known = labels if held in {"", *labels} else [held, *labels]
        options = [("", "Any"), *((label, label) for label in known)]
        self.fields["label"].widget = QuickSelect(choices=options)
