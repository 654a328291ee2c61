"""Ways around the second factor that lead nowhere."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as ours
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.crawl import addresses
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
PASSWORD = "a password that is long"
CODE = "/account/2fa/authenticate/"


@pytest.fixture
def user(person: Callable[[str], User], settings: Any) -> User:
    settings.INSPECTOR_REQUIRE_SECOND_FACTOR = True
    cache.clear()
    found = person("superuser")
    found.set_password(PASSWORD)
    found.save()
    return found


def signs_in(client: Client, user: User) -> Any:
    return client.post("/account/login/", {"login": user.username, "password": PASSWORD})


@pytest.mark.parametrize(("debug", "default"), [("false", "True"), ("true", "False")])
def test_it_is_required_outside_of_debug_mode(debug: str, default: str, tmp_path: Path) -> None:
    code = "from dashboard import settings; print(settings.INSPECTOR_REQUIRE_SECOND_FACTOR)"
    kept = {name: value for name, value in os.environ.items() if "INSPECTOR" not in name}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ours.BASE_DIR, capture_output=True, check=True, text=True,
        env=kept | {"DEBUG": debug, "INSPECTOR_VAR": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.strip() == default


@pytest.mark.parametrize("form", ["", "json", "csv"])
@pytest.mark.parametrize("fragment", [False, True])
def test_no_page_opens_without_it_in_any_format(
    form: str, fragment: bool, letta: LettaDatabase, client: Client, user: User
) -> None:
    signs_in(client, user)
    headers = {"HX-Request": "true", "HX-Target": "results"} if fragment else {}
    for address in addresses(letta, formats=(form,), queries=False):
        if address.route not in ("accounts:account", "letta_state"):
            answer = client.get(address.url, headers=headers)
            assert answer.status_code == 403 or answer["Location"] == "/account/2fa/", address.url


def test_half_a_sign_in_opens_nothing(letta: LettaDatabase, client: Client, user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    assert signs_in(client, user)["Location"] == CODE
    for url in (
        "/",
        "/agents/",
        "/agents/?format=json",
        "/account/",
        "/account/2fa/",
        "/account/sessions/",
        "/trail/",
    ):
        assert client.get(url)["Location"].startswith("/account/login/"), url


def test_a_recovery_code_works_once(client: Client, user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    signs_in(client, user)
    assert client.post(CODE, {"code": code})["Location"] == "/"
    client.post("/account/logout/")
    signs_in(client, user)
    assert client.post(CODE, {"code": code}).status_code == 200
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("name", ["account_reset_password", "account_signup", "account_confirm_email",
                                  "account_request_login_code", "socialaccount_connections", "socialaccount_signup",
                                  "mfa_login_webauthn", "mfa_signup_webauthn"])  # fmt: skip
def test_there_is_no_other_way_in(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_taking_the_factor_away_takes_the_pages_away(
    letta: LettaDatabase, client: Client, user: User
) -> None:
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    TOTP.activate(user, generate_totp_secret())
    signs_in(client, user)
    client.post(CODE, {"code": code})
    assert client.get("/agents/").status_code == 200
    Authenticator.objects.filter(user=user).delete()
    assert client.get("/agents/")["Location"] == "/account/2fa/"


def test_a_signed_in_session_is_not_the_one_from_before(client: Client, user: User) -> None:
    client.get("/account/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    signs_in(client, user)
    assert client.session.session_key != before
