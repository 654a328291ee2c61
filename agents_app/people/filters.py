"""What the pages of identities are asked for."""

from typing import Any, Final

from django import forms

from agents_app.ui.filterforms import NameForm
from agents_app.ui.formfields import IdField, SearchField
from agents_app.ui.widgets import QuickSelect

MOST_TERMS: Final = 5
TERM_CHARACTERS: Final = range(3, 201)
KINDS = (("", "Any"), ("user", "user"), ("org", "org"), ("other", "other"))


class IdentityForm(NameForm):
    """Name, external key or id, and the type."""

    q = SearchField("Name, external key or id")
    type = forms.CharField(
        label="Type", required=False, max_length=60, widget=QuickSelect(choices=KINDS)
    )


class OneBlockForm(forms.Form):
    """Which block alone to tell of: its evidence is read without waiting for the others."""

    block = IdField("Block id")

    def block_id(self) -> str | None:
        """None when it is absent or wrong."""
        self.is_valid()
        found: str | None = self.cleaned_data.get("block")
        return found


class KeyForm(forms.Form):
    """An external key or an id, exactly as it is; `sealed` is the same on its way through the sign-in page."""

    identity = forms.CharField(
        label="External key or identity id",
        required=False,
        strip=False,
        max_length=2_000,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "data-wide": ""}),
    )
    sealed = forms.CharField(required=False, max_length=8_000)


class TermsForm(forms.Form):
    """Extra words to look for, one on each line."""

    terms = forms.CharField(
        label="Also count rows that hold these words",
        help_text="Optional: up to 5, one on each line, such as a phone number. They are not kept; the trail"
        " holds a keyed hash. Of what is masked for you only whole values are found, never parts.",
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_terms(self) -> list[str]:
        lines: Any = str(self.cleaned_data["terms"]).splitlines()
        found = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
        if len(found) > MOST_TERMS or any(len(one) not in TERM_CHARACTERS for one in found):
            raise forms.ValidationError(
                "Write up to 5 terms of 3 to 200 characters, one on each line."
            )
        return found
