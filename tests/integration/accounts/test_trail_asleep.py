"""Who looked at an agent or a customer is told while Letta's database is paused, too."""

from collections.abc import Callable

import pytest
from django.test import Client

from agents_app.letta import asleep
from agents_app.letta.engine import base
from agents_app.letta.errors import LettaAsleep
from tests.lettadb import LettaDatabase


def sleeps() -> None:
    raise LettaAsleep


@pytest.mark.parametrize("path", ["/trail/agents/agent-1/", "/trail/identities/identity-1/"])
def test_the_trail_is_read_without_waking_anything(
    path: str,
    browser_of: Callable[[str], Client],
    letta: LettaDatabase,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asleep, "check", sleeps)
    base._pools.clear()
    answer = browser_of("auditor").get(path)
    assert answer.status_code == 200
    assert "as Letta’s database did not tell" in answer.content.decode()
