"""What a page of fifty messages costs Letta: few statements, each by an index, whatever the size of the thread."""

import pytest
from django.test import Client

from tests.lettadb import LettaDatabase
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db

PAGES = {
    "newest": "/agents/agent-long/messages/?view=full",
    "first": "/agents/agent-long/messages/?edge=first&view=full",
    "message": "/agents/agent-long/messages/?at=message-long-7001&view=full&limit=49",
    "day": "/agents/agent-long/messages/?on=2026-05-10&view=full",
    "all": "/agents/agent-named/messages/?thread=all&view=full",
    "named": "/conversations/conv-old/?view=full",
    "named, message": "/conversations/conv-old/?at=message-old-3001&view=full&limit=49",
    "fork": "/conversations/conv-fork/?view=full",
    "fork, message": "/conversations/conv-fork/?at=message-default-410&view=full&limit=20",
    "search": "/agents/agent-long/messages/?q=nothing&since=2026-05-02&until=2026-05-03",
    "one message": "/messages/message-old-3001/",
    "list": "/conversations/",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_takes_at_most_twelve_statements_and_reads_no_table_whole(
    name: str, threads: LettaDatabase, superuser: Client
) -> None:
    superuser.get("/conversations/")  # the catalogue is read once for each process
    sent = statements(lambda: superuser.get(PAGES[name]))
    assert 0 < len(sent) <= 12, "\n\n".join(sent)
    assert not scanned(threads, sent) & {"messages", "conversation_messages", "steps", "runs"}


@pytest.mark.parametrize("name", [name for name in PAGES if name != "list"])
def test_no_walk_leads_through_other_agents_rows(
    name: str, threads: LettaDatabase, superuser: Client
) -> None:
    for sql in statements(lambda: superuser.get(PAGES[name])):
        plan = "\n".join(line for (line,) in threads.rows(f"EXPLAIN {sql}".replace("%", "%%"), []))
        assert "uq_messages_sequence_id" not in plan or "Sort Key: m.agent_id" in plan, plan
