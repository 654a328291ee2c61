"""Addresses lose what may be a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.text.redact import strip_url
from tests.unit.text.strategies import hostile_text


@pytest.mark.parametrize(
    ("url", "stripped"),
    [
        ("https://api.example.com/v1?key=s3cret#t", "https://api.example.com/v1"),
        ("https://user:s3cret@api.example.com:8443/v1", "https://api.example.com:8443/v1"),
        (
            "postgresql+asyncpg://u:s3/cr?e#t@db.example:5432/letta",
            "postgresql+asyncpg://db.example:5432/letta",
        ),
        ("user:s3cret@host/path?x", "host/path"),
        ("http://[::1]:8080/a?b", "http://[::1]:8080/a"),
        ("http://registry.example/@scope/pkg", "http://registry.example/@scope/pkg"),
        ("http://host:s3cret", "http://host"),
        ("", ""),
    ],
)
def test_user_query_and_fragment_go(url: str, stripped: str) -> None:
    assert strip_url(url) == stripped


@given(st.text("abc:/?#@%", max_size=12), st.text("abc:/?#%", max_size=6))
def test_no_password_survives(password: str, user: str) -> None:
    user = user.replace("/", "").replace("?", "").replace("#", "").replace(":", "")
    assert "S3" not in strip_url(f"https://{user}:S3{password}@host.example/path")


@given(hostile_text)
def test_no_text_makes_it_raise(text: str) -> None:
    assert "?" not in strip_url(text)
