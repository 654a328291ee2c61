"""Phone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.search.properties import phone_digits


@pytest.mark.parametrize(
    "text", ["+49 30 123456", "0049 (0)30 12 34 56", "030/123456", "+49-30-12.34.56"]
)
def test_spellings_of_one_number_agree(text: str) -> None:
    assert phone_digits(text).endswith("30123456"[-6:])


@pytest.mark.parametrize("text", ["", "12345", "agent-1", "ada 030 123456", "00000", "+++"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert phone_digits(text) == ""


@given(st.text())
def test_any_text_gives_ascii_digits_or_nothing(text: str) -> None:
    digits = phone_digits(text)
    assert digits == "" or (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 8)
