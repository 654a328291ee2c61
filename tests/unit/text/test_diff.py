"""Texts compared: both sides can be rebuilt, counts agree with the engine's, odd texts stay quick."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.revisions.counting import lines_changed
from agents_app.text.diff import Diff, compare, inline
from agents_app.text.diffhtml import drawn, visible
from agents_app.text.words import words

LINES = st.lists(
    st.sampled_from(
        [
            "",
            "a",
            "Name: Ada",
            "Name: Bob",
            "likes tea",
            "likes green tea",
            " ",
            "x\r",
            "e\u0301 🏳️‍🌈",
        ]
    ),
    max_size=12,
).map("\n".join)
TEXTS = LINES | st.text(max_size=60)


def sides(diff: Diff) -> tuple[str, str]:
    old = ["".join(s.text for s in row.old) for row in diff.rows if row.old_number is not None]
    new = ["".join(s.text for s in row.new) for row in diff.rows if row.new_number is not None]
    return "\n".join(old), "\n".join(new)


@given(TEXTS, TEXTS)
def test_both_sides_are_rebuilt_from_the_rows(old: str, new: str) -> None:
    assert sides(compare(old, new)) == (old, new)


@given(TEXTS, TEXTS)
def test_the_inline_view_holds_both_sides(old: str, new: str) -> None:
    found = list(inline(compare(old, new).rows))
    text = {
        sign: "\n".join("".join(s.text for s in one.spans) for one in found if one.sign in sign)
        for sign in (" -", " +")
    }
    assert (text[" -"], text[" +"]) == (old, new)


@given(TEXTS, TEXTS)
def test_counts_are_those_of_the_history(old: str, new: str) -> None:
    diff = compare(old, new)
    assert (diff.added, diff.removed) == lines_changed(old, new)


@given(TEXTS, TEXTS)
def test_it_is_empty_exactly_for_equal_texts(old: str, new: str) -> None:
    assert compare(old, new).is_empty == (old == new)


@given(TEXTS, TEXTS)
def test_line_numbers_run_without_a_hole(old: str, new: str) -> None:
    rows = compare(old, new).rows
    for numbers in (
        [row.old_number for row in rows if row.old_number],
        [row.new_number for row in rows if row.new_number],
    ):
        assert numbers == list(range(1, len(numbers) + 1))


@given(TEXTS, TEXTS)
def test_folding_loses_no_row(old: str, new: str) -> None:
    diff = compare(old, new)
    stretches = diff.stretches(around=1)
    assert tuple(row for one in stretches for row in one.rows) == diff.rows
    assert all(row.kind == "same" for one in stretches if one.folded for row in one.rows)


@given(st.text(max_size=80))
def test_words_joined_give_the_line_back(line: str) -> None:
    assert "".join(words(line)) == line


def test_a_changed_word_is_marked_alone() -> None:
    (row,) = compare("Ada likes green tea", "Ada likes black tea").rows
    assert row.kind == "changed"
    assert [span.text for span in row.new if span.changed] == ["black"]


def test_a_line_put_between_two_keeps_its_neighbours_beside_themselves() -> None:
    kinds = [row.kind for row in compare("a b c\nd e f", "a b c!\nnew\nd e g").rows]
    assert kinds == ["changed", "added", "changed"]


def test_a_moved_line_is_neither_added_nor_removed() -> None:
    diff = compare("one\ntwo\nthree", "two\nthree\none")
    assert (diff.added, diff.removed, diff.moved) == (0, 0, 1)


def test_letters_keep_their_marks_and_emoji_their_parts() -> None:
    assert words("e\u0301 👨‍👩‍👧") == ["e\u0301", " ", "👨‍👩‍👧"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x\n" * 30_000 + "a", "y\n" + "x\n" * 20_000 + "b\n" + "x\n" * 9_000),
        ("x y " * 12_000, "y x " * 12_000 + "z"),
        ("\n".join(str(n) for n in range(10_000)), "\n".join(str(-n) for n in range(10_000))),
        ("\n".join(f"{n % 9} {n % 7}" for n in range(6_000)), "\n".join(f"{n % 8} {n % 7}" for n in range(6_000))),
        ("a" * 400_000, "a" * 200_000 + "b" + "a" * 200_000),
        ("\n".join(f"w{n} v{n}" for n in range(30)), "\n".join(f"w{n} u{n}" for n in range(30))),
    ],
    ids=["one line over and over", "two words", "all new", "few values", "one long word", "grid"],
)  # fmt: skip
def test_texts_made_to_be_slow_take_less_than_two_seconds(old: str, new: str) -> None:
    began = time.thread_time()
    diff = compare(old, new)
    assert time.thread_time() - began < 2
    assert sides(diff) == (old, new)


def test_a_text_of_too_many_changed_words_is_compared_by_lines_and_says_so() -> None:
    old, new = " ".join(f"a{n}" for n in range(9_000)), " ".join(f"b{n}" for n in range(9_000))
    assert compare(f"start of it {old}", f"start of it {new}").coarse is False  # not alike at all
    mixed = " ".join(f"a{n} same{n} kept{n}" for n in range(6_000))
    other = " ".join(f"b{n} same{n} kept{n}" for n in range(6_000))
    assert compare(mixed, other).coarse


def test_drawn_lines_are_inert_and_mark_what_changed() -> None:
    (row,) = compare("likes <b>tea</b>", "likes <b>milk</b>").rows
    assert drawn(row.new) == "likes &lt;b&gt;<ins>milk</ins>&lt;/b&gt;"
    assert drawn(row.old, "del") == "likes &lt;b&gt;<del>tea</del>&lt;/b&gt;"


def test_a_carriage_return_is_drawn_only_where_it_is_the_change() -> None:
    assert drawn(compare("a\r\nb", "a\r\nb").rows[0].new) == "a"
    (row,) = compare("likes tea", "likes tea\r").rows
    assert "CR" in drawn(row.new)


def test_white_space_is_drawn_on_request() -> None:
    assert visible("a b\t") == 'a<span class="blank">·</span>b<span class="blank">→\t</span>'
    assert "·" not in drawn(compare("", "a b").rows[0].new)


def test_invisible_characters_stay_marked() -> None:
    assert "mark" in drawn(compare("", "a\u202eb").rows[0].new, whitespace=True)
