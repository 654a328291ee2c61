"""The overview fills itself panel by panel; runs filter and traces open in place."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


def test_the_overview_fills_its_panels_by_itself(open_as: Open, letta: LettaDatabase) -> None:
    page = open_as("ops", "/")
    expect(page.get_by_role("heading", name="Failed runs")).to_be_visible()
    expect(page.get_by_text("Follows as soon as")).to_have_count(0)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator("dl").get_by_text("0.16.7 or 0.16.8")).to_be_visible()


def test_a_customer_is_found_from_the_overview(open_as: Open, letta: LettaDatabase) -> None:
    name = letta.rows(
        "SELECT name FROM identities WHERE name ~ '^[A-Z][a-z]+ [A-Z][a-z]+$' ORDER BY 1 LIMIT 1"
    )[0][0]
    page = open_as("support", "/")
    page.get_by_label("Find a customer").last.fill(name)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()


def test_a_filter_of_runs_changes_the_list_and_the_address(
    open_as: Open, letta: LettaDatabase
) -> None:
    page = open_as("support", "/runs/")
    page.get_by_label("Status").select_option("unfinished")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**status=unfinished*")
    expect(page.get_by_label("Filters in force")).to_contain_text("Unfinished")


def test_a_trace_opens_in_place(open_as: Open, letta: LettaDatabase) -> None:
    step_id = letta.rows(
        "SELECT step_id FROM provider_traces JOIN steps ON steps.id = step_id ORDER BY 1 LIMIT 1"
    )[0][0]
    page = open_as("superuser", f"/steps/{step_id}/")
    page.get_by_role("link", name="Open", exact=True).last.click()
    expect(page.get_by_role("region", name="Model request", exact=True)).to_be_visible()
    assert "trace=" in page.url
