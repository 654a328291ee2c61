"""What the map is asked for: how it is drawn, what it is coloured by, what to light up, what to list."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from agents_app.converters import LettaId
from agents_app.embeddings.clouds import Cloud
from agents_app.embeddings.map.colouring import NAMES
from agents_app.embeddings.map.drawing import METHODS
from agents_app.ui.widgets import QuickSelect

MOST_SELECTED = 200


class MapForm(forms.Form):
    """The bar above the map; wrong values fall back to the first choice."""

    by = forms.ChoiceField(label="Projection", required=False, widget=QuickSelect)
    colour = forms.ChoiceField(label="Colour", required=False, widget=QuickSelect)
    space = forms.ChoiceField(label="Model", required=False, widget=QuickSelect)

    def __init__(
        self, data: Mapping[str, Any], *, spaces: Sequence[Cloud], colours: Sequence[str]
    ) -> None:
        super().__init__(data)
        self.fields["by"].choices = list(METHODS.items())  # type: ignore[attr-defined]
        self.fields["colour"].choices = [(name, NAMES[name]) for name in colours]  # type: ignore[attr-defined]
        named = [(cloud.key, _words(cloud)) for cloud in spaces if cloud.space]
        self.fields["space"].choices = named  # type: ignore[attr-defined]
        if len(named) < 2:
            del self.fields["space"]

    def chosen(self, name: str, default: str = "") -> str:
        """The valid value of a field, or the default."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or default)


def _words(cloud: Cloud) -> str:
    assert cloud.space is not None  # noqa: S101
    return f"{cloud.space.model}, {cloud.space.dimension:,} dimensions, {cloud.vectors:,} vectors"


class SelectionForm(forms.Form):
    """Ids of selected points, parted by blanks; at most 200 are looked at."""

    ids = forms.RegexField(
        rf"\A(?:{LettaId.regex})(?: {LettaId.regex})*\Z",
        max_length=40_000,
        widget=forms.HiddenInput,
    )
    chosen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def selected(self) -> list[str]:
        return list(dict.fromkeys(self.cleaned_data["ids"].split(" ")))[:MOST_SELECTED]


class FindForm(forms.Form):
    """What to light up."""

    q = forms.CharField(label="Light up passages that say", max_length=200)
