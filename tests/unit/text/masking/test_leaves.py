"""A value is judged together with its name, and no output is milder than another."""

import json

import pytest

from agents_app.text.jsontext import RepeatedKeys, Verbatim, pretty
from agents_app.text.masking import policy
from agents_app.text.masking.policy import MASKED, using
from agents_app.text.masking.trees import shown

KEY = "q8Zk2mVx7Bn4Lw9Tc1Rf"
ID = "550e8400-e29b-41d4-a716-446655440000"
TOLD_BY_NAMES = [
    {"password": "hunter2abc"}, {"password": "geheim"}, {"passphrase": "alpha!bravo"}, {"passwort": "geheim!nis"},
    {"pwd": "correct!horse"}, {"password": 471147}, {"client_key": KEY}, {"session_id": KEY}, {"salt": KEY},
    {"tokens": [KEY]}, {"auth": {"bearer": KEY}}, {"phone": "301234567"}, {"phone": 301234567}, {"phone": 5551234},
    {"mobile": ["0301234567"]}, {"card": 4929170065432107.0}, {"api_key": f"tok-{ID}"}, {"api_key": f"agent-{ID}"},
    {"key": "password", "value": "Sommer2024"}, {"name": "password", "value": "Sommer2024"},
    {"key": "phone", "value": 301234567, "type": "number"}, {"password": {"value": "Sommer2024"}},
    {"value": "Sommer2024", "key": "password"}, {"telefon_privat": "301234567"},
    {"lines": ["-----BEGIN RSA PRIVATE KEY-----", "MIIEpAIBAAKCAQEA7qVq9Zk2mVx7Bn4Lw9Tc1R"]},
]  # fmt: skip
HARMLESS = [
    {"tokens": 12345, "max_tokens": 4096, "total_tokens": 1234567}, {"phone_verified_at": "2024-01-01 12:30"},
    {"rows": "5551234567"}, {"mobile_count": 1234567}, {"id": f"agent-{ID}"}, {"agent_id": f"agent-{ID}"},
    {"password": {"type": "string", "description": "The user's password, at least 8 characters"}},
    {"required": ["password", "phone"]}, {"key": "plan", "value": "premium2024", "type": "string"},
    {"version": "1.2.3.4", "mobileLastSeen": 1700000000, "key": "a", "default": "hunter2abc"}, {"lines": ["one", "two\nthree"]},
]  # fmt: skip


@pytest.mark.parametrize("value", TOLD_BY_NAMES, ids=str)
def test_what_a_name_tells_is_masked(value: object) -> None:
    with using(MASKED):
        found = json.dumps(shown(value), ensure_ascii=False)
    assert "‹" in found
    for hidden in ("hunter2", KEY, "1234", ID, "Sommer", "MIIE", "geheim", "horse", "4711"):
        assert hidden not in found


@pytest.mark.parametrize("value", HARMLESS, ids=str)
def test_what_no_name_tells_is_left(value: object) -> None:
    with using(MASKED):
        assert shown(value) == value


@pytest.mark.parametrize("value", TOLD_BY_NAMES, ids=str)
def test_json_hides_whatever_its_text_hides(value: object) -> None:
    with using(MASKED):
        text, tree = policy.shown(json.dumps(value, indent=2)), str(shown(value))
    assert "‹" in tree or "‹" not in text


def test_a_search_sees_neither_the_value_nor_its_mark() -> None:
    with using(MASKED):
        seen = policy.searchable_under("password", "hunter2abc")
        assert policy.searchable_under("city", "Berlin") == "Berlin"
    assert not {"hunter", "secret"} & {seen[:6], seen[1:7]}


def test_numbers_keep_their_spelling_and_repeated_keys_their_values() -> None:
    value = RepeatedKeys(
        [("a", Verbatim("1.00")), ("password", "hunter2"), ("password", "hunter3")]
    )
    with using(MASKED):
        found = shown(value)
    assert "hunter" not in pretty(found, limit=999)
    assert pretty(found, limit=999).count("‹secret›") == 2
    assert isinstance(found["a"], Verbatim)


@pytest.mark.parametrize("prefix", ["sdk", "mob", "sk", "api"])
def test_an_id_of_no_letta_kind_may_be_a_key(prefix: str) -> None:
    with using(MASKED):
        assert ID not in policy.shown(f"{prefix}-{ID}")
        assert policy.shown(f"agent-{ID}") == f"agent-{ID}"


def test_json_inside_a_text_is_judged_by_its_names_too() -> None:
    stored = '{"arguments": "{\\"value\\": \\"Sommer2024\\", \\"key\\": \\"password\\"}"}'
    with using(MASKED):
        found = shown({"tool_calls": stored, "note": '{"a":  1}'})
    assert "Sommer" not in found["tool_calls"]
    assert found["note"] == '{"a":  1}'


@pytest.mark.parametrize("value", TOLD_BY_NAMES, ids=str)
@pytest.mark.parametrize("indent", [None, 2])
def test_json_in_a_text_is_judged_as_its_tree_is(value: object, indent: int | None) -> None:
    if value == {"card": 4929170065432107.0}:
        return  # a text keeps the spelling of a number that is none of a card
    with using(MASKED):
        for text in (json.dumps(value, indent=indent), json.dumps({"text": json.dumps(value)})):
            assert "‹" in policy.shown(text)
