"""Revealing one object: a right, a reason, half an hour, on record."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents_app.accounts.access import reveals
from agents_app.accounts.access.models import Reveal
from agents_app.accounts.access.reveals import Shown
from agents_app.accounts.models import AccessEvent
from tests.integration.accounts.test_openings import minutes
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
Person = Callable[[str], User]
SHOWN = Shown("message", "message-1", organization_id="org-a", agent_id="agent-1")
FORM = {"category": "audit", "ticket": "", "reason": "Checking a complaint about this reply"}


def form(shown: Shown = SHOWN, **others: str) -> dict[str, str]:
    link = reveals.address(shown, back="/messages/message-1/")
    about = re.search(r"about=([^&]+)", link)
    assert about
    return FORM | {"about": about[1].replace("%3A", ":"), "next": "/messages/message-1/"} | others


def revealed(user: User, **changes: Any) -> Reveal:
    made = Reveal.objects.create(
        user=user, object_kind="message", object_id="message-1", category="audit", reason="Complaint 12"
    )  # fmt: skip
    Reveal.objects.filter(pk=made.pk).update(**changes)
    return made


def test_an_object_is_revealed_for_a_reason(browser_of: Browser, person: Person) -> None:
    answer = browser_of("auditor").post("/access/reveal/", form())
    assert (answer.status_code, answer["Location"]) == (302, "/messages/message-1/")
    assert reveals.revealed(person("auditor"), [("message", "message-1")])
    event = AccessEvent.objects.get()
    assert (event.action, event.object_kind, event.object_ids) == ("object.reveal", "message", ["message-1"])  # fmt: skip
    assert (event.organization_id, event.agent_id) == ("org-a", "agent-1")
    assert event.reason == f"An audit or review: {FORM['reason']}"


@pytest.mark.parametrize(
    ("ago", "holds"), [(0, True), (29, True), (29.9, True), (30.1, False), (31, False)]
)
def test_it_lasts_half_an_hour(ago: float, holds: bool, person: Person) -> None:
    revealed(person("auditor"), revealed_at=Now() - minutes(ago))
    found = reveals.revealed(person("auditor"), [("message", "message-1")])
    assert (found is not None) == holds


@pytest.mark.parametrize(
    "objects",
    [[], [("message", "message-2")], [("conversation", "message-1")], [("message", "message-10")]],
)
def test_nothing_else_is_revealed_with_it(objects: list[tuple[str, str]], person: Person) -> None:
    revealed(person("auditor"))
    assert not reveals.revealed(person("auditor"), objects)
    assert not reveals.revealed(person("support"), [("message", "message-1")])


def test_several_objects_are_asked_about_at_once(person: Person) -> None:
    revealed(person("auditor"))
    user = person("auditor")
    with CaptureQueriesContext(connection) as asked:
        assert reveals.revealed(user, [("agent", "agent-1"), ("message", "message-1")])
    assert len(asked) == 1


@pytest.mark.parametrize("role", ["support", "ops", "admin"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_right_it_is_denied_on_record(
    method: str, role: str, browser_of: Browser
) -> None:
    assert getattr(browser_of(role), method)("/access/reveal/", form()).status_code == 403
    event = AccessEvent.objects.get()
    assert (event.action, event.outcome, event.user_name) == ("object.reveal", "denied", role)
    assert (event.object_ids, event.organization_id) == (["message-1"], "org-a")
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("about", ["", "message-1", "eyJraW5kIjoibWVzc2FnZSJ9:x:y"])
def test_only_what_a_page_offered_is_revealed(about: str, browser_of: Browser) -> None:
    assert browser_of("auditor").post("/access/reveal/", form(about=about)).status_code == 400
    assert not Reveal.objects.exists()


def test_a_reason_is_needed(browser_of: Browser) -> None:
    answer = browser_of("auditor").post("/access/reveal/", form(reason="because"))
    assert answer.status_code == 422
    assert not Reveal.objects.exists()


def test_nothing_is_revealed_without_its_row_in_the_trail(
    browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(reveals, "record", fails)
    assert browser_of("auditor").post("/access/reveal/", form()).status_code == 500
    assert not Reveal.objects.exists()


AGENT = "SELECT id FROM agents ORDER BY 1 LIMIT 1"
LINK = re.compile(r'<a href="(/access/reveal/[?]about=[^"]+)"')


@pytest.mark.parametrize(
    ("role", "offered"), [("auditor", True), ("support", False), ("ops", False), ("superuser", False)]
)  # fmt: skip
def test_a_page_offers_it_to_those_who_may(
    role: str, offered: bool, letta: LettaDatabase, browser_of: Browser
) -> None:
    ((agent,),) = letta.rows(AGENT)
    answer = browser_of(role).get(f"/agents/{agent}/")
    assert answer.status_code == 200
    assert bool(LINK.search(answer.content.decode())) == offered


def test_the_link_leads_to_the_form_and_back(letta: LettaDatabase, browser_of: Browser) -> None:
    ((agent,),) = letta.rows(AGENT)
    client = browser_of("auditor")
    href = LINK.search(client.get(f"/agents/{agent}/?times=utc").content.decode())
    assert href
    page = client.get(href[1].replace("&amp;", "&")).content.decode()
    assert agent in page
    assert f'name="next" value="/agents/{agent}/?times=utc"' in page


def test_a_revealed_page_shows_what_is_stored_and_for_nobody_else(
    letta: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    identity, key = letta.rows("SELECT id, identifier_key FROM identities WHERE identifier_key LIKE '%@example%' LIMIT 1")[0]  # fmt: skip
    url, client = f"/identities/{identity}/", browser_of("auditor")
    masked = client.get(url).content.decode()
    assert key not in masked
    href = re.search(r'href="(/access/reveal/[^"]+)"', masked)
    assert href
    about = re.search(r'name="about" value="([^"]+)"', client.get(href[1].replace("&amp;", "&")).content.decode())  # fmt: skip
    assert about
    assert (
        client.post("/access/reveal/", FORM | {"about": about[1], "next": url})["Location"] == url
    )
    assert key in client.get(url).content.decode()
    assert key not in browser_of("support").get(url).content.decode()
    Reveal.objects.update(revealed_at=Now() - minutes(31))
    assert key not in client.get(url).content.decode()


def test_the_trail_names_organization_and_agent_of_what_is_revealed(
    letta: LettaDatabase, browser_of: Browser
) -> None:
    message, *whose = letta.rows("SELECT id, organization_id, agent_id FROM messages LIMIT 1")[0]
    browser_of("auditor").post("/access/reveal/", form(Shown("message", message)))
    event = AccessEvent.objects.get(action="object.reveal")
    assert [event.organization_id, event.agent_id] == whose


def test_a_page_says_until_when_it_is_revealed(
    letta: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    ((agent,),) = letta.rows(AGENT)
    revealed(person("auditor"), object_kind="agent", object_id=agent)
    page = browser_of("auditor").get(f"/agents/{agent}/").content.decode()
    assert "Revealed to you until" in page
    assert not LINK.search(page)
