"""Blocks that are gone: where their history is found, and what calls, returns and traces still prove."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from agents_app.revisions.cache import findings
from agents_app.revisions.vanished import vanished_labels
from tests.cluster import Cluster
from tests.integration.revisions.scene import Scene
from tests.lettadb import new_database, pointed_at

pytestmark = pytest.mark.django_db

GONE = "/blocks/block-3a1c0000-0000-4000-8000-000000000000/history/"


@pytest.fixture
def scene(cluster: Cluster) -> Iterator[Scene]:
    """The agent holds `human`; its `plans` were deleted, and so was agent-gone with all its rows."""
    told = Scene(new_database(cluster, schema="public"))
    told.organization()
    told.agent("agent-1")
    told.block("block-1", "Name: Ada")
    told.attach("agent-1", "block-1")
    for number in range(3):
        told.turn("agent-1", {"human": "Name: Ada", "plans": f"step {number}"}, "memory_replace", label="plans",
                  old_string=f"step {number}", new_string=f"step {number + 1}", returned=f"step {number + 1}")  # fmt: skip
    told.turn("agent-1", {"human": "Name: Ada", "plans": "step 3", "seen only": "never edited"})
    told.turn("agent-gone", {"diary": "Dear diary, it rained."}, stored=False)
    told.turn("agent-gone", {"diary": "Dear diary, it rained. It still does."}, stored=False)
    told.database.provision()
    with pointed_at(told.database.uri()):
        yield told


def test_an_agent_names_the_labels_it_holds_no_more(scene: Scene) -> None:
    found = {one.label: one.calls for one in vanished_labels("agent-1")}
    assert found == {"plans": 3}


def test_its_memory_page_leads_to_what_is_left_of_them(scene: Scene, superuser: Client) -> None:
    body = superuser.get("/agents/agent-1/memory/").content.decode()
    address = "/blocks/gone/history/?agent=agent-1&amp;label=plans"
    assert "Blocks it holds no more" in body
    assert address in body
    page = superuser.get(address.replace("&amp;", "&"))
    told = page.context["told"]
    assert page.status_code == 200
    assert [one.value for one in told.revisions][-3:] == ["step 1", "step 2", "step 3"]
    assert "Its row is gone" in page.content.decode()
    assert (
        superuser.get(address.replace("history", "blame").replace("&amp;", "&")).status_code == 200
    )


def test_of_an_id_that_is_no_more_every_page_asks_for_agent_and_label(
    scene: Scene, superuser: Client
) -> None:
    for url in (GONE, GONE.replace("history/", "blame/"), GONE.replace("history/", "")):
        response = superuser.get(url)
        assert response.status_code == 404
        assert "Say which agent and label" in response.content.decode()
    assert superuser.get(f"{GONE}?agent=agent-1&label=plans").status_code == 200


def test_a_label_of_which_nothing_is_stored_is_said_to_be_so(
    scene: Scene, superuser: Client
) -> None:
    response = superuser.get(f"{GONE}?agent=agent-1&label=nothing")
    assert response.status_code == 404
    assert "Nothing stored of this agent shows a block of that label" in response.content.decode()


def test_without_the_right_to_content_it_is_a_plain_404(scene: Scene, browser_of: Any) -> None:
    response = browser_of("ops").get(GONE.replace("history/", ""))
    assert response.status_code == 404
    assert "Say which agent" not in response.content.decode()


def test_of_an_agent_that_is_gone_too_the_search_finds_the_prompts(
    scene: Scene, superuser: Client
) -> None:
    url = f"{GONE}?agent=agent-gone&label=diary"
    assert superuser.get(url).status_code == 404
    findings.search(lambda *_: None, most_rows=99, seconds=60)
    told = superuser.get(url).context["told"]
    assert [one.value for one in told.revisions if one.value] == [
        "Dear diary, it rained.", "Dear diary, it rained. It still does.",
    ]  # fmt: skip
    assert told.searched == "all"
