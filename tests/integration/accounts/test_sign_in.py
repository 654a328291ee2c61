"""Signing in: a second factor for whoever may see content, sessions that end, other sessions ended."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from agents_app.accounts.models import AccessEvent
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
PASSWORD = "a password that is long"
Person = Callable[[str], User]


@pytest.fixture
def required(settings: Any) -> None:
    settings.INSPECTOR_REQUIRE_SECOND_FACTOR = True
    cache.clear()


@pytest.fixture
def signs_in(person: Person) -> Callable[..., Any]:
    """Signs somebody of the role in with the password; gives the answer."""

    def sign_in(client: Client, role: str, password: str = PASSWORD) -> Any:
        user = person(role)
        if not user.check_password(PASSWORD):
            user.set_password(PASSWORD)
            user.save()
        return client.post("/account/login/", {"login": user.username, "password": password})

    return sign_in


def code_for(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def with_app(client: Client) -> str:
    """Sets up an authenticator app for the person signed in; gives its secret."""
    client.post("/account/again/?next=/account/2fa/totp/activate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/").content.decode()
    found = re.search(r'value="([A-Z2-7]{32})"', page)
    assert found
    answer = client.post("/account/2fa/totp/activate/", {"code": code_for(found[1])})
    assert answer.status_code == 302
    return found[1]


@pytest.mark.parametrize(
    ("role", "needs"),
    [("support", True), ("auditor", True), ("superuser", True), ("admin", True), ("ops", False)],
)
def test_whoever_may_see_content_or_give_rights_to_it_needs_a_second_factor(
    role: str, needs: bool, required: None, client: Client, signs_in: Callable[..., Any]
) -> None:
    signs_in(client, role)
    answer = client.get("/")
    assert (answer.status_code, answer.get("Location")) == (
        (302, "/account/2fa/") if needs else (200, None)
    )
    assert client.get("/account/2fa/").status_code == 200


def test_data_is_refused_without_one_too(
    required: None, client: Client, signs_in: Callable[..., Any], letta: LettaDatabase
) -> None:
    signs_in(client, "support")
    for url in ("/conversations/?format=json", "/agents/?format=csv"):
        answer = client.get(url)
        assert (answer.status_code, answer.json()["error"]) == (403, "second_factor")
    assert client.get("/conversations/", headers={"HX-Request": "true"}).status_code == 403


def test_an_app_is_set_up_then_asked_for_at_every_sign_in(
    required: None, client: Client, signs_in: Callable[..., Any]
) -> None:
    signs_in(client, "support")
    secret = with_app(client)
    assert client.get("/").status_code == 200
    client.post("/account/logout/")
    assert signs_in(client, "support")["Location"] == "/account/2fa/authenticate/"
    assert client.get("/")["Location"].startswith("/account/login/")
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    with time_machine.travel(now() + timedelta(seconds=60)):
        right = client.post("/account/2fa/authenticate/", {"code": code_for(secret)})
        assert right["Location"] == "/"
        assert client.get("/").status_code == 200


def test_a_code_confirms_too_that_it_is_you(
    required: None, client: Client, signs_in: Callable[..., Any]
) -> None:
    signs_in(client, "support")
    secret = with_app(client)
    url = "/account/2fa/reauthenticate/"
    assert f'action="{url}"' in client.get(url).content.decode()
    with time_machine.travel(now() + timedelta(seconds=60)):
        answer = client.post(f"{url}?next=/account/2fa/", {"code": code_for(secret)})
    assert answer["Location"] == "/account/2fa/"


def test_a_code_is_accepted_once(
    required: None, client: Client, signs_in: Callable[..., Any]
) -> None:
    signs_in(client, "support")
    secret = with_app(client)
    later = now() + timedelta(seconds=60)
    with time_machine.travel(later, tick=False):
        for expected in (302, 200):
            client.post("/account/logout/")
            signs_in(client, "support")
            answer = client.post("/account/2fa/authenticate/", {"code": code_for(secret)})
            assert answer.status_code == expected


def test_the_secret_is_not_readable_in_our_database(
    required: None, client: Client, signs_in: Callable[..., Any]
) -> None:
    signs_in(client, "support")
    secret = with_app(client)
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data
    assert secret not in str(kept)


@pytest.mark.django_db(transaction=True)
def test_second_factors_are_on_record(
    required: None, client: Client, signs_in: Callable[..., Any]
) -> None:
    signs_in(client, "support")
    with_app(client)
    actions = AccessEvent.objects.order_by("sequence").values_list("action", flat=True)
    assert list(actions)[:2] == ["account.sign-in", "account.factor-added"]


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 302)])
def test_a_session_that_idles_ends(
    minutes: int, status: int, client: Client, signs_in: Callable[..., Any]
) -> None:
    signs_in(client, "ops")
    client.get("/account/")
    with time_machine.travel(now() + timedelta(minutes=minutes)):
        assert client.get("/account/").status_code == status


def test_a_session_in_use_ends_after_twelve_hours(
    client: Client, signs_in: Callable[..., Any]
) -> None:
    signs_in(client, "ops")
    start = time.time()
    statuses = []
    for minute in range(0, 12 * 60 + 40, 20):
        with time_machine.travel(start + minute * 60):
            statuses.append(client.get("/account/").status_code)
    assert statuses[:36] == [200] * 36
    assert statuses[-1] == 302


def test_other_sessions_can_be_seen_and_ended(signs_in: Callable[..., Any]) -> None:
    here, there = Client(), Client(headers={"User-Agent": "another <browser>"})
    signs_in(here, "ops")
    signs_in(there, "ops")
    page = here.get("/account/sessions/").content.decode()
    assert "another &lt;browser&gt;" in page
    here.post("/account/sessions/")
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_a_persons_other_sessions_end_with_a_new_password(
    signs_in: Callable[..., Any],
) -> None:
    here, there = Client(), Client()
    signs_in(here, "ops")
    signs_in(there, "ops")
    new = "another long password 7"
    here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_a_disabled_person_is_out_at_once(
    client: Client, signs_in: Callable[..., Any], person: Person
) -> None:
    signs_in(client, "ops")
    User.objects.filter(pk=person("ops").pk).update(is_active=False)
    assert client.get("/account/").status_code == 302


def test_counters_of_guesses_are_not_pushed_out_by_others(settings: Any, person: Person) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/15m/key"}
    cache.clear()
    user = person("ops")
    user.set_password(PASSWORD)
    user.save()

    def signs_in_from(address: str, password: str = PASSWORD) -> bool:
        given = {"login": "ops", "password": password}
        return Client(REMOTE_ADDR=address).post("/account/login/", given).status_code == 302

    guessers = [f"10.9.9.{number}" for number in range(1, 6)]
    for address in guessers * 3:
        signs_in_from(address, "wrong")
    for number in range(400):
        cache.set(f"allauth:rl:login_failed:{number:03d}", [time.time()], 900)
    assert not any(map(signs_in_from, guessers))
    assert signs_in_from("10.9.9.99")


def test_what_has_ended_makes_room(db: None) -> None:
    cache.clear()
    for number in range(310):
        cache.set(f"short-{number}", number, 1)
    with time_machine.travel(now() + timedelta(seconds=30)):
        cache.set("long", 1, 900)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM inspector_cache")
            assert cursor.fetchone() == (1,)
