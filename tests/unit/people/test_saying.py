"""What a stored text says to a reader: opened, masked as a whole, and only then searched."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.people.footprint.saying import Said, opened
from agents_app.text.masking import policy

SECRET = "hunter2abc"
NESTED = st.recursive(
    st.just({"password": SECRET}) | st.just({"arguments": json.dumps({"password": SECRET})}),
    lambda inner: (
        st.dictionaries(st.sampled_from(["a", "b"]), inner, min_size=1)
        | st.lists(inner, min_size=1, max_size=2)
        | inner.map(lambda value: {"text": json.dumps(value)})
        | inner.map(lambda value: {"text": json.dumps(json.dumps(value))})
    ),
    max_leaves=4,
)


@given(NESTED)
def test_no_part_of_a_masked_value_is_found_however_deep_it_lies(value: Any) -> None:
    with policy.using(policy.MASKED):
        said = Said(json.dumps(value))
        assert not said.holds("hunter2")
        assert said.holds(SECRET)
    with policy.using(policy.UNMASKED):
        assert Said(json.dumps(value)).holds("hunter2")


@pytest.mark.parametrize(
    "text",
    [
        '{"password": "other", "password": "hunter2abc"}',
        '{"a": 1}{"password": "hunter2abc"}',
        ' {"password": "[\\"hunter2abc\\"]"}',
        '{"password": "{\\"a\\": \\"hunter2abc\\"}"}',
    ],
    ids=["a key twice", "glued", "a list in a text", "an object in a text"],
)
def test_strange_spellings_hide_as_much(text: str) -> None:
    with policy.using(policy.MASKED):
        assert not Said(text).holds("hunter2a")


def test_a_mark_is_no_word_that_somebody_stored() -> None:
    with policy.using(policy.MASKED):
        said = Said('{"note": "write to jane.roe@example.com"}')
        assert not said.holds("e-mail")
        assert said.holds("write to")


def test_a_text_that_only_begins_like_json_stays_whole() -> None:
    assert opened('"Hello" said Ada') == '"Hello" said Ada'
    assert Said("[1] see the docs").holds("] SEE THE")
