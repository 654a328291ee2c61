"""Hostile rows in a real browser: nothing they hold runs, asks or loads, with the CSP on and with it off."""

from collections.abc import Callable, Iterable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from agents_app.demo.hostile import hostile_rows
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]

PAGES = {
    "agents": "agents:agent",
    "block": "memory:block",
    "archives": "embeddings:archive",
    "archival_passages": "embeddings:passage",
    "sources": "embeddings:source",
    "files": "embeddings:file",
    "identities": "people:identity",
    "groups": "agents:group",
    "runs": "runs:run",
    "steps": "runs:step",
    "provider_traces": "runs:trace",
}
HERE = hostile_rows()
# One of each input in each table: their variants are in tests/integration.
ROWS = {(row.table, row.number): row for row in HERE if row.table in PAGES}.values()
THREADS = sorted({row.agent_id for row in HERE if row.table == "messages"})
# What stored text would do if it could: every handler is tried, every fold opened.
TRY_EVERYTHING = """
() => {
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  for (const element of document.querySelectorAll('main *')) {
    for (const kind of ['mouseover', 'focus', 'toggle', 'error', 'load', 'animationstart'])
      element.dispatchEvent(new Event(kind));
  }
  return document.querySelectorAll('main script:not([src]), main iframe, main object, main embed, main style').length;
}
"""


def look_at(page: Page, addresses: Iterable[str]) -> None:
    """Opens each page and tries what is on it; the fixture fails on dialogs, errors and foreign requests."""
    home = page.url.split("/agents/")[0]
    for address in addresses:
        page.goto(home + address)
        assert page.evaluate(TRY_EVERYTHING) == 0, address
        assert page.locator("h1").count() == 1, address


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["csp", "no-csp"])
def test_transcripts_of_hostile_messages_stay_inert(
    bypass_csp: bool, open_as: Open, letta: LettaDatabase
) -> None:
    page = open_as("superuser", "/agents/", bypass_csp=bypass_csp)
    look_at(
        page,
        (
            reverse("conversations:default_thread", args=[key]) + "?view=full&limit=200"
            for key in THREADS
        ),
    )


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["csp", "no-csp"])
def test_pages_of_hostile_rows_stay_inert(
    bypass_csp: bool, open_as: Open, letta: LettaDatabase
) -> None:
    page = open_as("superuser", "/agents/", bypass_csp=bypass_csp)
    look_at(page, (reverse(PAGES[row.table], args=[row.id]) for row in ROWS))


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["csp", "no-csp"])
def test_messages_listings_and_searches_with_hostile_text_stay_inert(
    bypass_csp: bool, open_as: Open, letta: LettaDatabase
) -> None:
    page = open_as("superuser", "/agents/", bypass_csp=bypass_csp)
    messages = [row.id for row in HERE if row.table == "messages" and row.number < 12]
    organization = "?limit=200&organization=org-bad00000-0000-4000-8000-000000000000"
    look_at(page, [
        *(reverse("conversations:message", args=[key]) for key in messages),
        reverse("agents:list") + organization,
        reverse("conversations:list") + organization,
        reverse("people:identities"), reverse("runs:list"), reverse("agents:organizations"), reverse("agents:groups"),
        reverse("search:jump") + "?q=%3Cscript%3Ealert(1)%3C/script%3E",
        reverse("agents:list") + "?q=%22%20onmouseover%3D%22alert(4)",
        "/?panel=all",
    ])  # fmt: skip


def test_the_browser_would_notice(open_as: Open, letta: LettaDatabase, troubles: list[str]) -> None:
    page = open_as("superuser", "/agents/", bypass_csp=True)
    page.evaluate(
        "() => { document.querySelector('main').innerHTML = '<img src=x: onerror=alert(1)>'; }"
    )
    page.evaluate("() => { document.body.innerHTML = '<img src=http://evil.example/x.png>'; }")
    page.wait_for_timeout(300)
    assert any("dialog" in one for one in troubles)
    assert any("evil.example" in one for one in troubles)
    troubles.clear()
