"""Administrators keep the accounts: they add people, give roles, and help those who lost a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client

from agents_app.accounts import people_views
from agents_app.accounts.models import AccessEvent, Assignment
from agents_app.accounts.people import role_name
from agents_app.accounts.reach import standing
from agents_app.letta.scoping import Scope
from tests.conftest import assign
from tests.inert import findings
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
Person = Callable[[str], User]


def failing(*_: Any, **__: Any) -> None:
    raise DatabaseError


def test_the_list_says_who_may_sign_in_and_how(browser_of: Browser, person: Person) -> None:
    support = person("support")
    Authenticator.objects.create(user=support, type=Authenticator.Type.TOTP, data={})
    results = browser_of("admin").get("/accounts/?format=json").json()["results"]
    kept = {one["name"]: (one["role"], one["has_second_factor"]) for one in results}
    assert kept["support"] == ("support", True)
    assert kept["admin"] == ("admin", False)


def test_a_new_account_signs_in_with_the_password_that_was_shown_once(browser_of: Browser) -> None:
    answer = browser_of("admin").post("/accounts/add/", {"username": "nadia", "role": "ops"})
    shown = re.search(r'<code class="mono">(\w{20})</code>', answer.content.decode())
    assert shown
    assert "no-store" in answer["Cache-Control"]
    client = Client()
    client.post("/account/login/", {"login": "nadia", "password": shown[1]})
    assert client.get("/account/?format=json").json()["role"] == "ops"
    assert AccessEvent.objects.get(action="account.added").reason == "role ops"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", [{"username": "nadia", "role": "auditor"}])
def test_no_account_is_made_without_its_row_in_the_trail(
    form: dict[str, str], browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_of("admin")
    monkeypatch.setattr(people_views, "record", failing)
    assert client.post("/accounts/add/", form).status_code == 500
    assert not User.objects.filter(username="nadia").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["password", "factor", "sessions", "save"])
def test_nothing_of_an_account_changes_without_its_row_in_the_trail(
    action: str, browser_of: Browser, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, client = person("support"), browser_of("admin")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    monkeypatch.setattr(people_views, "record", failing)
    assert client.post(f"/accounts/{user.pk}/", {"do": action, "role": "ops"}).status_code == 500
    kept = User.objects.get(pk=user.pk)
    assert (kept.password, role_name(kept), kept.is_active) == (user.password, "support", True)
    assert Authenticator.objects.filter(user=user).exists()


def test_a_name_that_is_taken_is_told(browser_of: Browser, person: Person) -> None:
    person("support")
    answer = browser_of("admin").post("/accounts/add/", {"username": "support", "role": "ops"})
    assert "already exists" in answer.content.decode()


def test_a_changed_role_holds_at_once_and_is_on_record(browser_of: Browser, person: Person) -> None:
    user, theirs = person("support"), browser_of("support")
    browser_of("admin").post(
        f"/accounts/{user.pk}/", {"do": "save", "role": "ops", "is_active": "on"}
    )
    assert role_name(User.objects.get(pk=user.pk)) == "ops"
    assert theirs.get("/identities/").status_code == 403
    event = AccessEvent.objects.get(action="account.changed")
    assert (event.object_ids, event.reason) == ([str(user.pk)], "role ops, may sign in")


def test_a_disabled_account_is_out_at_once(browser_of: Browser, person: Person) -> None:
    theirs = browser_of("support")
    browser_of("admin").post(
        f"/accounts/{person('support').pk}/", {"do": "save", "role": "support"}
    )
    assert theirs.get("/account/").status_code == 302


@pytest.mark.parametrize("action", ["password", "factor", "sessions", "save"])
def test_nobody_changes_their_own_account_here(
    action: str, browser_of: Browser, person: Person
) -> None:
    answer = browser_of("admin").post(f"/accounts/{person('admin').pk}/", {"do": action})
    assert answer.status_code == 403
    assert role_name(User.objects.get(username="admin")) == "admin"


def test_only_a_superuser_changes_a_superuser(browser_of: Browser, person: Person) -> None:
    superuser = person("superuser")
    assert browser_of("admin").post(f"/accounts/{superuser.pk}/", {"do": "save"}).status_code == 403
    assert User.objects.get(pk=superuser.pk).is_active


def test_a_lost_second_factor_is_taken_away(browser_of: Browser, person: Person) -> None:
    user = person("support")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    browser_of("admin").post(f"/accounts/{user.pk}/", {"do": "factor"})
    assert not Authenticator.objects.filter(user=user).exists()
    assert AccessEvent.objects.latest("sequence").action == "account.factor-reset"


@pytest.mark.parametrize("role", ["support", "auditor", "ops"])
@pytest.mark.parametrize("url", ["/accounts/", "/accounts/add/", "/accounts/1/"])
def test_others_do_not_get_there(role: str, url: str, browser_of: Browser) -> None:
    assert browser_of(role).get(url).status_code == 403
    assert browser_of(role).post(url).status_code in {403, 405}


def test_an_organization_is_assigned_and_taken_away_on_record(
    browser_of: Browser, person: Person
) -> None:
    client, user = browser_of("admin"), person("support")
    Assignment.objects.filter(user=user).delete()
    url = f"/accounts/{user.pk}/"
    assert "sees no rows" in client.get(url).content.decode()
    client.post(
        url, {"do": "assign", "kind": "organization", "value": "org-1", "level": "on request"}
    )
    client.post(url, {"do": "assign", "kind": "tag", "value": "vip", "level": "own"})
    found = (
        Assignment.objects.filter(user=user).order_by("kind").values_list("kind", "value", "level")
    )
    assert list(found) == [("organization", "org-1", "on request"), ("tag", "vip", "")]
    for one in Assignment.objects.filter(user=user):
        client.post(url, {"do": "unassign", "assignment": one.pk})
    assert not Assignment.objects.filter(user=user).exists()
    actions = AccessEvent.objects.order_by("sequence").values_list("action", "reason")
    assert [action for action, _ in actions] == ["account.assigned"] * 2 + [
        "account.unassigned"
    ] * 2
    assert actions[0][1] == "organization org-1 on request"


@pytest.fixture
def narrowed(person: Person) -> User:
    """Somebody who sees one organization's agents of an identity and of a tag."""
    user = person("support")
    Assignment.objects.filter(user=user).delete()
    assign(user, "organization", "org-1", "on request")
    assign(user, "identity", "identity-1")
    assign(user, "tag", "vip")
    return user


def taken_away(client: Client, user: User, kind: str, do: str = "unassign") -> HttpResponse:
    one = Assignment.objects.get(user=user, kind=kind)
    return client.post(f"/accounts/{user.pk}/", {"do": do, "assignment": one.pk})


def test_what_narrows_a_person_last_is_not_taken_away_unnoticed(
    browser_of: Browser, narrowed: User
) -> None:
    client = browser_of("admin")
    assert taken_away(client, narrowed, "tag").status_code == 302
    refused = taken_away(client, narrowed, "identity")
    assert refused.status_code == 422
    assert "let them see the whole organization" in refused.content.decode()
    assert findings(refused.content.decode()) == []
    assert standing(User.objects.get(pk=narrowed.pk)).by_agent
    assert AccessEvent.objects.filter(action="account.unassigned").count() == 1


def test_whoever_confirms_it_widens_a_person_on_record(browser_of: Browser, narrowed: User) -> None:
    client = browser_of("admin")
    taken_away(client, narrowed, "identity")
    assert taken_away(client, narrowed, "tag", "widen").status_code == 302
    assert not standing(User.objects.get(pk=narrowed.pk)).by_agent
    event = AccessEvent.objects.latest("sequence")
    assert (event.action, event.reason) == (
        "account.unassigned", "tag vip, now whole organizations",
    )  # fmt: skip


def test_without_organizations_the_last_that_narrows_goes_by_itself(
    browser_of: Browser, narrowed: User
) -> None:
    for kind in ("organization", "identity", "tag"):
        assert taken_away(browser_of("admin"), narrowed, kind).status_code == 302
    assert standing(User.objects.get(pk=narrowed.pk)) == Scope(())


def test_an_organization_without_a_level_is_refused(browser_of: Browser, person: Person) -> None:
    user = person("auditor")
    response = browser_of("admin").post(
        f"/accounts/{user.pk}/", {"do": "assign", "kind": "organization", "value": "org-1"}
    )
    assert response.status_code == 422
    assert "opens with a reason" in response.content.decode()
    assert not Assignment.objects.filter(user=user).exists()


def test_letta_is_asked_for_its_organizations_on_request_only(
    letta: LettaDatabase, browser_of: Browser, person: Person
) -> None:
    url = f"/accounts/{person('support').pk}/"
    assert "default_org" not in browser_of("admin").get(url).content.decode()
    assert "default_org" in browser_of("admin").get(f"{url}?organizations=show").content.decode()
