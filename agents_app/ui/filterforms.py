"""The filter bar that the smaller listings share."""

from django import forms

from agents_app.ui.formfields import SearchField


class NameForm(forms.Form):
    """A name or an id; a subclass may add a `type`."""

    q = SearchField("Name or id")

    def text(self) -> str:
        """What was typed, or nothing when it cannot be searched for."""
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))

    def kind(self) -> str:
        """The type chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get("type", ""))
