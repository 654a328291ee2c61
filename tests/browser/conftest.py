"""A real Chromium on the live server; a test fails on any CSP report, script error or foreign request."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE_MS = 60_000  # a browser shares a busy machine with the server
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS / 2)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def troubles() -> list[str]:
    """What the browser complained about; a test that expects some clears it."""
    return []


@pytest.fixture
def open_as(
    chromium: Browser,
    live_server: LiveServer,
    person: Callable[[str], User],
    troubles: list[str],
) -> Iterator[Callable[..., Page]]:
    """`open_as("support", "/agents/")`: that page in a fresh browser context, signed in."""
    contexts: list[BrowserContext] = []

    def make(
        role: str, path: str, *, dark: bool = False, width: int = 1280, bypass_csp: bool = False
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            bypass_csp=bypass_csp,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        client = Client()
        client.force_login(person(role))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        _listen(page, urlsplit(live_server.url).netloc, troubles)
        page.goto(live_server.url + path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not troubles, troubles


def _listen(page: Page, home: str, troubles: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme in {"http", "https", "ws", "wss"} and place.netloc != home:
            troubles.append(f"foreign request: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
    page.on("request", on_request)
    page.on(
        "dialog", lambda dialog: (troubles.append(f"dialog: {dialog.message}"), dialog.dismiss())
    )


@pytest.fixture
def serious_findings() -> Callable[[Page], list[str]]:
    """Runs axe-core in the page and gives its serious and critical findings."""

    def run(page: Page) -> list[str]:
        page.evaluate(
            AXE.read_text()
        )  # evaluated over the debug protocol, so the page's CSP stays on
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{found['id']}: {found['nodes'][0]['html'][:200]}"
            for found in result["violations"]
            if found["impact"] in {"serious", "critical"}
        ]

    return run
