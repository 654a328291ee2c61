"""Masking finds what samples written apart from its rules hide, and leaves harmless texts alone."""

import sys
from functools import cache

import pytest

from agents_app.text.masking.finding import mask
from tests.masking_samples.benign import benign
from tests.masking_samples.measuring import Figures, alarms, found
from tests.masking_samples.positives import positives

STRUCTURED = ("e-mail", "card", "iban", "ip", "key")
SHOWN = 40


@cache
def positive_figures() -> tuple[Figures, Figures]:
    return found(mask)


def test_there_are_enough_samples_of_enough_formats():
    formats = {one.format.removesuffix(", invisible") for one in positives() if one.kind == "key"}
    assert len(list(positives())) >= 2_000
    assert len(list(benign())) >= 10_000
    assert len(formats) >= 60


@pytest.mark.parametrize("kind", STRUCTURED)
def test_at_least_99_percent_of_a_structured_kind_are_found(kind):
    by_kind, _ = positive_figures()
    assert by_kind.share(kind) >= 99, "\n".join(by_kind.misses(kind)[:SHOWN])


def test_at_least_95_percent_of_phone_numbers_are_found():
    by_kind, _ = positive_figures()
    assert by_kind.share("phone") >= 95, "\n".join(by_kind.misses("phone")[:SHOWN])


def test_no_format_is_missed_altogether():
    _, by_format = positive_figures()
    formats = [form for form in by_format.asked if not form.startswith("address")]
    assert not [form for form in formats if by_format.share(form) < 80]


def test_the_share_of_addresses_is_reported(capsys):
    by_kind, _ = positive_figures()
    with capsys.disabled():
        sys.stdout.write(f"\nFound of each kind:\n{by_kind.table()}\n")
    assert by_kind.share("address") >= 80, "\n".join(by_kind.misses("address")[:SHOWN])


def test_at_most_one_harmless_text_in_200_is_changed():
    figures = alarms(mask)
    changed = figures.all_misses()
    assert len(changed) <= 0.005 * figures.asked.total(), "\n".join(changed[:SHOWN])


def test_masking_keeps_every_line_where_it_was():
    for sample in positives():
        assert mask(sample.text).count("\n") == sample.text.count("\n"), sample
