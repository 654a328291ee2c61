"""What a page may show: by role, by what is assigned, and by what was opened with a reason."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db.models.functions import Now
from django.test import Client

from agents_app.accounts.access.models import Opening
from agents_app.accounts.models import AccessEvent, Assignment
from agents_app.letta import scoping
from agents_app.work import frames
from tests.conftest import assign
from tests.lettadb import LettaDatabase
from tests.openings import opened

pytestmark = pytest.mark.django_db
Person = Callable[[str], User]
Browser = Callable[[str], Client]
BUSY = "SELECT agent_id, organization_id FROM messages GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1"


def test_support_sees_its_own_organizations_only(
    letta: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    ((agent, organization),) = letta.rows(BUSY)
    user, client = person("support"), browser_of("support")
    Assignment.objects.filter(user=user).delete()
    url = f"/agents/{agent}/messages/"
    assert client.get(url).status_code == 404
    assign(user, "organization", "org-other", "own")
    assert client.get(url).status_code == 404
    assign(user, "organization", organization, "own")
    assert client.get(url).status_code == 200


def test_an_organization_on_request_opens_with_a_reason(
    letta: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    ((agent, organization),) = letta.rows(BUSY)
    user, client, url = person("support"), browser_of("support"), f"/agents/{agent}/messages/"
    Assignment.objects.filter(user=user).delete()
    assign(user, "organization", organization, "on request")
    asked = client.get(url)
    assert asked.status_code == 302
    assert asked["Location"].startswith(
        f"/access/open/?organization={organization}&next=%2Fagents%2F"
    )
    event = AccessEvent.objects.latest("sequence")
    assert (event.outcome, event.organization_id) == ("denied", organization)
    assert client.get(f"{url}?format=json").json()["error"] == "reason_needed"
    assert client.get("/agents/agent-absent/messages/").status_code == 404
    opened(user, organization)
    assert client.get(url).status_code == 200
    Opening.objects.update(opened_at=Now(), closed_at=Now())
    assert client.get(url).status_code == 302


def test_an_auditor_reads_memory_everywhere_and_content_with_a_reason(
    letta: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    ((agent, organization),) = letta.rows(BUSY)
    user, client = person("auditor"), browser_of("auditor")
    assert client.get(f"/agents/{agent}/memory/").status_code == 200
    assert client.get(f"/agents/{agent}/messages/").status_code == 302
    closed = client.get(f"/agents/{agent}/").content.decode()
    assert "/access/open/?organization=" in closed
    assert 'id="prompt"' not in closed
    opened(user, organization)
    assert client.get(f"/agents/{agent}/messages/").status_code == 200
    assert 'id="prompt"' in client.get(f"/agents/{agent}/").content.decode()


def test_an_opening_of_one_organization_opens_no_other(
    letta: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    ((_agent, organization),) = letta.rows(BUSY)
    ((other,),) = letta.rows(
        "SELECT agent_id FROM messages WHERE organization_id <> %s GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
        [organization],
    )
    opened(person("auditor"), organization)
    client = browser_of("auditor")
    assert client.get(f"/agents/{other}/messages/").status_code == 302
    assert 'id="prompt"' not in client.get(f"/agents/{other}/").content.decode()
    assert other in client.get("/agents/?limit=200").content.decode(), "metadata is told everywhere"


def test_an_opening_that_is_not_on_request_any_more_opens_nothing(
    letta: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    ((agent, organization),) = letta.rows(BUSY)
    user = person("support")
    Assignment.objects.filter(user=user).delete()
    opened(user, organization)
    assert browser_of("support").get(f"/agents/{agent}/messages/").status_code == 404


def test_streams_are_read_in_the_scope_of_their_view(
    letta: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    ((_, organization),) = letta.rows(BUSY)
    user = person("support")
    Assignment.objects.filter(user=user).delete()
    assign(user, "organization", organization, "own")
    response = browser_of("support").get("/agents/?format=csv")
    body = b"".join(response.streaming_content).decode()
    own = {
        one
        for (one,) in letta.rows("SELECT id FROM agents WHERE organization_id = %s", [organization])
    }
    foreign = {
        one
        for (one,) in letta.rows(
            "SELECT id FROM agents WHERE organization_id <> %s", [organization]
        )
    }
    assert any(one in body for one in own)
    assert not any(one in body for one in foreign)


def test_background_work_keeps_the_scope_it_was_asked_in() -> None:
    scope = scoping.Scope(("org-1",), tags=("vip",))
    with scoping.using(scope):
        kept = frames.framed({"agent": "agent-1"})
    with frames.inside(kept) as arguments:
        assert arguments == {"agent": "agent-1"}
        assert scoping.current() == scope


def test_nothing_of_a_request_stays_in_force_after_it(
    letta: LettaDatabase, browser_of: Browser
) -> None:
    before = scoping.current()
    browser_of("support").get("/agents/")
    assert scoping.current() == before
