"""JSON that any browser parses, whatever is in it."""

import json
from datetime import UTC, datetime, timedelta, timezone

from agents_app.ui.jsonout import encode


def test_times_are_iso_in_utc() -> None:
    moment = datetime(2026, 11, 20, 19, 47, 17, 5, tzinfo=timezone(timedelta(hours=1)))
    assert json.loads(encode({"at": moment})) == {"at": "2026-11-20T18:47:17.000005Z"}


def test_naive_times_are_taken_as_utc() -> None:
    assert encode(datetime(2026, 1, 2)) == encode(datetime(2026, 1, 2, tzinfo=UTC))  # noqa: DTZ001


def test_infinity_and_nan_become_strings() -> None:
    assert json.loads(encode([float("nan"), {"a": float("inf")}])) == ["nan", {"a": "inf"}]


def test_lone_surrogates_do_not_break_the_answer() -> None:
    assert encode("\ud800").encode("ascii") == b'"\\ud800"'
