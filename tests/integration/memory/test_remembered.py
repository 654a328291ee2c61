"""What an agent remembers: ages of lines, signs of trouble."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from agents_app.memory.views import remembered
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db

BUSY = """
SELECT l.agent_id FROM blocks_agents l JOIN block b ON b.id = l.block_id
 WHERE b.id NOT LIKE 'block-bad%%' ORDER BY b.version DESC NULLS LAST, b.id LIMIT 1
"""


def as_json(client: Client, agent: str) -> Any:
    return json.loads(client.get(f"/agents/{agent}/memory/?format=json").content)


@pytest.fixture
def agent(letta: LettaDatabase) -> str:
    found: str = letta.rows(BUSY)[0][0]
    return found


def test_the_lines_of_each_block_are_those_of_its_value(
    agent: str, letta: LettaDatabase, superuser: Client
) -> None:
    held = dict(letta.rows("SELECT b.id, b.value FROM blocks_agents l JOIN block b ON b.id = l.block_id WHERE l.agent_id = %s", [agent]))  # fmt: skip
    found = {one["id"]: "\n".join(line["text"] for line in one["lines"]) for one in as_json(superuser, agent)["blocks"]}  # fmt: skip
    assert found == held


def test_it_opens_for_agents_of_every_release(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for (one,) in letta_of_each_release.rows("SELECT id FROM agents ORDER BY md5(id) LIMIT 4"):
        assert superuser.get(f"/agents/{one}/memory/").status_code == 200


def test_a_history_there_is_no_time_for_is_said_and_the_block_still_listed(
    agent: str, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "LONGEST_S", -1)
    body = superuser.get(f"/agents/{agent}/memory/").content.decode()
    assert "The history of this block follows" in body
    assert all(one["lines"] is None for one in as_json(superuser, agent)["blocks"])


def test_a_block_whose_history_follows_is_read_alone(
    agent: str, letta: LettaDatabase, superuser: Client
) -> None:
    block = letta.rows("SELECT block_id FROM blocks_agents WHERE agent_id = %s LIMIT 1", [agent])[
        0
    ][0]
    url = f"/agents/{agent}/memory/?block={block}"
    part = superuser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in part
    assert part.count("<section") == 1
    assert "by the version counter" in part
    assert len(superuser.get(url).context["found"].value) == 1


def test_the_agent_page_leads_to_it(
    agent: str, superuser: Client, browser_of: Callable[[str], Client]
) -> None:
    link = f"/agents/{agent}/memory/"
    assert link in superuser.get(f"/agents/{agent}/").content.decode()
    assert link not in browser_of("ops").get(f"/agents/{agent}/").content.decode()


def test_it_is_on_record_and_needs_the_right_to_content(
    agent: str, browser_of: Callable[[str], Client]
) -> None:
    assert browser_of("ops").get(f"/agents/{agent}/memory/").status_code == 403
    browser_of("support").get(f"/agents/{agent}/memory/")
    assert AccessEvent.objects.latest("pk").action == "memory.agent"
