"""Whoever replaces somebody's password or takes their second factor is on record, reviewed, and told of."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from agents_app.accounts.access.models import Review
from agents_app.accounts.models import AccessEvent
from agents_app.accounts.trail import resets
from tests.integration.accounts.test_review import listed, say
from tests.integration.accounts.test_sign_in import PASSWORD

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
Person = Callable[[str], User]
ACTIONS = {"password": "account.password-reset", "factor": "account.factor-reset"}


@pytest.fixture(params=ACTIONS)
def reset(request: pytest.FixtureRequest, browser_of: Browser, person: Person) -> int:
    """An administrator reset the auditor's account; the number of the row."""
    browser_of("admin").post(f"/accounts/{person('auditor').pk}/", {"do": request.param})
    event = AccessEvent.objects.get(action=ACTIONS[request.param])
    assert event.reason == "account of auditor, role auditor"
    assert event.object_ids == [str(person("auditor").pk)]
    return event.sequence


def test_it_waits_for_a_review(reset: int, browser_of: Browser) -> None:
    client = browser_of("superuser")
    assert listed(client) == listed(client, "kind=reset") == [reset]
    assert "account of auditor, role auditor" in client.get("/trail/review/").content.decode()
    assert say(client, reset).status_code == 302
    assert listed(client) == []


def test_neither_who_did_it_nor_whose_account_it_is_reviews_it(
    reset: int, browser_of: Browser, person: Person
) -> None:
    theirs = browser_of("auditor")
    page = theirs.get(f"/trail/review/{reset}/").content.decode()
    assert "This is about your own account." in page
    assert f"Approve row {reset}" not in theirs.get("/trail/review/").content.decode()
    assert say(theirs, reset).status_code == 403
    User.objects.filter(pk=person("admin").pk).update(is_superuser=True)
    assert say(browser_of("admin"), reset).status_code == 403
    assert not Review.objects.exists()


@pytest.fixture
def signs_in(person: Person) -> Callable[[str], str]:
    """`signs_in(role)`: the page after signing in with the password."""
    cache.clear()

    def run(role: str) -> str:
        user = person(role)
        user.set_password(PASSWORD)
        user.save()
        client = Client()
        client.post("/account/login/", {"login": role, "password": PASSWORD})
        return client.get("/account/").content.decode()

    return run


def test_the_person_is_told_at_each_sign_in_for_two_weeks(
    reset: int, signs_in: Callable[[str], str]
) -> None:
    event = AccessEvent.objects.get(sequence=reset)
    said = f"admin {resets.DONE[event.action]} on {event.at:%Y-%m-%d at %H:%M} UTC."
    assert said in signs_in("auditor")
    assert said in signs_in("auditor"), "also where somebody else signed in first"
    assert said not in signs_in("support")


def test_what_was_reset_long_ago_is_not_told(
    reset: int, signs_in: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resets, "TOLD_FOR", timedelta(0))
    assert "admin" not in signs_in("auditor")
