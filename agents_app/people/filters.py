"""What the list of identities may be narrowed by."""

from django import forms

from agents_app.ui.filterforms import NameForm
from agents_app.ui.formfields import SearchField
from agents_app.ui.widgets import QuickSelect

KINDS = (("", "Any"), ("user", "user"), ("org", "org"), ("other", "other"))


class IdentityForm(NameForm):
    """Name, external key or id, and the type."""

    q = SearchField("Name, external key or id")
    type = forms.CharField(
        label="Type", required=False, max_length=60, widget=QuickSelect(choices=KINDS)
    )
