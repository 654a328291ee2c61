"""A reveal lifts the mask from the revealed object's own text, and from nothing else."""

import html
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.accounts.access.models import Reveal
from agents_app.accounts.models import AccessEvent
from tests import mutants
from tests.cluster import Cluster
from tests.integration.evidence.conftest import OCCASION, Opened, download
from tests.integration.revisions.scene import Scene
from tests.lettadb import LettaDatabase, new_database, pointed_at
from tests.openings import opened
from tests.routes import routes
from tests.vectors import usable

__all__ = ["download"]

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
Person = Callable[[str], User]
Download = Callable[..., Opened]
HISTORY = "/blocks/{}/history/?agent={}&label=human"
OWN = {
    "agents:agent": "agent_id", "agents:tool": "tool_id", "agents:group": "group_id",
    "agents:user": "user_id",
    "conversations:conversation": "conversation_id", "conversations:default_thread": "agent_id",
    "conversations:effects": "agent_id", "conversations:unseen": "agent_id",
    "conversations:message": "message_id", "conversations:raw": "message_id",
    "conversations:image": "message_id",
    "runs:run": "run_id", "runs:step": "step_id", "runs:trace": "trace_id", "runs:job": "job_id",
    "memory:block": "block_id", "memory:history": "block or its agent",
    "memory:blame": "block or its agent", "memory:agent": "agent_id", "memory:at": "agent_id",
    "embeddings:archive": "archive_id", "embeddings:source": "source_id",
    "embeddings:file": "file_id", "embeddings:passage": "passage_id",
    "embeddings:glance": "passage_id",
    "people:identity": "identity_id",
}  # fmt: skip


def reveal(user: User, kind: str, key: str) -> None:
    Reveal.objects.create(
        user=user, object_kind=kind, object_id=key, category="audit", reason="Complaint 12"
    )


def test_only_pages_that_show_an_objects_own_text_can_be_unmasked() -> None:
    found = {route.name: getattr(route.view, "about", "") for route in routes()}
    said = {
        name: about.__name__.replace("_", " ") if callable(about) else about
        for name, about in found.items()
        if about
    }
    assert said == OWN, "what another page shows belongs to others: it stays masked"


@pytest.fixture
def told(cluster: Cluster) -> Iterator[LettaDatabase]:
    """A world of its own whose passages are an e-mail address each."""
    world = mutants.small_world(cluster, "0.16.8")
    world.execute("UPDATE archival_passages SET text = left(md5(id), 8) || '@leak-example.com'")
    with pointed_at(world.uri()):
        yield world


def test_a_passage_that_is_revealed_unmasks_itself_and_not_its_neighbours(
    told: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    one = next(one for one in usable(told) if one.table == "archival_passages")
    ((organization,),) = told.rows(
        "SELECT organization_id FROM archival_passages WHERE id = %s", [one.id]
    )
    client, user = browser_of("auditor"), person("auditor")
    opened(user, organization)
    reveal(user, "passage", one.id)
    assert "leak-example" in client.get(f"/passages/{one.id}/").content.decode()
    near = client.get(f"/passages/{one.id}/neighbors/?format=json").content.decode()
    assert json.loads(near)["neighbors"]
    assert "leak-example" not in near
    page = client.get(f"/passages/{one.id}/neighbors/").content.decode()
    assert "leak-example" not in page
    assert "Revealed to you" not in page


def mail(agent: str) -> str:
    return f"{agent}.lovelace@corp-example.com"


@pytest.fixture
def memory(cluster: Cluster) -> Iterator[LettaDatabase]:
    """Two agents whose memory holds an e-mail address each."""
    database = new_database(cluster, schema="public")
    told = Scene(database)
    told.organization()
    for agent in ("agent-1", "agent-2"):
        told.agent(agent)
        said = f"Mail: {mail(agent)}"
        told.turn(agent, {"human": f"{said}\nline 0"}, "memory_replace", label="human",
                  old_string="line 0", new_string="line 1", returned=f"{said}\nline 1")  # fmt: skip
        told.block(f"block-{agent}", f"{said}\nline 1", version=2)
        told.attach(agent, f"block-{agent}")
    database.provision()
    with pointed_at(database.uri()):
        yield database


def offered(client: Client, address: str) -> dict[str, str]:
    """The form's fields that the page's link to it leads to; empty where the page offers none."""
    link = re.search(r'href="(/access/reveal/\?[^"]+)"', client.get(address).content.decode())
    if link is None:
        return {}
    asked = parse_qs(urlsplit(html.unescape(link[1])).query)
    return OCCASION | {"about": asked["about"][0], "next": address}


def unmasked(client: Client, block_id: str = "block-nowhere") -> list[str]:
    pages = {agent: HISTORY.format(block_id, agent) for agent in ("agent-1", "agent-2")}
    return [agent for agent, page in pages.items() if mail(agent) in client.get(page).content.decode()]  # fmt: skip


@pytest.mark.parametrize("address", ["/blocks/block-nowhere/", "/blocks/block-nowhere/history/"])
def test_what_is_no_row_is_not_offered(
    address: str, memory: LettaDatabase, browser_of: Browser
) -> None:
    assert offered(browser_of("auditor"), address) == {}


def test_what_is_left_of_a_block_that_is_gone_is_its_agents(
    memory: LettaDatabase, browser_of: Browser
) -> None:
    client = browser_of("auditor")
    form = offered(client, HISTORY.format("block-nowhere", "agent-1"))
    assert client.post("/access/reveal/", form).status_code == 302
    event = AccessEvent.objects.get(action="object.reveal")
    assert (event.object_kind, event.object_ids) == ("agent", ["agent-1"])
    assert (event.organization_id, event.agent_id) == ("org-1", "agent-1")
    assert unmasked(client) == ["agent-1"]


def test_a_reveal_of_a_block_that_never_was_holds_for_nothing(
    memory: LettaDatabase, browser_of: Browser, person: Person, download: Download
) -> None:
    reveal(person("auditor"), "block", "block-nowhere")
    client = browser_of("auditor")
    assert unmasked(client) == []
    found = download(client, kind="block", id="block-nowhere", agent="agent-1", label="human")
    assert mail("agent-1") not in found.html


def test_a_revealed_block_unmasks_itself_whatever_its_address_says_beside(
    memory: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    client = browser_of("auditor")
    reveal(person("auditor"), "agent", "agent-2")
    assert mail("agent-1") not in client.get(HISTORY.format("block-agent-1", "agent-2")).content.decode()  # fmt: skip
    reveal(person("auditor"), "block", "block-agent-1")
    assert mail("agent-1") in client.get(HISTORY.format("block-agent-1", "agent-2")).content.decode()  # fmt: skip


def test_a_bundle_of_a_block_that_is_gone_is_unmasked_with_its_agent(
    memory: LettaDatabase, browser_of: Browser, person: Person, download: Download
) -> None:
    reveal(person("auditor"), "agent", "agent-1")
    for agent, shown in (("agent-1", True), ("agent-2", False)):
        found = download(
            browser_of("auditor"), kind="block", id="block-nowhere", agent=agent, label="human"
        )
        assert (mail(agent) in found.html) == shown


def test_a_bundle_of_a_customer_holds_other_objects_texts_and_stays_masked(
    memory: LettaDatabase, browser_of: Browser, person: Person, download: Download
) -> None:
    memory.execute(
        "INSERT INTO identities (id, identifier_key, name, identity_type, properties, organization_id, is_deleted)"
        " VALUES ('identity-1', 'ada', 'Ada', 'user', '[]', 'org-1', false)"
    )
    memory.execute("INSERT INTO identities_agents (identity_id, agent_id) VALUES ('identity-1', 'agent-1')")  # fmt: skip
    opened(person("auditor"), "org-1")
    reveal(person("auditor"), "identity", "identity-1")
    found = download(browser_of("auditor"), kind="identity", id="identity-1")
    assert mail("agent-1") not in found.html
    assert found.manifest["masking"]["applied"]
