"""Form fields that several filters share: a moment in the reader's zone, words to search for, a whole id."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone

from agents_app.converters import LettaId
from agents_app.text.times import parse_when

YEARS = range(1970, 9991)  # of Letta's times; the ends of the calendar have no room for other zones
HIDDEN = (("", "Any"), ("no", "not hidden"), ("yes", "hidden"))


def _moment(text: str) -> datetime | None:
    """What `text` says in the reader's zone, unless it is no time or an odd year."""
    found = parse_when(text, tz=get_current_timezone())
    return found if found is not None and found.year in YEARS else None


class WhenInput(forms.DateTimeInput):
    """The browser's own picker, in the zone that the page's times are in."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        found = _moment(value) if isinstance(value, str) else value
        if not isinstance(found, datetime):
            return value or None
        return f"{found.astimezone(get_current_timezone()):%Y-%m-%dT%H:%M}"


class WhenField(forms.CharField):
    """A date, or a date and time; without an offset it is read in the reader's zone."""

    widget = WhenInput

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = _moment(text)
        if found is None:
            raise forms.ValidationError(
                "Write a date as 2026-11-20, or with a time as 2026-11-20 14:30."
            )
        return found


class SearchField(forms.CharField):
    """What a list is searched for: part of a name, the beginning of an id, words of a text."""

    def __init__(self, label: str, *, strip: bool = True) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=200,
            strip=strip,
            widget=forms.TextInput({"data-wide": "", "type": "search"}),
        )


class IdField(forms.RegexField):
    """A whole id of Letta's; empty is None."""

    def __init__(self, label: str) -> None:
        super().__init__(
            rf"\A(?:{LettaId.regex})\Z",
            label=label,
            required=False,
            empty_value=None,
            error_messages={"invalid": "This is not an id. Paste the whole id."},
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )
