"""JSON columns are parsed row by row, and nothing in them is lost or raised."""

import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents_app.text import jsontext
from agents_app.text.jsontext import Verbatim, dumps_safe, parse, pretty, repair
from tests.unit.text.strategies import hostile_text, json_values


def test_sql_null_json_null_and_the_word_null_stay_apart() -> None:
    sql, literal, word = parse(None), parse("null"), parse('"null"')
    assert (sql.is_sql_null, sql.is_json_null) == (True, False)
    assert (literal.is_sql_null, literal.is_json_null) == (False, True)
    assert (word.value, word.is_sql_null, word.is_json_null) == ("null", False, False)


@pytest.mark.parametrize(
    "digits", ["1e999", "9" * 5000, "-0", "1.10", "0.30000000000000000001", "-1e-999"]
)
def test_numbers_that_python_would_change_keep_their_digits(digits: str) -> None:
    assert parse(digits).value == Verbatim(digits)
    assert isinstance(parse(digits).value, Verbatim)


@pytest.mark.parametrize("digits", ["0.1000000001", "9007199254740993", "-12", "0.5"])
def test_numbers_that_python_keeps_are_numbers(digits: str) -> None:
    value = parse(digits).value
    assert not isinstance(value, Verbatim)
    assert str(value) == digits


@pytest.mark.parametrize("depth", [101, 6500])
def test_deep_nesting_is_a_problem_not_an_error(depth: int) -> None:
    found = parse("[" * depth + "]" * depth)
    assert (found.usable, found.problem) == (False, jsontext.TOO_DEEP)
    assert parse("[" * 90 + "]" * 90).usable


def test_lone_surrogates_become_replacement_characters() -> None:
    found = parse(r'{"\udc00k": ["\ud800", "\ud83d\ude00"]}')
    assert found.value == {"\ufffdk": ["\ufffd", "😀"]}
    assert found.problem == jsontext.LONE_SURROGATE
    assert found.usable


def test_whole_pairs_are_no_problem() -> None:
    assert parse(r'"\ud83d\ude00"').problem is None


def test_nul_stays_in_the_text() -> None:
    assert parse(r'"a\u0000b"').value == "a\x00b"


def test_duplicate_keys_are_all_shown() -> None:
    found = parse('{"a": 1, "b": {"c": 2, "c": 3}}')
    assert found.problem == jsontext.DUPLICATE_KEYS
    assert found.value == {"a": 1, "b": {"c": 3}}
    assert pretty(found.value, limit=999).count('"c"') == 2


def test_invalid_text_says_where() -> None:
    assert parse('{"a": }').problem == "not valid JSON at line 1, column 7"
    assert parse("").usable is False


@given(json_values)
@example(math.inf)
@example({"": [Verbatim("1e999"), Verbatim("1" * 30), float("nan")]})
def test_what_is_sent_out_is_strict_json(value: object) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    text = dumps_safe(value)
    json.loads(text, parse_constant=refuse)
    text.encode()


def test_small_verbatim_numbers_are_sent_as_numbers() -> None:
    numbers = [Verbatim("1.10"), Verbatim("1e999"), Verbatim("NaN"), Verbatim("1" * 41)]
    assert dumps_safe(numbers) == f'[1.10, "1e999", "NaN", "{"1" * 41}"]'


@given(json_values, st.integers(0, 200))
def test_pretty_text_never_exceeds_its_limit(value: object, limit: int) -> None:
    assert len(pretty(value, limit=limit)) <= max(limit, 1)


@given(json_values)
def test_pretty_text_of_a_whole_value_parses_back(value: object) -> None:
    stored = parse(json.dumps(value))
    if stored.usable and not _holds_verbatim(stored.value):
        assert json.loads(pretty(stored.value, limit=10**6)) == stored.value


def _holds_verbatim(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_verbatim, value.values()))
    if isinstance(value, list):
        return any(map(_holds_verbatim, value))
    return isinstance(value, Verbatim)


def test_pretty_keeps_other_scripts_readable() -> None:
    assert pretty({"суп": "борщ"}, limit=99) == '{\n  "суп": "борщ"\n}'


@given(st.text(alphabet='[]{}",:\\u0d8e-+.tru1 \n') | hostile_text)
def test_no_text_makes_the_parsers_raise(raw: str) -> None:
    assert parse(raw).raw == raw
    assert repair(raw).raw == raw
    jsontext.parse_first(raw)


@given(json_values, st.data())
def test_every_prefix_of_json_text_is_readable(value: object, data: st.DataObject) -> None:
    text = json.dumps(value, allow_nan=True).replace("Infinity", "1").replace("NaN", "1")
    cut = data.draw(st.integers(1, len(text)))
    found = repair(text[:cut])
    assert (found.problem or "").startswith(jsontext.CUT_OFF)
    assert found.usable or text[0] not in '[{"'


@pytest.mark.parametrize(
    ("prefix", "value"),
    [
        ('[{"type": "text", "text": "hel', [{"type": "text", "text": "hel"}]),
        ('[{"type": "te', [{"type": "te"}]),
        ('[{"type": "text", "tex', [{"type": "text"}]),
        ('[{"type": "text", "text"', [{"type": "text"}]),
        ('[{"a": 1, "b": 12', [{"a": 1}]),
        ('[{"a": 1}, ', [{"a": 1}]),
        ('["a\\', ["a"]),
        ('["a\\u04', ["a"]),
        ('["a\\ud83d', ["a"]),
        ('["a\\\\', ["a\\"]),
        ("[1, 2, tr", [1, 2]),
        ("[", []),
        ('{"a": [{"b": {', {"a": [{"b": {}}]}),
        ('["a", "b"]', ["a", "b"]),
    ],
)
def test_a_cut_text_keeps_what_was_whole(prefix: str, value: object) -> None:
    assert repair(prefix).value == value
