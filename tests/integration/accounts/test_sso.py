"""Single sign-on against a provider that tells the truth, and against thirty that do not."""

import html
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as dashboard
from django.contrib.auth.models import User
from django.test import Client

from agents_app.accounts.models import AccessEvent, Outcome
from tests.oidc import (
    CLIENT,
    CURVE,
    KEY,
    OTHER,
    SECRET,
    Provider,
    pem,
    provider_running,
    public,
    signed,
    unsigned,
    with_shared_secret,
)

pytestmark = pytest.mark.django_db(transaction=True)
LOGIN = "/account/sso/sso/login/"


def apps(url: str) -> dict[str, Any]:
    """The settings' entry for the provider at `url`."""
    entry = dashboard.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {
        "APPS": [{"provider_id": "sso", "name": "Single sign-on", "client_id": CLIENT, "secret": SECRET,
                  "settings": {"server_url": url}}]
    }  # fmt: skip
    return {"openid_connect": entry}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with provider_running() as running:
        settings.INSPECTOR_OIDC_URL = running.url
        settings.SOCIALACCOUNT_PROVIDERS = apps(running.url)
        yield running


def began(client: Client, query: str = "") -> str:
    """Presses the button; gives where it leads."""
    answer = client.post(LOGIN + query)
    assert answer.status_code == 302, answer.content[:500]
    return str(answer["Location"])


def signs_in(client: Client, provider: Provider, **changes: str | None) -> Any:
    return client.get(provider.authorize(began(client), **changes))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def was_refused(client: Client, answer: Any) -> str:
    """No session, a plain page, a failed row on the trail; gives the reason on it."""
    assert answer.status_code == 401, (answer.status_code, answer.content[:300])
    body = html.unescape(answer.content.decode())
    assert "You are not signed in" in body
    assert "127.0.0.1" not in body
    assert "Traceback" not in body
    assert not is_signed_in(client)
    assert client.get("/account/").status_code == 302
    last = AccessEvent.objects.order_by("-sequence")[0]
    assert (last.action, last.outcome, last.user_id) == ("account.sign-in", Outcome.FAILED, None)
    return last.reason


def test_whom_the_provider_vouches_for_is_signed_in_without_a_role(
    provider: Provider, client: Client
) -> None:
    answer = signs_in(client, provider)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = User.objects.get(username="ada")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert not user.is_superuser
    assert not user.has_usable_password()
    assert list(user.groups.all()) == []
    assert "no role" in client.get("/", follow=True).content.decode()
    assert client.get("/agents/").status_code == 403
    event = AccessEvent.objects.filter(action="account.sign-in").get()
    assert (event.outcome, event.user_name) == (Outcome.SUCCESS, "ada")


def test_the_same_person_has_the_same_account_next_time(provider: Provider) -> None:
    for name in ("ada", "ada-renamed"):
        provider.person["preferred_username"] = name
        client = Client()
        signs_in(client, provider)
        assert is_signed_in(client)
    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_the_request_carries_pkce_state_and_nonce_and_nothing_chosen_by_the_address(
    provider: Provider, client: Client
) -> None:
    location = began(
        client, "?auth_params=prompt%3Dnone&scope=admin&process=connect&next=//evil.example/"
    )
    for part in ("code_challenge=", "code_challenge_method=S256", "state=", "nonce="):
        assert part in location
    for part in ("prompt", "admin", "evil"):
        assert part not in location
    assert client.get(provider.authorize(location))["Location"] == "/"


def test_the_session_is_another_one_after_signing_in(provider: Provider, client: Client) -> None:
    location = began(client)
    before = client.session.session_key
    client.get(provider.authorize(location))
    assert client.session.session_key != before


def test_opening_the_address_alone_sends_nobody_away(provider: Provider, client: Client) -> None:
    assert client.get(LOGIN)["Location"] == "/account/login/"
    assert provider.asked == []


def test_a_key_of_another_kind_signs_as_well(provider: Provider, client: Client) -> None:
    provider.keys = lambda: [public(KEY, "k1"), public(CURVE, "k2")]
    provider.sign = lambda claims: signed(claims, CURVE, "ES256", "k2")
    signs_in(client, provider)
    assert is_signed_in(client)


def test_a_name_comes_from_userinfo_where_the_token_has_none(
    provider: Provider, client: Client
) -> None:
    del provider.person["preferred_username"]
    provider.userinfo = {"preferred_username": "grace"}
    signs_in(client, provider)
    assert User.objects.get().username == "grace"


NOW = int(time.time())
Break = Callable[[Provider], None]


def claims(**changes: Any) -> Break:
    """The token says something else; a callable is given the claims, None takes a claim out."""

    def change(given: dict[str, Any]) -> dict[str, Any]:
        found = given | {name: v(given) if callable(v) else v for name, v in changes.items()}
        return {name: value for name, value in found.items() if value is not None}

    return lambda provider: setattr(provider, "claims", change)


def sign(make: Callable[[dict[str, Any]], Any]) -> Break:
    return lambda provider: setattr(provider, "sign", make)


def describes(**changes: Any) -> Break:
    return lambda provider: provider.discovery.update(changes)


def answers(path: str, status: int, body: bytes, **headers: str) -> Break:
    kind = {"Content-Type": "application/json"} | headers
    return lambda provider: provider.answers.update({path: (status, kind, body)})


def token(change: Callable[[dict[str, Any]], Any]) -> Break:
    return lambda provider: setattr(provider, "token", change)


def other_person(provider: Provider) -> None:
    del provider.person["preferred_username"]
    provider.userinfo = {"sub": "person-2", "preferred_username": "eve"}


BAD: dict[str, Break] = {
    "another issuer": claims(iss="https://evil.example"),
    "another audience": claims(aud="another-client"),
    "an audience of two without azp": claims(aud=[CLIENT, "another"]),
    "another azp": claims(azp="another"),
    "another nonce": claims(nonce="0" * 64),
    "no nonce": claims(nonce=None),
    "expired": claims(exp=NOW - 600),
    "never expires": claims(exp=None),
    "not yet valid": claims(nbf=NOW + 3600),
    "issued in the future": claims(iat=NOW + 3600),
    "no subject": claims(sub=None),
    "an empty subject": claims(sub=""),
    "a subject that is no text": claims(sub=["person-1"]),
    "a huge token": claims(more="x" * 70_000),
    "alg none": sign(unsigned),
    "HS256 with the public key": sign(lambda c: with_shared_secret(c, pem(KEY))),
    "HS256 with the client's secret": sign(lambda c: with_shared_secret(c, SECRET.encode())),
    "a signature of another key": sign(lambda c: signed(c, OTHER)),
    "a key that is not listed": sign(lambda c: signed(c, OTHER, kid="k9")),
    "a key of another kind": sign(lambda c: signed(c, CURVE, "ES256")),
    "a changed signature": sign(lambda c: signed(c)[:-8] + "AAAAAAAA"),
    "claims changed after signing": sign(
        lambda c: ".".join([signed(c).split(".")[0], signed(c | {"sub": "root"}).split(".")[1], signed(c).split(".")[2]])),
    "no token in it": token(lambda answer: {"access_token": "at"}),
    "a token that is a number": token(lambda answer: answer | {"id_token": 7}),
    "a token that is no JWT": token(lambda answer: answer | {"id_token": "a.b.c"}),
    "a list for an answer": token(lambda answer: [answer]),
    "userinfo of another person": other_person,
    "no keys": lambda provider: setattr(provider, "keys", list),
    "keys that are no JSON": answers("/keys", 200, b"<html>"),
    "keys of encryption only": lambda provider: setattr(
        provider, "keys", lambda: [public(KEY, "k1", use="enc")]),
    "keys behind a redirection": answers("/keys", 302, b"", Location="http://evil.example/keys"),
    "a token endpoint that fails": answers("/token", 500, b"{}"),
    "a token endpoint that floods": answers("/token", 200, b'{"access_token": "' + b"x" * 400_000 + b'"}'),
    "a token endpoint that redirects": answers("/token", 302, b"", Location="http://evil.example/"),
}  # fmt: skip


@pytest.mark.parametrize("lie", BAD.values(), ids=BAD.keys())
def test_a_bad_answer_signs_nobody_in(lie: Break, provider: Provider, client: Client) -> None:
    lie(provider)
    answer = signs_in(client, provider)
    assert was_refused(client, answer)
    assert not User.objects.exists()


def test_a_description_of_another_issuer_is_refused(provider: Provider, client: Client) -> None:
    provider.discovery["issuer"] = "https://evil.example"
    assert "another address" in was_refused(client, client.post(LOGIN))


@pytest.mark.parametrize(
    "wrong", [{"token_endpoint": "ftp://evil.example/"}, {"jwks_uri": None}, {"token_endpoint": 7}]
)
def test_a_description_without_its_parts_is_refused(
    wrong: dict[str, Any], provider: Provider, client: Client
) -> None:
    provider.discovery |= wrong
    assert was_refused(client, client.post(LOGIN))


def test_the_browser_is_sent_to_the_providers_host_only(
    provider: Provider, client: Client, settings: Any
) -> None:
    provider.discovery["authorization_endpoint"] = "https://login.example/authorize"
    assert "INSPECTOR_OIDC_SIGN_IN_URL" in was_refused(client, client.post(LOGIN))
    settings.INSPECTOR_OIDC_SIGN_IN_URL = "https://login.example/"
    assert began(client).startswith("https://login.example/authorize?")


def test_another_state_is_refused(provider: Provider, client: Client) -> None:
    for state in ("other", None):
        assert was_refused(client, signs_in(client, provider, state=state))
    assert "/token" not in provider.asked


def test_an_answer_for_another_browser_is_refused(provider: Provider, client: Client) -> None:
    victim = Client()
    began(victim)
    assert was_refused(victim, victim.get(provider.authorize(began(client))))


def test_a_code_works_once_and_not_for_another_attempt(provider: Provider, client: Client) -> None:
    back = provider.authorize(began(client))
    assert client.get(back).status_code == 302
    client.post("/account/logout/")
    assert was_refused(client, client.get(back))
    mine, other = provider.authorize(began(client)), provider.authorize(began(client))
    mixed = (
        mine.split("code=")[0]
        + "code="
        + other.split("code=")[1].split("&")[0]
        + "&"
        + mine.split("&", 1)[1]
    )
    assert was_refused(client, client.get(mixed))


def test_an_attempt_without_pkce_is_refused(provider: Provider, client: Client) -> None:
    back = provider.authorize(began(client))
    session = client.session
    for state, *_ in session["socialaccount_states"].values():
        state.pop("pkce_code_verifier")
    session.save()
    assert "PKCE" in was_refused(client, client.get(back))


def test_who_turns_back_is_at_the_sign_in_page_again(provider: Provider, client: Client) -> None:
    answer = signs_in(client, provider, code=None, error="access_denied")
    assert answer["Location"] == "/account/sso/cancelled/"
    assert client.get(answer["Location"])["Location"] == "/account/login/"
    assert AccessEvent.objects.get().outcome == Outcome.FAILED
    assert was_refused(client, signs_in(client, provider, code=None, error="server_error"))


@pytest.mark.parametrize("verified", [True, False])
def test_an_e_mail_address_leads_to_no_account_that_exists(
    verified: bool,
    provider: Provider,
    client: Client,
    person: Callable[[str], User],
) -> None:
    boss = person("superuser")
    boss.email = "ada@example.com"
    boss.save()
    provider.person |= {"email_verified": verified, "preferred_username": boss.username}
    signs_in(client, provider)
    mine = User.objects.get(pk=client.session["_auth_user_id"])
    assert mine.pk != boss.pk
    assert mine.username != boss.username
    assert not mine.is_superuser


def test_another_subject_is_another_person(provider: Provider) -> None:
    for subject in ("person-1", "person-2", "PERSON-1", "person-1 "):
        provider.person["sub"] = subject
        client = Client()
        signs_in(client, provider)
        assert is_signed_in(client)
    assert User.objects.count() == 4


def test_a_disabled_account_stays_out_though_the_provider_vouches(provider: Provider) -> None:
    signs_in(Client(), provider)
    User.objects.update(is_active=False)
    client = Client()
    answer = signs_in(client, provider)
    assert answer["Location"] == "/account/login/"
    assert not is_signed_in(client)
    assert "disabled" in client.get("/account/login/").content.decode()
    assert AccessEvent.objects.order_by("-sequence")[0].outcome == Outcome.DENIED


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_slow_provider_is_waited_for_four_seconds_at_most(
    path: str, provider: Provider, client: Client
) -> None:
    if path.startswith("/."):
        provider.delays[path] = 30
        started = time.monotonic()
        answer = client.post(LOGIN)
    else:
        back = provider.authorize(began(client))
        provider.delays[path] = 30
        started = time.monotonic()
        answer = client.get(back)
    assert time.monotonic() - started < 6
    assert was_refused(client, answer)


def test_signing_in_through_the_provider_cannot_be_tied_to_a_local_account(
    provider: Provider, browser_of: Callable[[str], Client]
) -> None:
    client = browser_of("support")
    local = client.session["_auth_user_id"]
    client.get(provider.authorize(began(client, "?process=connect")))
    assert not SocialAccount.objects.filter(user_id=local).exists()


def test_without_a_provider_there_is_no_such_page(client: Client) -> None:
    assert client.post(LOGIN).status_code == 404
    assert client.get(f"{LOGIN}callback/").status_code == 404
