"""What lists of archives, folders, files and passages may be narrowed by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from agents_app.ui.formfields import IdField, WhenField
from agents_app.ui.widgets import QuickSelect

_SEARCH = {"data-wide": "", "type": "search", "autocomplete": "off"}
STATES = ("pending", "parsing", "embedding", "completed", "error")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Conditions on passages; what is empty narrows nothing."""

    q: str = ""
    tag: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return any(vars(self).values())

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for something no index answers."""
        return bool(self.q or self.tag)


class PassageForm(forms.Form):
    """The filter bar over passages; text and tags are content, so they need the right to it."""

    q = forms.CharField(
        label="Text", required=False, max_length=200, widget=forms.TextInput(_SEARCH)
    )
    tag = forms.CharField(label="Tag", required=False, max_length=200, strip=False)
    since = WhenField(label="From", required=False)
    until = WhenField(label="Before", required=False)

    def __init__(self, data: Mapping[str, Any], *, content: bool) -> None:
        super().__init__(data)
        if not content:
            del self.fields["q"], self.fields["tag"]

    def wanted(self) -> Wanted:
        """What the valid fields ask for."""
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})

    def offer_tags(self, tags: list[str]) -> None:
        """Turns the tag into a select of what is known, keeping one that is in force."""
        if not tags or "tag" not in self.fields:
            return
        held = str(self.data.get("tag", ""))
        known = tags if held in {"", *tags} else [held, *tags]
        self.fields["tag"].widget = QuickSelect(choices=[("", "Any"), *((t, t) for t in known)])


class ContainerForm(forms.Form):
    """The filter bar over archives or folders."""

    q = forms.CharField(
        label="Name", required=False, max_length=200, widget=forms.TextInput(_SEARCH)
    )
    organization = IdField("Organization id")

    def conditions(self) -> dict[str, Any]:
        """Valid fields as conditions of a queryset."""
        self.is_valid()
        wanted = {"name__icontains": "q", "organization_id": "organization"}
        found = {lookup: self.cleaned_data.get(name) for lookup, name in wanted.items()}
        return {lookup: value for lookup, value in found.items() if value}


class FileForm(forms.Form):
    """The filter bar over the files of a folder; names of files are content."""

    q = forms.CharField(
        label="Name", required=False, max_length=200, widget=forms.TextInput(_SEARCH)
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Any"), *((state, state) for state in STATES)],
        widget=QuickSelect,
    )

    def __init__(self, data: Mapping[str, Any], *, content: bool) -> None:
        super().__init__(data)
        if not content:
            del self.fields["q"]

    def conditions(self) -> dict[str, Any]:
        """Valid fields as conditions of a queryset."""
        self.is_valid()
        wanted = {"file_name__icontains": "q", "processing_status": "state"}
        found = {lookup: self.cleaned_data.get(name) for lookup, name in wanted.items()}
        return {lookup: value for lookup, value in found.items() if value}
