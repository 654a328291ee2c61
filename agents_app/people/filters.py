"""What the list of identities may be narrowed by."""

from django import forms

from agents_app.ui.widgets import QuickSelect

KINDS = (("", "Any"), ("user", "user"), ("org", "org"), ("other", "other"))


class IdentityForm(forms.Form):
    """Name, external key or id, and the type."""

    q = forms.CharField(
        label="Name, external key or id",
        required=False,
        max_length=200,
        widget=forms.TextInput({"data-wide": "", "type": "search"}),
    )
    type = forms.CharField(
        label="Type", required=False, max_length=60, widget=QuickSelect(choices=KINDS)
    )

    def text(self) -> str:
        """What was typed, or nothing when it cannot be searched for."""
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))

    def kind(self) -> str:
        """The type chosen, or nothing."""
        self.is_valid()
        return str(self.cleaned_data.get("type", ""))
