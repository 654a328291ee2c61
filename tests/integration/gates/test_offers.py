"""No page offers a link or a button that its reader is refused at: it would only annoy, and fill the trail."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.conftest import opened_all
from tests.crawl import Address, addresses
from tests.integration.gates.offers import offered, refused
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
KINDS = {"support": "support_a", "auditor": "auditor", "ops": "ops", "admin": "admin"}
"""Roles, and the kind of people of the declared table that each is."""


def dead_ends(client: Client, role: str, database: LettaDatabase) -> dict[str, set[str]]:
    """Doors that the role is refused at, by the pages that offer them; pages it may not open are left out."""
    pages = addresses(database, formats=("",), queries=False)
    found = {
        page.url: {f"{method} {name}" for method, name in doors if refused(KINDS[role], method, name)}
        for page in [*pages, Address("overview:home", "/?panel=all")]
        if not refused(KINDS[role], "get", page.route)
        and (doors := offered(page.url, text_of(client, page.url)))
    }  # fmt: skip
    return {url: names for url, names in found.items() if names}


def text_of(client: Client, url: str) -> str:
    """The page; nothing of a download."""
    response = client.get(url)
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return response.text if is_page and not response.streaming else ""


@pytest.mark.parametrize("role", KINDS)
def test_no_page_offers_what_its_reader_is_refused(
    role: str, letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    assert dead_ends(browser_of(role), role, letta) == {}


def test_nor_where_an_auditor_has_opened_everything(
    letta: LettaDatabase, browser_of: Callable[[str], Client], person: Callable[[str], User]
) -> None:
    opened_all(person("auditor"), letta)
    assert dead_ends(browser_of("auditor"), "auditor", letta) == {}


def test_what_a_reason_opens_stays_offered(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    body = text_of(browser_of("auditor"), "/conversations/")
    assert ("get", "conversations:default_thread") in offered("/conversations/", body)


def test_where_the_transcript_is_refused_the_agent_is_offered(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    body = text_of(browser_of("ops"), "/conversations/")
    assert ("get", "agents:agent") in offered("/conversations/", body)
