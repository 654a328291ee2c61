"""The space that an embedding configuration names, whatever it holds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.letta.vectors import Space, space_of, why_no_space
from agents_app.text.jsontext import parse

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def config(**values: object) -> str:
    return json.dumps(values)


@pytest.mark.parametrize("dimension", [1536, "1536"])
def test_model_and_dimension_make_a_space(dimension: object) -> None:
    text = config(embedding_model="small", embedding_dim=dimension, embedding_chunk_size=300)
    assert space_of(parse(text)) == Space("small", 1536)
    assert why_no_space(parse(text)) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "names no embedding model"),
        ("null", "names no embedding model"),
        ("[1, 2]", "names no embedding model"),
        ('{"embedding_dim": 1536}', "names no model"),
        ('{"embedding_model": "", "embedding_dim": 1536}', "names no model"),
        ('{"embedding_model": "m", "embedding_dim": true}', "names no dimension"),
        ('{"embedding_model": "m", "embedding_dim": "many"}', "names no dimension"),
        ('{"embedding_model": "m", "embedding_dim": 99999}', "99,999 dimensions"),
        ('{"embedding_model": "m", "embedding_dim": 0}', "0 dimensions"),
    ],
)
def test_what_names_no_space_says_why(text: str | None, words: str) -> None:
    assert space_of(parse(text)) is None
    assert words in why_no_space(parse(text))


@given(ANYTHING, ANYTHING)
def test_no_configuration_is_an_error(model: object, dimension: object) -> None:
    found = parse(config(embedding_model=model, embedding_dim=dimension))
    assert (space_of(found) is None) == bool(why_no_space(found))
