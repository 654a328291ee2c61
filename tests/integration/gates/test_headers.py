"""The headers that protect a page in the browser, on every answer: pages, data, files, fragments, errors."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as ours
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.crawl import addresses
from tests.integration.gates.walking import doors
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
ALWAYS = {
    "Cache-Control": re.compile(r".*\bno-store\b.*"),
    "Cross-Origin-Opener-Policy": re.compile("same-origin"),
    "Cross-Origin-Resource-Policy": re.compile("same-origin"),
    # With "no-referrer" a browser sends `Origin: null` on our own forms; neither leaves this site.
    "Referrer-Policy": re.compile("same-origin"),
    "X-Content-Type-Options": re.compile("nosniff"),
    "X-Frame-Options": re.compile("DENY"),
    "X-Request-ID": re.compile("[0-9a-f]{16}"),
    "Content-Type": re.compile(
        r"(text/(html|plain|csv)(; charset=utf-8)?|application/json(; charset=utf-8)?|image/\w+)"
    ),
}
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "connect-src 'self'",
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'",
}  # fmt: skip


def faults(response: Any) -> list[str]:
    """What is missing or wrong in the headers of an answer."""
    empty = response.status_code in {204, 302} and not getattr(response, "content", b"")
    needed = {
        name: right for name, right in ALWAYS.items() if not (empty and name == "Content-Type")
    }
    wrong = [
        f"{name}: {response.get(name)}"
        for name, right in needed.items()
        if not right.fullmatch(response.get(name, ""))
    ]
    policy = {part.strip() for part in response.get("Content-Security-Policy", "").split(";")}
    wrong += [f"CSP lacks {part}" for part in POLICY - policy]
    wrong += [
        f"CSP allows {part}" for part in policy if "unsafe" in part or "*" in part or "http" in part
    ]
    features = response.get("Permissions-Policy", "")
    wrong += [
        f"may use {name}"
        for name in ("camera", "geolocation", "microphone", "usb")
        if f"{name}=()" not in features
    ]
    return wrong


@pytest.mark.parametrize("form", ["", "json", "csv"])
def test_every_page_has_the_whole_set(form: str, letta: LettaDatabase, superuser: Client) -> None:
    bad = {}
    for address in addresses(letta, formats=(form,), queries=False):
        response = superuser.get(address.url)
        if found := faults(response):
            bad[address.url] = found
        if "csv" in response.get("Content-Type", ""):
            assert response["Content-Disposition"].startswith("attachment; ")
    assert bad == {}


@pytest.mark.parametrize(
    "url", ["/agents/", "/runs/", "/blocks/", "/trail/", "/search/?q=order", "/identities/"]
)
def test_fragments_have_it_too(url: str, letta: LettaDatabase, superuser: Client) -> None:
    assert faults(superuser.get(url, headers={"HX-Request": "true", "HX-Target": "results"})) == []


@pytest.mark.parametrize("door", doors(), ids=lambda door: door.name)
def test_doors_without_arguments_have_it_too_whoever_knocks(
    door: Any, letta: LettaDatabase, client: Client, browser_of: Callable[[str], Client]
) -> None:
    if not door.parameters:
        for visitor in (client, browser_of("support")):
            for method in ("get", "post", "options"):
                if (door.name, method) != ("account_logout", "post"):
                    response = getattr(visitor, method)(reverse(door.name))
                    assert [one for one in faults(response) if "img-src" not in one] == [], (
                        door.name,
                        method,
                    )


def test_errors_have_it_too(
    letta: LettaDatabase,
    superuser: Client,
    browser_of: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = {
        "/nowhere/": 404, "/agents/?q=%00": 400, f"/agents/?q={'x' * 9000}": 414, "/agents/?after=forged": 400,
        "/agents/agent-00000000-0000-4000-8000-00000000dead/": 404,
        "/agents/agent-00000000-0000-4000-8000-00000000dead/?format=json": 404,
    }  # fmt: skip
    for url, status in asked.items():
        response = superuser.get(url)
        assert (response.status_code, faults(response)) == (status, []), url
    refused = browser_of("ops").get("/trail/?format=json")
    assert (refused.status_code, faults(refused)) == (403, [])
    assert faults(superuser.post("/agents/")) == []

    def fail(*_: Any, **__: Any) -> None:
        raise ValueError

    monkeypatch.setattr("agents_app.agents.views.agent_rows", fail)
    broken = superuser.get("/agents/")
    assert (broken.status_code, faults(broken)) == (500, [])


def test_https_is_kept_for_two_years(client: Client, settings: Any) -> None:
    (
        settings.SECURE_HSTS_SECONDS,
        settings.SECURE_HSTS_INCLUDE_SUBDOMAINS,
        settings.SECURE_HSTS_PRELOAD,
    ) = 63_072_000, True, True
    answer = Client().get("/account/login/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


def test_signing_out_clears_what_the_browser_kept(browser_of: Callable[[str], Client]) -> None:
    client = browser_of("support")
    assert "Clear-Site-Data" not in client.get("/account/")
    assert client.post("/account/logout/")["Clear-Site-Data"] == '"cache", "storage"'


def test_cookies_are_of_this_host_alone(client: Client, person: Callable[[str], User]) -> None:
    user = person("ops")
    user.set_password("a password that is long")
    user.save()
    client.post("/account/login/", {"login": user.username, "password": "a password that is long"})
    cookie = client.cookies[ours.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"]) == (
        True,
        "Lax",
        "",
        "/",
    )
