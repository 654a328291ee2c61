"""Why somebody asks for wider access: a category, a ticket, a reason; asked for by a form."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from django import forms
from django.http import HttpRequest

from agents_app.accounts.access.models import Category

REMEMBERED: Final = "inspector_occasion"
SHORTEST_REASON: Final = 10


@dataclass(frozen=True)
class Occasion:
    """What is kept about an opening or a reveal."""

    category: str
    ticket: str
    reason: str

    @property
    def said(self) -> str:
        """All three on one line, as the trail keeps them."""
        ticket = f", ticket {self.ticket}" if self.ticket else ""
        return f"{Category(self.category).label}{ticket}: {self.reason}"

    def fields(self) -> dict[str, str]:
        """The columns of a model WithReason."""
        return asdict(self)


class OccasionForm(forms.Form):
    """Asks for category, ticket and reason; the first two are remembered for the session."""

    category = forms.ChoiceField(choices=[("", "Choose …"), *Category.choices])
    ticket = forms.RegexField(
        r"\A[A-Za-z0-9#][A-Za-z0-9 ._/#:-]*\Z",
        label="Ticket number",
        required=False,
        max_length=60,
        error_messages={"invalid": "Letters, digits and . _ / # : - only."},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reason = forms.CharField(
        max_length=400,
        help_text="At least 10 characters. Reviewers read it; keep customers' words and names out.",
        widget=forms.Textarea({"rows": 3}),
    )

    def clean_reason(self) -> str:
        words = " ".join(str(self.cleaned_data["reason"]).split())
        if len(words) < SHORTEST_REASON:
            raise forms.ValidationError("Say in at least 10 characters what you need this for.")
        return words

    def occasion(self) -> Occasion:
        """What a valid form says."""
        given = self.cleaned_data
        return Occasion(given["category"], given["ticket"], given["reason"])


def remembered(request: HttpRequest) -> dict[str, Any]:
    """Category and ticket of the last form in this session, for the next one."""
    kept = request.session.get(REMEMBERED)
    return dict(kept) if isinstance(kept, dict) else {}


def remember(request: HttpRequest, occasion: Occasion) -> None:
    """Keeps category and ticket for the rest of the session."""
    request.session[REMEMBERED] = {"category": occasion.category, "ticket": occasion.ticket}
