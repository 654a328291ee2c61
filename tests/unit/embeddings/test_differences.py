"""Which near texts are told to contradict each other."""

import pytest

from agents_app.embeddings.health.differences import difference


@pytest.mark.parametrize(
    ("earlier", "later", "kinds"),
    [
        ("Refunds take 14 days.", "Refunds take 30 days.", ("number",)),
        ("The sale ends on 2026-05-01.", "The sale ends on 2026-06-01.", ("date",)),
        ("We call back on Monday.", "We call back on Friday.", ("date",)),
        ("Boots may be returned.", "Boots may not be returned.", ("negation",)),
        ("She does like wool.", "She doesn’t like wool.", ("negation",)),
        ("Das ist möglich heute.", "Das ist nicht möglich heute.", ("negation",)),
        ("Доставка возможна всегда.", "Доставка не возможна всегда.", ("negation",)),
        ("It costs 20 until May, not June.", "It costs 25 until June, May.", ("number", "negation")),
    ],
)  # fmt: skip
def test_a_changed_number_date_or_negation_is_named(
    earlier: str, later: str, kinds: tuple[str, ...]
) -> None:
    found = difference(earlier, later)
    assert found is not None
    assert found.kinds == kinds
    assert "".join(span.text for span in found.earlier) == earlier
    assert "".join(span.text for span in found.later) == later
    assert any(span.changed for span in found.later)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Refunds take 14 days.", "Refunds take 14 days."),
        ("Refunds take long.", "Refunds take 14 days."),
        ("Pays by card.", "Pays by invoice."),
        ("Order 12 of a lamp was late again.", "Ask 99 people whether they own any boats at all."),
        ("", ""),
        ("", "14"),
    ],
)
def test_other_differences_are_no_contradiction(earlier: str, later: str) -> None:
    assert difference(earlier, later) is None


def test_only_the_beginning_of_a_huge_text_is_looked_at() -> None:
    assert difference("x" * 1_000_000 + "1", "x" * 1_000_000 + "2") is None
