"""What is found and masked, and what never is."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.text.masking.finding import find, mask
from agents_app.text.masking.kinds import Kind
from tests.unit.text.strategies import hostile_text

KEY = (
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nq83vEjRWeJCr\n-----END RSA PRIVATE KEY-----"
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Write to alice@example.com today", "Write to ‹e-mail› today"),
        ("bob (at) example (dot) org", "‹e-mail›"),
        (r'{"to": "a\u0040example.com"}', '{"to": "‹e-mail›"}'),
        ("?to=alice%40example.com", "?to=‹e-mail›"),
        ("al\u200bice@exam\u00adple.com", "‹e-mail›"),
        ("card 4111 1111 1111 1111, thanks", "card ‹card number›, thanks"),
        ("DE89 3704 0044 0532 0130 00 please", "‹IBAN› please"),
        ("from 192.168.10.17 and fe80::1ff:fe23:4567:890a", "from ‹IP address› and ‹IP address›"),
        ("call +49 30 901820 or (555) 123-4567", "call ‹phone number› or ‹phone number›"),
        ("Hauptstraße 12, 10115 Berlin", "‹address›"),
        ("postgres://app:s3cr%t@db/x", "postgres://app:‹secret›@db/x"),
        ("AKIAIOSFODNN7EXAMPLE", "‹secret›"),
        ('"password": "hunter22"', '"password": "‹secret›"'),
    ],
)
def test_each_kind_is_masked_where_it_stands(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "message-0b2d2e5e-6e8f-4d1e-9a6b-1f2d3c4b5a69",
        "2026-11-20T18:47:17.123456Z",
        "20 Nov 2026, 19:47:03",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "9a0364b9e99bb480dd25e1f0284c8555",
        "version 1.2.3.4 of Chrome/119.0.0.0",
        "EUR 1.234.567,89 for 12 345 pieces",
        "call_9f8e7d6c5b4a39281706f5e4",
        "1,234,567 tokens in 1700000000 s",
        "image@2x.png and git@github.com:acme/shop.git",
        "task-oriented-programming-language-design",
        "127.0.0.1:8283 and 0.0.0.0",
    ],
)
def test_what_is_harmless_is_left(text: str) -> None:
    assert mask(text) == text


def test_a_private_key_is_hidden_in_each_of_its_lines() -> None:
    assert mask(f"before\n{KEY}\nafter") == "before\n" + "‹secret›\n" * 4 + "after"


def test_only_the_kinds_asked_for_are_masked() -> None:
    text = "alice@example.com 4111 1111 1111 1111"
    assert mask(text, {Kind.CARD}) == "alice@example.com ‹card number›"


@given(hostile_text)
def test_a_masked_text_has_as_many_lines(text: str) -> None:
    assert mask(text).count("\n") == text.count("\n")


@given(hostile_text, st.sampled_from(["alice@example.com", "4111 1111 1111 1111", KEY]))
def test_whatever_stands_around_it_in_other_lines_it_is_masked(text: str, secret: str) -> None:
    assert secret not in mask(f"{text}\n{secret}\n{text}")


@given(hostile_text)
def test_finds_are_in_order_and_apart(text: str) -> None:
    found = find(text)
    assert all(one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
