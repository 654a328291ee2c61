"""The stretch of time that the cluster page shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms

from agents_app.aws import spans
from agents_app.aws.spans import Span
from agents_app.ui.formfields import WhenField

RANGES = (("1h", "1 hour"), ("6h", "6 hours"), ("24h", "24 hours"), ("7d", "7 days"),
          ("30d", "30 days"), ("90d", "90 days"), ("custom", "Custom"))  # fmt: skip
USUAL = "24h"


class RangeForm(forms.Form):
    """`?range=24h`, or `?range=custom&since=…&until=…`; a missing end is now, a missing start a day before."""

    range = forms.ChoiceField(choices=RANGES, required=False, label="Range")
    since = WhenField(required=False, label="From")
    until = WhenField(required=False, label="Until")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since >= until:
            self.add_error("until", "The end must lie after the start.")
        if since and since >= datetime.now(UTC):
            self.add_error("since", "The start lies in the future.")
        return found

    @property
    def name(self) -> str:
        """The range asked for; 24 hours where it is missing or wrong."""
        self.is_valid()
        given = bool(self.cleaned_data.get("since") or self.cleaned_data.get("until"))
        return str(self.cleaned_data.get("range") or ("custom" if given else USUAL))

    def span(self) -> Span:
        """The stretch at a period for which CloudWatch still has data."""
        if self.name != "custom":
            return spans.named(self.name)
        until = self.cleaned_data.get("until") or datetime.now(UTC)
        since = self.cleaned_data.get("since") or until - timedelta(days=1)
        return spans.between(since, until)
