"""A moment that a person types: in the zone of the page, within the years that Letta knows, never a fault."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils.timezone import override
from hypothesis import given
from hypothesis import strategies as st

from agents_app.ui.formfields import YEARS, WhenField

ZONES = ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"]


class Asked(forms.Form):
    t = WhenField(required=False)


def test_a_time_without_an_offset_is_of_the_zone_of_the_page() -> None:
    with override(ZoneInfo("Europe/Berlin")):
        form = Asked({"t": "2026-05-03T14:30"})
        assert form.is_valid()
    assert form.cleaned_data["t"] == datetime(2026, 5, 3, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "text", ["0001-01-01", "9999-12-31T23:59", "0001-01-01T00:00+00:00", "1969-12-31", "soon", "1"]
)
def test_odd_years_and_other_words_are_answered_beside_the_field(text: str, zone: str) -> None:
    with override(ZoneInfo(zone)):
        form = Asked({"t": text})
        assert "Write a date as 2026-11-20" in form.as_div()
        assert "t" not in form.cleaned_data


@given(st.text(max_size=30) | st.datetimes(timezones=st.timezones() | st.none()).map(str))
@pytest.mark.parametrize("zone", ZONES)
def test_whatever_is_typed_is_shown_again_or_refused(zone: str, text: str) -> None:
    with override(ZoneInfo(zone)):
        form = Asked({"t": text})
        form.as_div()
        found = form.cleaned_data.get("t")
    assert found is None or found.year in YEARS
