"""A text that was cut in the database shows no part of what would be masked as a whole."""

from agents_app.conversations.queries.bodies import _cut
from agents_app.text.masking import policy

LONG = "word " * 1_000


def test_the_end_of_a_cut_text_is_left_out_where_something_is_masked() -> None:
    with policy.using(policy.MASKED):
        shown = _cut(f"{LONG}write to anna.example@exam")
    assert "anna" not in shown
    assert shown.startswith("word word")


def test_what_stands_at_the_place_of_the_cut_is_masked_whole() -> None:
    after = "and so on " * 60
    head = f"{LONG}anna@example.org {after}"[: len(LONG) + 8 + policy.AHEAD]
    with policy.using(policy.MASKED):
        assert "anna" not in _cut(head)


def test_whoever_sees_everything_sees_all_of_the_beginning() -> None:
    with policy.using(policy.UNMASKED):
        assert _cut(f"{LONG}anna") == f"{LONG}anna"
