"""Times in words, and times that no calendar holds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given

from agents_app.text.times import BeyondCalendar, ago, duration_ms, parse_when, size_bytes, zone
from tests.unit.text.strategies import hostile_text

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
INFINITY, PAST = BeyondCalendar("infinity"), BeyondCalendar("-infinity")
FAR, BC = BeyondCalendar("20000-01-01 00:00:00+00"), BeyondCalendar("0044-03-15 00:00:00+00 BC")


def test_times_beyond_the_calendar_sort_among_others() -> None:
    assert sorted([INFINITY, NOW, PAST, FAR, BC]) == [PAST, BC, NOW, FAR, INFINITY]
    assert max(NOW, FAR) is FAR
    assert NOW != FAR
    assert BeyondCalendar("infinity") == INFINITY


def test_times_beyond_the_calendar_format_as_themselves() -> None:
    assert (
        f"{FAR}"
        == FAR.isoformat()
        == FAR.astimezone(UTC).strftime("%Y")
        == "20000-01-01 00:00:00+00"
    )
    assert FAR - NOW is None
    assert NOW - FAR is None
    assert ago(FAR, NOW) == "beyond calendar"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20 10:30", datetime(2026, 11, 20, 10, 30, tzinfo=UTC)),
        ("2026-11-20T10:30:00Z", datetime(2026, 11, 20, 10, 30, tzinfo=UTC)),
        (" 2026-11-20T10:30:00+02:00 ", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026-11-20T10:30:00 02:00", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
    ],
)
def test_people_type_times_in_several_ways(text: str, expected: datetime) -> None:
    assert parse_when(text) == expected


def test_a_time_without_offset_is_read_in_the_readers_zone() -> None:
    east = timezone(timedelta(hours=2))
    assert parse_when("2026-11-20", tz=east) == datetime(2026, 11, 19, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13-01",
        "infinity",
        "٢٠٢٦-١١-٢٠",
        "9" * 50,
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_anything_else_is_no_time(text: str) -> None:
    assert parse_when(text) is None


@given(hostile_text)
def test_no_text_makes_times_raise(text: str) -> None:
    parse_when(text)
    zone(text)


def test_known_zones_are_used_and_bad_ones_are_utc_with_a_flag() -> None:
    assert (zone("Europe/Berlin").known, zone("Europe/Berlin").name) == (True, "Europe/Berlin")
    for bad in ("Mars/Base", "../../etc/passwd", "A" * 10**6, "Europe", "/etc/localtime"):
        assert (zone(bad).known, zone(bad).tz) == (False, UTC)
    assert zone(None).known


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "just now"),
        (50, "50 seconds ago"),
        (60, "1 minute ago"),
        (7300, "2 hours ago"),
        (-86_400 * 3, "in 3 days"),
    ],
)
def test_ago(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_ago_takes_naive_times_as_utc_and_none_as_never() -> None:
    assert ago(NOW.replace(tzinfo=None, hour=11), NOW) == "1 hour ago"
    assert ago(None, NOW) == "never"


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (None, "–"),
        (850, "850 ms"),
        (999.7, "1.0 s"),
        (12_340, "12.3 s"),
        (59_990, "1 min 0 s"),
        (200_000, "3 min 20 s"),
        (7_500_000, "2 h 5 min"),
        (-850, "−850 ms"),
        (273_600_000, "3 d 4 h"),
    ],
)
def test_durations(milliseconds: float | None, words: str) -> None:
    assert duration_ms(milliseconds) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1536, "1.5 KB"),
        (1024**2, "1.0 MB"),
        (2**60, "1,048,576.0 TB"),
    ],
)
def test_sizes(count: int, words: str) -> None:
    assert size_bytes(count) == words
