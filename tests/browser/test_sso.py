"""Signing in through a provider in a real browser: the page's policy lets its form lead there and nowhere else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as dashboard
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.integration.accounts.test_sso import apps
from tests.oidc import Provider, provider_running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with provider_running() as running:
        settings.INSPECTOR_OIDC_URL = running.url
        settings.SOCIALACCOUNT_PROVIDERS = apps(running.url)
        yield running


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer, provider: Provider) -> Iterator[Page]:
    """The sign-in page of somebody whom the console does not know yet."""
    context = chromium.new_context()
    opened = context.new_page()
    yield opened
    context.close()


def allow(settings: Any, *origins: str) -> None:
    """What the settings' policy says of forms where a provider of these origins is configured."""
    rules = dashboard.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"form-action": ["'self'", *origins]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": rules}


def test_the_form_leads_to_the_provider_and_back_signed_in(
    page: Page, live_server: LiveServer, provider: Provider, settings: Any
) -> None:
    allow(settings, provider.url)
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("button", name="Single sign-on").click()
    expect(page.get_by_role("button", name="ada")).to_be_visible()
    assert page.url == f"{live_server.url}/"


def test_without_the_providers_origin_the_browser_stays(
    page: Page, live_server: LiveServer, provider: Provider, settings: Any
) -> None:
    allow(settings)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("button", name="Single sign-on").click()
    page.wait_for_timeout(2_000)
    assert "/authorize" not in provider.asked
    assert any("form-action" in one for one in said), said
