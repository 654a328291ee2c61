"""Guessing names, passwords and codes against the console as it is served: two processes, one count."""

import http.client
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from agents_app.accounts.models import AccessEvent, Outcome
from tests.integration.accounts.test_sign_in import code_for
from tests.lettadb import LettaDatabase
from tests.serving import served

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
PASSWORD = "a password that is long"
LOGIN, CODE = "/account/login/", "/account/2fa/authenticate/"


class Browser:
    """Cookies, and an address of its own on loopback."""

    def __init__(self, port: int, address: str) -> None:
        self.port, self.address, self.cookies = port, address, dict[str, str]()

    def send(
        self, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, where it leads, body."""
        link = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(self.address, 0)
        )
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
                   "X-Forwarded-For": f"10.0.0.{time.monotonic_ns() % 250}",
                   "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        link.request(method, path, urlencode(form or {}), headers)
        answer = link.getresponse()
        body = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        link.close()
        return answer.status, answer.headers.get("Location") or "", body

    def fill(self, path: str, **form: str) -> tuple[int, str, str]:
        """Opens the page and sends its form."""
        page = self.send("GET", path)[2]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, page[:300]
        return self.send("POST", path, form | {"csrfmiddlewaretoken": token[1]})


@pytest.fixture
def port(
    worlds: Callable[..., LettaDatabase], superuser: Client, tmp_path: Path, settings: Any
) -> Iterator[int]:
    """Of the served console, whose people have passwords as in production."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    cache.clear()
    for name in ("ada", "grace"):
        User.objects.create_user(name, password=PASSWORD)
    AccessEvent.objects.count()
    with served(worlds(), tmp_path, visitor=superuser) as ask:
        yield ask.port  # type: ignore[attr-defined]


def failures() -> list[AccessEvent]:
    return list(AccessEvent.objects.filter(action="account.sign-in", outcome=Outcome.FAILED))


def test_guesses_are_counted_over_processes_by_name_and_address(port: int) -> None:
    began = time.monotonic()
    tries = [
        (f"127.0.0.{10 + a}", name)
        for _ in range(9)
        for a in range(4)
        for name in ("ada", "unknown", "x")
    ]

    def guess(one: tuple[str, str]) -> str:
        status, _, body = Browser(port, one[0]).fill(LOGIN, login=one[1], password="wrong")
        assert status in (200, 429), body[:200]
        return "too many" if status == 429 or "Too many" in body else "wrong"

    with ThreadPoolExecutor(6) as pool:
        said = Counter(pool.map(guess, tries))
    minutes = int((time.monotonic() - began) / 60) + 1
    checked = failures()
    by_pair = Counter((event.terms, event.address) for event in checked)
    by_address = Counter(event.address for event in checked)
    assert max(by_pair.values()) <= 5
    assert max(by_address.values()) <= 10 * minutes
    assert set(by_address) == {
        f"127.0.0.{10 + a}" for a in range(4)
    }  # whatever X-Forwarded-For says
    assert said["wrong"] == len(checked) <= 48
    assert said["too many"] > 50
    assert Browser(port, "127.0.0.99").fill(LOGIN, login="ada", password=PASSWORD)[:2] == (302, "/")


def test_codes_are_counted_over_processes_by_person(port: int) -> None:
    secret = generate_totp_secret()
    TOTP.activate(User.objects.get(username="grace"), secret)
    browsers = [Browser(port, f"127.0.0.{30 + number}") for number in range(4)]
    for browser in browsers:
        assert browser.fill(LOGIN, login="grace", password=PASSWORD)[:2] == (302, CODE)

    def guess(number: int) -> int:
        return browsers[number % 4].fill(CODE, code=f"{number:06d}")[0]

    for start in range(0, 24, 4):
        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(guess, range(start, start + 4))) <= {200, 429}
    assert len(failures()) <= 5
    for browser in browsers:
        status, where, _ = browser.fill(CODE, code=code_for(secret))
        assert (status in (200, 429), where) == (True, "")
        assert browser.send("GET", "/account/")[1].startswith(LOGIN)
