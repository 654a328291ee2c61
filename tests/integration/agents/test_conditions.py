"""Conditions on agents by their names, for readers of masked names."""

import pytest

from agents_app.letta import access, agent_conditions
from agents_app.letta.agent_conditions import AgentFilter, where
from agents_app.text.masking import policy
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db


def _found(text: str) -> int:
    condition = where(AgentFilter(q=text))
    rows = access.rows(f"SELECT a.id FROM agents a WHERE {condition.sql}", condition.parameters)
    return len(rows)


def test_of_more_names_than_can_be_looked_at_none_is_found_unseen(
    letta: LettaDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with policy.using(policy.MASKED):
        every = _found("e")
        monkeypatch.setattr(agent_conditions, "MOST_AGENTS", 2)
        assert (every > 2, _found("e")) == (True, 2)
        assert _found("agent-") == letta.rows("SELECT count(*) FROM agents")[0][0]
    assert _found("e") >= every
