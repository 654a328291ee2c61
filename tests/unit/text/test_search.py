"""Needles are found however their characters were stored."""

import json

import pytest
from hypothesis import given

from agents_app.text.search import contains, fold, needle_variants
from tests.unit.text.strategies import hostile_text


@pytest.mark.parametrize("needle", ["борщ", 'say "hi"', "a\\b", "two\nlines", "🎂 cake", "plain"])
def test_some_variant_is_in_every_stored_spelling(needle: str) -> None:
    text = f"before {needle} after"
    spellings = [
        text,
        json.dumps([{"text": text}]),
        json.dumps([{"text": text}], ensure_ascii=False),
        json.dumps(json.dumps({"message": text})),
        json.dumps(json.dumps({"message": text}, ensure_ascii=False)),
        json.dumps(json.dumps({"message": text}, ensure_ascii=False), ensure_ascii=False),
    ]
    assert all(
        any(variant in stored for variant in needle_variants(needle)) for stored in spellings
    )


def test_hexadecimal_digits_come_in_both_cases() -> None:
    assert {"\\u043b", "\\u043B", "\\\\u043b", "\\\\u043B", "л"} <= set(needle_variants("л"))


@pytest.mark.parametrize(
    ("haystack", "needle"),
    [
        ("STRASSE", "straße"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("zero\u200bwidth", "zerowidth"),
        ("БОРЩ", "борщ"),
        ("ﬁne", "fine"),
    ],
)
def test_case_and_invisible_characters_do_not_matter(haystack: str, needle: str) -> None:
    assert contains(haystack, needle)


def test_other_words_are_not_found() -> None:
    assert not contains("tea", "coffee")


@given(hostile_text)
def test_no_text_makes_searching_raise(text: str) -> None:
    assert contains(f"x{text}y", text)
    assert all(variant.encode() or not fold(text) for variant in needle_variants(text))
