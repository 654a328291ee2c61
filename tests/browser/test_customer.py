"""A customer in a real browser: parts that load after the page, the way in by key, the footprint while it is read."""

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from procrastinate.contrib.django import app

from tests.cluster import Cluster
from tests.integration.people.world import customers
from tests.lettadb import LettaDatabase, pointed_at

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]
Findings = Callable[[Page], list[str]]
PAGE = "/identities/identity-1/"


@pytest.fixture(scope="module")
def shop_database(cluster: Cluster) -> LettaDatabase:
    return customers(cluster)


@pytest.fixture(autouse=True)
def _shop(shop_database: LettaDatabase) -> Iterator[None]:
    with pointed_at(shop_database.uri()):
        yield


def run_worker() -> None:
    """In a thread: the browser's own loop runs in this one."""

    def work() -> None:
        worker = app.with_connector(app.connector.get_worker_connector())
        worker.run_worker(
            queues=["letta"], wait=False, install_signal_handlers=False, delete_jobs="always"
        )

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_parts_of_a_customer_load_after_the_page(
    dark: bool, open_as: Open, serious_findings: Findings
) -> None:
    page = open_as("superuser", PAGE, dark=dark)
    for name in ("conversations", "memory", "changes", "passages", "files"):
        expect(page.locator(f"#{name}:not([aria-busy])")).to_be_visible()
    expect(page.locator("#memory")).to_contain_text("human")
    assert serious_findings(page) == []


def test_a_customer_fits_on_a_phone(open_as: Open) -> None:
    page = open_as("support", PAGE, width=390)
    expect(page.locator("#files:not([aria-busy])")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_key_behind_the_hash_leads_to_its_identity(open_as: Open) -> None:
    page = open_as("superuser", "/go#identity=ada%2Bshop%40example.com")
    expect(page).to_have_url(re.compile(r"/identities/identity-1/$"))


def test_a_key_that_nobody_has_leaves_the_address_bar(
    open_as: Open, troubles: list[str], serious_findings: Findings
) -> None:
    page = open_as("superuser", "/go?identity=nobody%40example.com")
    expect(page.locator("main")).to_contain_text("No identity has this external key")
    expect(page).to_have_url(re.compile(r"/go$"))
    assert serious_findings(page) == []
    troubles.clear()  # the browser reports the 404


def test_a_footprint_is_watched_and_shown(open_as: Open, serious_findings: Findings) -> None:
    page = open_as("superuser", f"{PAGE}footprint/")
    page.get_by_label("Also count rows that hold these words").fill("tea")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#progress-title")).to_have_text("Waiting for the worker")
    run_worker()
    expect(page.locator("#tables")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Messages of these agents")
    assert serious_findings(page) == []


def test_the_age_of_data_comes_when_the_button_is_pressed(
    open_as: Open, serious_findings: Findings
) -> None:
    page = open_as("ops", "/cluster/age/")
    page.get_by_role("link", name="Ask now").click()
    expect(page.locator("#ages tbody tr").first).to_be_visible()
    assert serious_findings(page) == []
