"""Organizations opened on request: for a reason, by the database's clock, on record, with a banner."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents_app.accounts.access import openings
from agents_app.accounts.access.models import Opening
from agents_app.accounts.models import AccessEvent, Assignment
from tests.conftest import assign
from tests.lettadb import LettaDatabase
from tests.openings import REASON, opened, proved

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
Person = Callable[[str], User]
FORM = {"organization": "org-b", "category": "request", "ticket": "T-12", "reason": REASON}


@pytest.fixture
def support(browser_of: Browser) -> Client:
    """A client of somebody who may open two organizations with a reason, and has none."""
    client = browser_of("support")
    Assignment.objects.all().delete()
    for organization in ("org-b", "org-c"):
        assign(person_of("support"), "organization", organization, "on request")
    return proved(client)


def person_of(name: str) -> User:
    return User.objects.get(username=name)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("since", "idle", "is_open"),
    [
        (0, 0, True), (1, 1, True), (10, 0, True), (29, 29, True), (29.9, 29.9, True),
        (30.1, 30.1, False), (31, 31, False), (60, 29, True), (60, 29.9, True), (60, 30.1, False),
        (60, 31, False), (120, 0, True), (120, 45, False), (239, 0, True), (239, 29, True),
        (239, 31, False), (239.9, 0, True), (240.1, 0, False), (241, 0, False), (2000, 0, False),
    ],
)  # fmt: skip
def test_an_opening_ends_after_half_an_hour_idle_and_after_four_hours(
    since: float, idle: float, is_open: bool, person: Person
) -> None:
    user = person("support")
    opened(user, opened_at=Now() - minutes(since), seen_at=Now() - minutes(idle))
    assert openings.open_organizations(user) == (("org-b",) if is_open else ())
    assert len(openings.openings(user)) == is_open


def test_a_closed_opening_and_another_persons_are_not_open(person: Person) -> None:
    opened(person("support"), closed_at=Now())
    opened(person("auditor"), "org-c")
    assert openings.open_organizations(person("support")) == ()


@pytest.mark.parametrize(("idle", "note", "written"), [(0.5, True, False), (2, True, True), (2, False, False)])  # fmt: skip
def test_use_is_noted_once_a_minute_at_most(
    idle: float, note: bool, written: bool, person: Person
) -> None:
    made = opened(person("support"), seen_at=Now() - minutes(idle))
    before, user = Opening.objects.get(pk=made.pk).seen_at, made.user
    with CaptureQueriesContext(connection) as asked:
        openings.open_organizations(user, note=note)
    assert (Opening.objects.get(pk=made.pk).seen_at > before) == written
    assert len(asked) == 1 + written


def test_use_never_prolongs_beyond_four_hours(person: Person) -> None:
    made = opened(person("support"), opened_at=Now() - minutes(230), seen_at=Now() - minutes(20))
    openings.open_organizations(person("support"))
    (found,) = openings.openings(person("support"))
    assert found.until == found.latest
    Opening.objects.filter(pk=made.pk).update(opened_at=F("opened_at") - minutes(11))
    assert openings.open_organizations(person("support")) == ()


def test_an_organization_is_opened_for_a_reason_and_the_way_goes_on(support: Client) -> None:
    answer = support.post("/access/open/", FORM | {"next": "/agents/agent-1/?view=full"})
    assert (answer.status_code, answer["Location"]) == (302, "/agents/agent-1/?view=full")
    made, event = Opening.objects.get(), AccessEvent.objects.get()
    assert (made.organization_id, made.category, made.ticket, made.reason) == ("org-b", "request", "T-12", REASON)  # fmt: skip
    assert (event.action, event.outcome, event.object_ids) == ("organization.open", "success", ["org-b"])  # fmt: skip
    assert event.organization_id == "org-b"
    assert event.reason == f"A customer's question, ticket T-12: {REASON}"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", "evil.example", "\\\\evil.example"])  # fmt: skip
def test_the_way_on_never_leads_elsewhere(elsewhere: str, support: Client) -> None:
    assert support.post("/access/open/", FORM | {"next": elsewhere})["Location"] == "/"
    assert "evil" not in support.get("/access/open/", {"next": elsewhere}).content.decode()


@pytest.mark.parametrize("wrong", [{"reason": "too short"}, {"reason": "  a   b  c  "}, {"category": ""}, {"category": "x"}, {"ticket": "<b>"}, {"organization": ""}, {"organization": "a b"}])  # fmt: skip
def test_a_form_that_lacks_something_opens_nothing(wrong: dict[str, str], support: Client) -> None:
    answer = support.post("/access/open/", FORM | wrong)
    assert answer.status_code == 422
    assert 'class="errorlist"' in answer.content.decode()
    assert not Opening.objects.exists()


@pytest.mark.parametrize("organization", ["org-a", "org-that-is-nowhere"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_one_that_is_not_on_request_is_denied_like_an_absent_one_on_record(
    method: str, organization: str, support: Client
) -> None:
    answer = getattr(support, method)("/access/open/", FORM | {"organization": organization})
    assert answer.status_code == 403
    assert "This organization is not on request for you." in answer.content.decode()
    event = AccessEvent.objects.get()
    assert (event.action, event.outcome, event.organization_id) == ("organization.open", "denied", organization)  # fmt: skip
    assert not Opening.objects.exists()


def test_where_every_organization_is_on_request_letta_says_which_there_are(
    letta: LettaDatabase, browser_of: Browser
) -> None:
    client = proved(browser_of("auditor"))
    (organization,) = letta.rows("SELECT id FROM organizations ORDER BY 1 LIMIT 1")[0]
    assert f'value="{organization}"' in client.get("/access/open/").content.decode()
    assert client.post("/access/open/", FORM | {"organization": organization}).status_code == 302
    assert openings.open_organizations(person_of("auditor")) == (organization,)
    assert client.post("/access/open/", FORM | {"organization": "org-absent"}).status_code == 403


def test_who_has_none_on_request_is_told(browser_of: Browser) -> None:
    page = browser_of("ops").get("/access/open/")
    assert "No organization is on request for you." in page.content.decode()


@pytest.mark.parametrize(("ago", "status"), [(10, 200), (290, 200), (310, 302)])
def test_it_asks_again_who_has_not_proved_lately_who_they_are(
    ago: float, status: int, support: Client
) -> None:
    client = proved(support, ago=ago)
    answer = client.get("/access/open/?organization=org-b&next=/agents/")
    assert answer.status_code == status
    if status == 302:
        assert answer["Location"].startswith("/account/again/?next=%2Faccess%2Fopen%2F%3Forganization%3Dorg-b%26next%3D")  # fmt: skip


def test_what_was_written_is_there_again_after_the_password(support: Client) -> None:
    client = proved(support, ago=310)
    answer = client.post("/access/open/", FORM)
    assert answer["Location"].startswith("/account/again/")
    assert not Opening.objects.exists()
    assert REASON in proved(client).get("/access/open/?organization=org-b").content.decode()


def test_category_and_ticket_are_remembered_for_the_session_and_the_reason_is_not(
    support: Client,
) -> None:
    support.post("/access/open/", FORM)
    page = support.get("/access/open/").content
    assert b'value="request" selected' in page
    assert b'value="T-12"' in page
    assert REASON not in re.sub(r'class="banner".*?</form>', "", page.decode(), flags=re.S)


def test_a_banner_says_what_is_open_and_closes_it(support: Client) -> None:
    support.post("/access/open/", FORM)
    page = support.get("/account/").content.decode()
    assert "You opened" in page
    assert REASON in page
    key = re.search(r'name="opening" value="(\d+)"', page)
    assert key
    support.post("/access/close/", {"opening": key[1]})
    assert openings.open_organizations(Opening.objects.get().user) == ()
    assert "You opened" not in support.get("/account/").content.decode()
    newest = AccessEvent.objects.latest("sequence")
    assert (newest.action, newest.organization_id) == ("organization.close", "org-b")


def test_a_page_that_waits_for_a_reason_leads_to_the_form_and_back(
    letta: LettaDatabase, browser_of: Browser
) -> None:
    client = proved(browser_of("auditor"))
    agent, organization = letta.rows("SELECT id, organization_id FROM agents LIMIT 1")[0]
    page = client.get(f"/agents/{agent}/").content.decode()
    href = f"/access/open/?organization={organization}&amp;next=%2Fagents%2F{agent}%2F"
    assert f'href="{href}"' in page
    back = client.post("/access/open/", FORM | {"organization": organization, "next": f"/agents/{agent}/"})  # fmt: skip
    assert href not in client.get(back["Location"]).content.decode()


@pytest.mark.parametrize(("role", "offered"), [("auditor", True), ("ops", False), ("superuser", False)])  # fmt: skip
def test_ones_account_offers_it_to_those_who_may(
    role: str, offered: bool, browser_of: Browser
) -> None:
    assert ('href="/access/open/"' in browser_of(role).get("/account/").content.decode()) == offered


def test_closing_twice_is_on_record_once(support: Client) -> None:
    support.post("/access/open/", FORM)
    for _ in range(2):
        support.post("/access/close/", {"opening": str(Opening.objects.get().pk)})
    assert AccessEvent.objects.filter(action="organization.close").count() == 1


@pytest.mark.parametrize("key", ["0", "", "x", "9" * 30])
def test_closing_what_is_not_ones_own_is_a_404(key: str, support: Client, person: Person) -> None:
    theirs = opened(person("auditor"))
    assert support.post("/access/close/", {"opening": key or str(theirs.pk)}).status_code == 404
    assert len(openings.openings(person("auditor"))) == 1


def test_opening_again_ends_the_earlier_opening(support: Client) -> None:
    for _ in range(2):
        support.post("/access/open/", FORM)
    assert len(openings.openings(person_of("support"))) == 1
    assert AccessEvent.objects.filter(action="organization.open").count() == 2


def test_signing_out_closes_everything(support: Client) -> None:
    for organization in ("org-b", "org-c"):
        support.post("/access/open/", FORM | {"organization": organization})
    support.post("/account/logout/")
    assert openings.open_organizations(person_of("support")) == ()
    assert AccessEvent.objects.filter(action="organization.close", user_name="support").count() == 2


def test_nothing_opens_without_its_row_in_the_trail(
    support: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(openings, "record", fails)
    assert support.post("/access/open/", FORM).status_code == 500
    assert not Opening.objects.exists()


def test_the_form_must_carry_its_token(person: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("support"))
    for url in ("/access/open/", "/access/close/", "/access/reveal/", "/trail/review/1/"):
        assert client.post(url, FORM).status_code == 403
    assert not Opening.objects.exists()


@pytest.mark.parametrize(
    ("headers", "prolonged"),
    [
        ({}, True),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "Inspector-By-Itself": "1"}, False),
        ({"Inspector-By-Itself": "1"}, False),
    ],
)
def test_what_a_page_asks_by_itself_is_no_use(
    headers: dict[str, str], prolonged: bool, support: Client
) -> None:
    made = opened(person_of("support"), seen_at=Now() - minutes(20))
    before = Opening.objects.get(pk=made.pk).seen_at
    assert support.get("/account/", headers=headers).status_code == 200
    assert (Opening.objects.get(pk=made.pk).seen_at > before) == prolonged
