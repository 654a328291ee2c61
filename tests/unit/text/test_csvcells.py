"""Cells that stay text in a spreadsheet."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given

from agents_app.text.csvcells import inert
from tests.unit.text.strategies import hostile_text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u200b=1",
        '"=1"',
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "|calc",
        "\n=1",
    ],
)
def test_what_may_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert inert(text).startswith("'")
    assert inert(text)[1:] == text


@pytest.mark.parametrize("text", ["plain", "a=b", "борщ", "", "1 - 2", "mail@example.com"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (-5, "-5"),
        (-0.5, "-0.5"),
        (Decimal("-1.10"), "-1.10"),
        (True, "true"),
        (2**63, str(2**63)),
    ],
)
def test_numbers_stay_numbers(value: object, cell: str) -> None:
    assert inert(value) == cell


def test_times_and_control_characters_are_spelled() -> None:
    assert inert(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00+00:00"
    assert inert("a\x00b\x1b") == "a⟨U+0000⟩b⟨U+001B⟩"


@given(hostile_text)
def test_a_written_cell_reads_back(text: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerow([inert(text), "next"])
    assert list(csv.reader(io.StringIO(file.getvalue(), newline=""))) == [[inert(text), "next"]]
    assert not inert(text).startswith(("=", "+", "-", "@", "\t", "\r"))
