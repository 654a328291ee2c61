"""What the review queue may be narrowed by."""

from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet

from agents_app.accounts.access import reviewing
from agents_app.accounts.access.models import Verdict
from agents_app.accounts.models import RESETS, AccessEvent

EVERYTHING: Final = "all"
BUNDLE: Final = "evidence.export"
KINDS: Final = {
    "opening": ("Organizations opened", Q(action="organization.open")),
    "reveal": ("Objects revealed", Q(action="object.reveal")),
    "export": ("Exports", Q(action__endswith=".export") & ~Q(action=BUNDLE)),
    "evidence": ("Evidence bundles", Q(action=BUNDLE)),
    "reset": ("Passwords and second factors reset", Q(action__in=RESETS)),
}


class ReviewFilter(forms.Form):
    """Cleans the query of `/trail/review/`; a bad value shows its error and filters nothing."""

    state = forms.ChoiceField(
        required=False,
        choices=[("", "Waiting"), *Verdict.choices, (EVERYTHING, "Waiting and decided")],
    )
    kind = forms.ChoiceField(
        required=False, choices=[("", "Any"), *((key, label) for key, (label, _) in KINDS.items())]
    )
    person = forms.CharField(
        required=False, max_length=150, widget=forms.TextInput({"autocomplete": "off"})
    )

    def events(self) -> QuerySet[AccessEvent]:
        """The accesses that the valid fields ask for; those that wait, unless others are asked for."""
        self.is_valid()
        given: dict[str, Any] = getattr(self, "cleaned_data", {})
        found = reviewing.in_state(reviewing.accesses(), given.get("state") or reviewing.WAITING)
        if given.get("kind"):
            found = found.filter(KINDS[given["kind"]][1])
        return found.filter(user_name=given["person"]) if given.get("person") else found
