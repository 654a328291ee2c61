"""Changes of lines as numbers lead from one text to the other, and are few where little changed."""

from hypothesis import given
from hypothesis import strategies as st

from agents_app.text.diff import lines
from agents_app.text.linechanges import as_steps, line_changes

texts = st.lists(st.sampled_from(["a", "b", "ab", "", " "]), max_size=8).map("\n".join)


@given(texts, texts)
def test_the_changes_make_the_new_text_of_the_old_one(old: str, new: str) -> None:
    before, after = lines(old), lines(new)
    made: list[str] = []
    for tag, low, high, start, end in as_steps(line_changes(old, new), len(before)):
        assert start == len(made)
        made += before[low:high] if tag == "equal" else after[start:end]
    assert made == after


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert line_changes(text, text) == []


def test_a_changed_line_is_one_change() -> None:
    assert line_changes("a\nb\nc", "a\nx\nc") == [1, 2, 1, 2]


def test_an_inserted_line_is_one_change() -> None:
    assert line_changes("a\nc", "a\nb\nc") == [1, 1, 1, 2]
