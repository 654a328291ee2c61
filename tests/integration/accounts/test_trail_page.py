"""The trail's page: who looked at what, per person, per agent and per customer; denied attempts too."""

import csv
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from agents_app.accounts import audit
from agents_app.accounts.models import AccessEvent
from tests.integration.accounts.test_record import request_of
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
TRAIL = "/trail/"


@pytest.fixture
def events(person: Callable[[str], User]) -> None:
    """Two people who looked at two agents and one message."""
    for role, agent in (("support", "agent-1"), ("auditor", "agent-2"), ("support", "agent-2")):
        audit.record(
            request_of(person(role)), "conversation.read", kind="message", ids=["message-9"], agent_id=agent,  # type: ignore[arg-type]
        )  # fmt: skip


def listed(client: Client, query: str = "") -> list[dict[str, object]]:
    response = client.get(f"{TRAIL}?format=json&{query}")
    assert response.status_code == 200
    return [row for row in response.json()["results"] if row["action"] != "trail.read"]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", [3, 2, 1]),
        ("person=support", [3, 1]),
        ("agent=agent-2", [3, 2]),
        ("object=message-9", [3, 2, 1]),
        ("object=message-8", []),
        ("action=conversation", [3, 2, 1]),
        ("action=conversation.read&person=auditor", [2]),
        ("outcome=denied", []),
        ("since=2001-01-01&until=2001-01-02", []),
    ],
)
def test_the_trail_is_narrowed_newest_first(
    query: str, rows: list[int], events: None, browser_of: Browser
) -> None:
    assert [row["sequence"] for row in listed(browser_of("auditor"), query)] == rows


def test_who_looked_at_a_customer_includes_their_agents(
    letta: LettaDatabase, browser_of: Browser, person: Callable[[str], User]
) -> None:
    identity, agent = letta.rows("SELECT identity_id, agent_id FROM identities_agents LIMIT 1")[0]
    for ids, of in (([identity], ""), (["message-1"], agent), (["message-2"], "agent-other")):
        audit.record(
            request_of(person("support")), "x.read", kind="x", ids=ids, agent_id=of  # type: ignore[arg-type]
        )  # fmt: skip
    found = listed(browser_of("auditor"), f"identity={identity}")
    assert [row["objects"] for row in found] == [["message-1"], [identity]]


def test_looking_at_the_trail_is_on_record_itself(events: None, browser_of: Browser) -> None:
    browser_of("auditor").get(TRAIL)
    newest = AccessEvent.objects.latest("sequence")
    assert (newest.action, newest.user_name, newest.object_count) == ("trail.read", "auditor", 3)


def test_pages_follow_each_other_without_gaps(events: None, browser_of: Browser) -> None:
    client, found = browser_of("auditor"), []
    url = f"{TRAIL}?format=json&limit=1&action=conversation"
    while url:
        answer = client.get(url).json()
        found += [row["sequence"] for row in answer["results"]]
        url = answer["next"]
    assert found == [3, 2, 1]


def test_the_csv_has_every_row(events: None, browser_of: Browser) -> None:
    response = browser_of("auditor").get(f"{TRAIL}?format=csv&action=conversation")
    rows = list(csv.DictReader(b"".join(response).decode().splitlines()))  # type: ignore[arg-type]
    assert [row["sequence"] for row in rows] == ["3", "2", "1"]
    assert AccessEvent.objects.latest("sequence").action == "trail.export"


def test_a_denied_attempt_is_on_record(letta: LettaDatabase, browser_of: Browser) -> None:
    (agent,) = letta.rows("SELECT id FROM agents LIMIT 1")[0]
    assert browser_of("admin").get(reverse("agents:agent", args=[agent])).status_code == 403
    event = AccessEvent.objects.get()
    assert (event.action, event.outcome, event.user_name) == ("agents:agent", "denied", "admin")
    assert (event.object_ids, event.agent_id) == ([agent], agent)


@pytest.mark.parametrize(
    ("role", "status"), [("support", 403), ("ops", 403), ("admin", 403), ("superuser", 200)]
)
def test_only_auditors_and_superusers_read_the_trail(
    role: str, status: int, browser_of: Browser
) -> None:
    assert browser_of(role).get(TRAIL).status_code == status


def test_what_was_searched_for_can_be_told_by_who_knows_it_but_not_read(
    letta: LettaDatabase, browser_of: Browser
) -> None:
    browser_of("superuser").get("/search/?q=Anna")
    event = AccessEvent.objects.filter(action="search").latest("sequence")
    assert event.terms == audit.keyed("anna")
    assert "nna" not in str(vars(event)).replace("_annotation", "")
