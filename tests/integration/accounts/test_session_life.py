"""A signed-in session: half an hour after what its person last asked for, 12 hours at most."""

import time
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.accounts.sessions import BEGAN, SEEN

Person = Callable[[str], User]
MINUTE = 60


@pytest.fixture
def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person("support"))
    return client


def aged(client: Client, *, seen: float, began: float) -> None:
    """As if the last page had been asked for `seen` seconds ago, and the first `began`."""
    session = client.session
    session[SEEN], session[BEGAN] = time.time() - seen, time.time() - began
    session.save()


@pytest.mark.parametrize(
    ("seen", "began", "words"),
    [
        (31 * MINUTE, 40 * MINUTE, "half an hour"),
        (1 * MINUTE, 12 * 60 * MINUTE + 1, "12 hours"),
    ],
)
def test_it_ends_and_says_why(seen: float, began: float, words: str, signed_in: Client) -> None:
    aged(signed_in, seen=seen, began=began)
    answer = signed_in.get("/account/", follow=True)
    assert answer.redirect_chain
    assert words in answer.content.decode()


def test_it_goes_on_while_its_person_asks_for_pages(signed_in: Client) -> None:
    aged(signed_in, seen=29 * MINUTE, began=11 * 60 * MINUTE)
    assert signed_in.get("/account/").status_code == 200
    assert time.time() - signed_in.session[SEEN] < MINUTE


def test_what_a_page_asks_for_by_itself_does_not_prolong_it(signed_in: Client) -> None:
    aged(signed_in, seen=29 * MINUTE, began=40 * MINUTE)
    before = signed_in.session[SEEN]
    headers = {"HX-Request": "true", "Inspector-By-Itself": "1"}
    assert signed_in.get("/account/", headers=headers).status_code == 200
    assert signed_in.session[SEEN] == before
