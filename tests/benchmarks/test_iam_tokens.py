"""Tokens that live ten seconds, two minutes under load: no request fails, and how many are answered."""

import os

import pytest

from tests.iam import TokenServer
from tests.integration.conftest import victim
from tests.integration.letta_engine.conftest import database, pointed
from tests.integration.letta_engine.test_iam import by_token, door, run, tokens

__all__ = ["by_token", "database", "door", "pointed", "tokens", "victim"]
SECONDS = 120 if os.environ.get("SCALE") == "full" else 30


@pytest.mark.timeout(300)
def test_two_minutes_of_tokens(by_token: TokenServer) -> None:
    failed, asked = run(by_token, seconds=SECONDS, life_s=10)
    print(f"\n{asked} questions, {by_token.made} tokens, {by_token.turns} turns in {SECONDS} s")
    assert failed == []
