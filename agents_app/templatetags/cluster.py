"""Filters of the cluster pages: growth with its sign, seconds, money, a key of a mapping."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.template import Library

from agents_app.aws.sleep import Sleep
from agents_app.cluster.picture import Picture
from agents_app.templatetags import inspector
from agents_app.templatetags.inspector import NOTHING, filesize
from agents_app.text.times import duration_ms
from agents_app.ui.jsonout import encode

register = Library()


@register.filter
def key(mapping: Mapping[Any, Any] | None, name: Any) -> Any:
    """The value under `name`; None where it, or the mapping, is absent."""
    return mapping.get(name) if mapping else None


@register.filter
def signed_size(size_bytes: Any) -> str:
    """`+1.4 MB`, `−300 KB`, `0 B`."""
    if not isinstance(size_bytes, int | float):
        return NOTHING
    size = round(size_bytes)
    sign = "+" if size > 0 else "−" if size < 0 else ""
    return f"{sign}{filesize(abs(size))}"


@register.filter
def seconds(value: Any) -> str:
    """`850 ms`, `3 min 4 s`; – where it is not known."""
    return NOTHING if not isinstance(value, int | float) else duration_ms(max(value, 0) * 1000)


@register.filter
def written(moment: Any) -> str:
    """A time as plain text, for labels and options."""
    return inspector.written(moment) if isinstance(moment, datetime) else NOTHING


@register.filter
def written_time(moment: Any) -> str:
    """`14:03`."""
    return inspector.written(moment, "time") if isinstance(moment, datetime) else NOTHING


@register.filter
def figure(value: Any) -> str:
    """A measured number, as published: whole with thousands parted, else up to 6 digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return NOTHING
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}"


@register.filter
def money(amount: Any, currency: str = "") -> str:
    """`43.80 USD`; small amounts keep four decimals, as an hour of half an ACU costs six cents."""
    if not isinstance(amount, int | float):
        return NOTHING
    return f"{_amount(amount)} {currency}".strip()


@register.filter
def money_span(low: float, high: float) -> str:
    """`12.00 to 18.40`, or one amount where both are the same."""
    first, last = _amount(low), _amount(high)
    return first if first == last else f"{first} to {last}"


def _amount(value: float) -> str:
    return f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:,.4f}"


@register.filter
def hours(value: Any) -> str:
    """`3.5 h`."""
    return NOTHING if not isinstance(value, int | float) else f"{value:,.4g} h"


@register.filter
def acu(value: float) -> str:
    """`2.5 ACU`."""
    return f"{value:g} ACU"


@register.filter
def limits_words(picture: Picture) -> str:
    """`of 0 to 16 ACU`; empty where AWS did not tell."""
    state = picture.state
    if state is None or state.min_acu is None or state.max_acu is None:
        return ""
    return f"of {state.min_acu:g} to {state.max_acu:g} ACU"


@register.filter
def since_words(sleep: Sleep) -> str:
    """`since 20 Nov 2026, 14:03`, or that it is longer than was looked at."""
    if sleep.since is None:
        return ""
    words = "since" if sleep.since_exact else "since before"
    return f"{words} {inspector.written(sleep.since)}"


@register.filter
def age_words(age_s: Any) -> str:
    """`45 s ago`."""
    return "" if not isinstance(age_s, int | float) else f"{duration_ms(max(age_s, 0) * 1000)} ago"


@register.filter
def comparison(operator: str) -> str:
    """An alarm's operator as a sign."""
    signs = {"GreaterThanThreshold": ">", "GreaterThanOrEqualToThreshold": "≥",
             "LessThanThreshold": "<", "LessThanOrEqualToThreshold": "≤"}  # fmt: skip
    return signs.get(operator, operator)


@register.filter
def moment(epoch_s: Any) -> datetime | None:
    """Epoch seconds as a time."""
    return datetime.fromtimestamp(epoch_s, UTC) if isinstance(epoch_s, int | float) else None


@register.filter
def iso(moment: datetime) -> str:
    """`2026-11-20T14:03:00Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


@register.filter
def as_json(value: Any) -> str:
    """For an attribute that a script reads: htmx takes no script element, not even one that holds data."""
    return encode(value)
