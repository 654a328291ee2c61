"""A security key and an app in a real browser, under the page's real policies."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.integration.accounts.test_sign_in import PASSWORD, code_for

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


@pytest.fixture
def support(person: Callable[[str], User], settings: Any) -> User:
    """Somebody who needs a second factor."""
    settings.INSPECTOR_REQUIRE_SECOND_FACTOR = True
    cache.clear()
    user = person("support")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def page(open_as: Open, support: User) -> Page:
    """A browser with a security key plugged in, signed in, sent to the second factor's page."""
    found = open_as("support", "/")
    keys = found.context.new_cdp_session(found)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}  # fmt: skip
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    expect(found.get_by_role("heading", name="Second factor")).to_be_visible()
    return found


def confirm(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def pressed(page: Page, name: str) -> None:
    """Presses a button that a script answers to, once the script is there."""
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    page.wait_for_load_state("load")
    page.get_by_role("button", name=name, exact=True).click()


def signs_in(page: Page, user: User) -> None:
    page.get_by_role("button", name="support").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_security_key_is_added_and_signs_in(page: Page, support: User) -> None:
    page.get_by_role("link", name="Add a key").click()
    confirm(page)
    pressed(page, "Add")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert Authenticator.objects.filter(user=support, type=Authenticator.Type.WEBAUTHN).exists()
    signs_in(page, support)
    pressed(page, "Use a security key")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_code_to_scan_is_drawn_and_an_app_is_set_up(
    page: Page, serious_findings: Callable[[Page], list[str]], *, dark: bool
) -> None:
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.get_by_role("link", name="Set up an app").click()
    confirm(page)
    picture = page.get_by_alt_text("QR code with the secret")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    assert serious_findings(page) == []
    page.get_by_label("Authenticator code").fill(
        code_for(page.get_by_label("Secret").input_value())
    )
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
