"""Masking of JSON: texts, keys, numbers, and what the console itself says."""

from agents_app.text.masking.policy import MASKED, using
from agents_app.text.masking.trees import Ours, ours, shown
from agents_app.ui.jsonout import encode


def masked(value: object) -> object:
    with using(MASKED):
        return shown(value)


def test_texts_are_masked_at_any_depth() -> None:
    assert masked({"a": [{"b": "x alice@example.com"}]}) == {"a": [{"b": "x ‹e-mail›"}]}


def test_keys_are_masked_and_none_is_lost() -> None:
    found = masked({"alice@example.com": 1, "bob@example.com": 2})
    assert found == {"‹e-mail›": 1, "‹e-mail› 2": 2}


def test_a_key_says_what_its_value_is() -> None:
    assert masked({"phone": "5551234567"}) == {"phone": "‹phone number›"}
    assert masked({"rows": "5551234567"}) == {"rows": "5551234567"}
    assert masked({"api_key": "whatever"}) == {"api_key": "‹secret›"}


def test_a_number_that_reads_like_a_card_is_masked() -> None:
    assert masked({"card": 4111111111111111}) == {"card": "‹card number›"}
    assert masked({"id": 1700000000000}) == {"id": 1700000000000}


def test_what_the_console_says_itself_is_left() -> None:
    assert masked({"next": Ours("/x/?q=alice%40example.com")}) == {
        "next": "/x/?q=alice%40example.com"
    }
    assert masked(ours({"user": "alice@example.com"})) == {"user": "alice@example.com"}


def test_json_is_masked_by_the_policy_in_force() -> None:
    assert "alice" in encode({"a": "alice@example.com"})
    with using(MASKED):
        assert "alice" not in encode({"a": ("alice@example.com",)})


def test_json_that_is_a_secret_as_a_whole_is_not_looked_into() -> None:
    assert masked({"password": '{"a": "hunter2abc"}'}) == {"password": "‹secret›"}
    assert "hunter2abc" not in str(masked({"password": '{"a": "hunter2abc", "n": 301234567}'}))
