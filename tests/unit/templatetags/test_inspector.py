"""Filters: what a reader sees of Letta's values, strange ones included."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agents_app.templatetags import inspector
from agents_app.text.times import BeyondCalendar

AT = datetime(2026, 11, 20, 18, 47, 17, 123456, tzinfo=UTC)
AGENT = "agent-1a2b3c4d-0000-4000-8000-000000000001"

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(), st.text(), max_size=3),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.builds(BeyondCalendar, st.text()),
)


def test_a_time_is_shown_in_the_readers_zone_with_the_exact_utc_in_its_title() -> None:
    with timezone.override(ZoneInfo("Europe/Paris")):
        html = inspector.when(AT)
    assert html == (
        '<time datetime="2026-11-20T18:47:17.123456Z" title="2026-11-20 18:47:17.123456 UTC">'
        "20 Nov 2026, 19:47</time>"
    )


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("second", "20 Nov 2026, 18:47:17"),
        ("time", "18:47"),
        ("date", "20 Nov 2026"),
        ("day", "Friday 20 November 2026"),
    ],
)
def test_a_time_is_written_as_its_style_says(style: str, words: str) -> None:
    assert f">{words}</time>" in inspector.when(AT, style)


def test_a_time_without_a_zone_is_utc() -> None:
    assert inspector.when(AT.replace(tzinfo=None)) == inspector.when(AT)


def test_a_time_beyond_the_calendar_is_shown_as_postgresql_spells_it() -> None:
    html = inspector.when(BeyondCalendar("infinity"))
    assert ">infinity</span>" in html
    assert 'data-level="warn"' in html


def test_no_time_is_a_dash() -> None:
    assert inspector.when(None) == inspector.ago(None) == "–"


def test_a_time_that_the_zone_pushes_out_of_the_calendar_stays_in_utc() -> None:
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert ">31 Dec 9999, 23:00<" in inspector.when(datetime(9999, 12, 31, 23, tzinfo=UTC))


def test_ago_keeps_the_exact_time_in_its_title() -> None:
    html = inspector.ago(datetime.now(UTC) - timedelta(minutes=12, seconds=5))
    assert ">12 minutes ago</time>" in html
    assert " UTC" in html


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (2**63, "9,223,372,036,854,775,808"),
        (1.5, "1.5"),
        (None, "–"),
    ],
)
def test_numbers_have_their_thousands_parted(value: object, words: str) -> None:
    assert inspector.number(value) == words


def test_a_number_of_thousands_of_digits_is_described() -> None:
    assert inspector.number(10**5000) == "a number of about 5,000 digits"


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(1, 3, "33 %"), (5, 0, "–"), (None, 3, "–"), (7, 5, "140 %")]
)
def test_a_share_is_whole_percent(part: object, whole: object, words: str) -> None:
    assert inspector.percent_of(part, whole) == words


def test_durations_and_sizes_have_units() -> None:
    assert inspector.duration_ms(2400) == inspector.duration_ns(2_400_000_000) == "2.4 s"
    assert inspector.filesize(1536) == "1.5 KB"
    assert inspector.filesize(None) == "–"


def test_an_id_is_short_and_copies_whole() -> None:
    html = inspector.short_id(AGENT, "/agents/x/")
    assert f'<a href="/agents/x/" title="{AGENT}">agent-1a2b3c4d…</a>' in html
    assert f'data-copy="{AGENT}"' in html


def test_an_id_of_another_make_is_escaped_and_cut() -> None:
    html = inspector.short_id('"><script>' + "x" * 1000)
    assert "<script>" not in html
    assert "more characters" in html


@pytest.mark.parametrize(
    ("status", "level", "words"),
    [
        ("completed", "ok", "Completed"),
        ("FAILED", "danger", "Failed"),
        ("llm_api_error", "danger", "LLM API error"),
        ("requires_approval", "warn", "Requires approval"),
        ("a_new_one", "quiet", "A new one"),
    ],
)
def test_a_status_has_words_and_a_level(status: str, level: str, words: str) -> None:
    assert (
        inspector.status_badge(status) == f'<span class="badge" data-level="{level}">{words}</span>'
    )


def test_a_name_that_mixes_look_alike_alphabets_says_so() -> None:
    assert "look-alike letters" in inspector.named("Аcme")
    assert "look-alike" not in inspector.named("Acme")
    assert "(blank name)" in inspector.named(None)


@pytest.mark.parametrize(
    ("config", "handle"),
    [
        ({"handle": "openai/gpt-4.1"}, "openai/gpt-4.1"),
        ({"model": "gpt-4.1", "model_endpoint_type": "openai"}, "openai/gpt-4.1"),
        ({"embedding_model": "letta/letta-free"}, "letta/letta-free"),
        ({}, "–"),
        (None, "–"),
    ],
)
def test_a_model_has_one_handle(config: object, handle: str) -> None:
    assert inspector.model_handle(config) == handle


def test_json_keeps_its_script_and_stays_inert() -> None:
    html = inspector.pretty_json({"name": "Søren", "bad": "<b>"})
    assert "Søren" in html
    assert "&lt;b&gt;" in html


def test_json_too_deep_to_write_says_so() -> None:
    nested: list[object] = []
    for _ in range(20_000):
        nested = [nested]
    assert "cannot be written as JSON" in inspector.pretty_json(nested)


@given(anything)
def test_no_filter_fails_or_lets_markup_through(value: object) -> None:
    for filter_ in (
        inspector.when, inspector.ago, inspector.filesize, inspector.duration_ms, inspector.duration_ns,
        inspector.number, inspector.shown, inspector.named, inspector.plain_label, inspector.pretty_json,
        inspector.status_badge, inspector.short_id, inspector.model_handle,
    ):  # fmt: skip
        assert isinstance(filter_(value), str)


@given(st.text())
def test_markup_in_a_value_is_never_markup_in_the_page(text: str) -> None:
    hostile = f"<img src=x onerror=1>{text}"
    for html in (inspector.shown(hostile), inspector.named(hostile), inspector.short_id(hostile)):
        assert "<img" not in html


@pytest.mark.parametrize(
    ("count", "kind", "words"),
    [
        (1, "identity", "1 identity"), (2, "identity", "2 identities"), (0, "message", "0 messages"),
        (1200, "access", "1,200 accesses"), (3, "alarms", "3 alarms"),
    ],
)  # fmt: skip
def test_objects_are_counted_in_words(count: int, kind: str, words: str) -> None:
    assert inspector.counted(count, kind) == words


def test_an_object_is_shown_as_json() -> None:
    shown = inspector.shown({"street": "Schulstraße 21", "tags": ["<b>", None]})
    assert " ".join(shown.split()) == (
        "{ &quot;street&quot;: &quot;Schulstraße 21&quot;,"
        " &quot;tags&quot;: [ &quot;&lt;b&gt;&quot;, null ] }"
    )
