"""Words of one text that are marked in another."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.text.marking import marked
from agents_app.text.matching import literal, shared
from tests.unit.text.strategies import hostile_text


def found(said: str, message: str) -> list[str]:
    finder = shared(said)
    return [message[start:end] for start, end in (finder(message) if finder else ())]


@pytest.mark.parametrize(
    ("said", "message", "words"),
    [
        ("Shoe size: 43", "By the way, my shoe size is 43 now.", ["shoe size", "43"]),
        ("Pet: Mikesch", "mikesch, the cat, is ill", ["mikesch"]),
        ("Likes it on the hill", "It is on top of the house", []),
        ("a b c", "a b c", []),
        ("さくら 中村: 靴のサイズ 42", "靴のサイズは42です", ["靴のサイズ", "42"]),
        ("شحن الى القاهرة", "ارسلها الى القاهرة", ["الى القاهرة"]),
        ("Ligger i KØLN", "ich wohne in köln, KØLN!", ["KØLN"]),
        ("", "anything", []),
    ],
)
def test_words_that_tell_something_are_found(said: str, message: str, words: list[str]) -> None:
    assert found(said, message) == words


def test_short_words_count_beside_a_telling_neighbour() -> None:
    assert found("moved to Rome", "She is moved. I go to Rome, to Oslo") == ["moved", "to Rome"]


@given(hostile_text, hostile_text)
def test_marks_are_in_order_and_leave_the_text_as_it_is(said: str, message: str) -> None:
    finder = shared(said + message[:50])
    spans = list(finder(message)) if finder else []
    ends = [0, *(place for span in spans for place in span)]
    assert ends == sorted(ends)
    assert all(start < end <= len(message) for start, end in spans)


@given(st.text(alphabet="ab<>&\"' \u202e\n", max_size=60), st.text(alphabet="ab<", max_size=5))
def test_marked_text_is_inert(message: str, sought: str) -> None:
    finder = literal(sought)
    html = marked(message, finder(message) if finder else (), limit=40)
    assert not re.search(r"<(?!/?(mark|span)\b)", html)


def test_a_mark_beyond_the_limit_is_shown_with_what_stands_around_it() -> None:
    html = marked("x" * 5_000 + " here", [(5_001, 5_005)], limit=400)
    assert '<mark class="hit">here</mark>' in html
    assert "characters before" in html


def test_hostile_texts_take_no_long_time() -> None:
    began = time.monotonic()
    message = "abcd " * 50_000 + "中" * 50_000
    finder = shared("abcd efgh " * 10_000 + "中文" * 10_000)
    assert finder is not None
    assert len(finder(message)) <= 200
    assert time.monotonic() - began < 4
