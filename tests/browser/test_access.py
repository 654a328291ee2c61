"""Opening an organization, its banner, closing it; and reviewing, by mouse and by keyboard."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from playwright.sync_api import Page, expect

from agents_app.accounts.access.models import Opening, Review
from agents_app.accounts.models import Assignment
from tests.conftest import assign
from tests.integration.accounts.test_review import five
from tests.integration.accounts.test_sign_in import PASSWORD

__all__ = ["five"]

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]
Findings = Callable[[Page], list[str]]
REASON = "The customer of order 4711 complains"


@pytest.fixture
def support(person: Callable[[str], User]) -> User:
    """Somebody who may open one organization, and has none."""
    cache.clear()
    user = person("support")
    user.set_password(PASSWORD)
    user.save()
    Assignment.objects.filter(user=user).delete()
    assign(user, "organization", "org-b", "on request")
    return user


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_an_organization_is_opened_and_closed(
    open_as: Open, support: User, serious_findings: Findings, *, dark: bool
) -> None:
    page = open_as("support", "/access/open/?organization=org-b&next=/account/", dark=dark)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Category").select_option("request")
    page.get_by_label("Reason").fill(REASON)
    assert serious_findings(page) == []
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_text(REASON)).to_be_visible()
    assert serious_findings(page) == []
    page.get_by_role("button", name="Close org-b").click()
    expect(page.get_by_text("org-b is closed again.")).to_be_visible()
    expect(page.get_by_text(REASON)).to_have_count(0)
    assert Opening.objects.get().closed_at


def test_accesses_are_reviewed(
    open_as: Open, five: list[int], serious_findings: Findings, troubles: list[str]
) -> None:
    page = open_as("auditor", "/trail/review/")
    expect(page.locator("[data-row]")).to_have_count(5)
    assert serious_findings(page) == []
    page.get_by_role("button", name=f"Approve row {five[1]}").click()
    expect(page.get_by_text(f"Approved: row {five[1]} of the trail.")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Row {five[0]}")).to_be_visible()
    page.get_by_role("button", name="Flag").click()
    expect(page.get_by_text("Say what is wrong")).to_be_visible()
    troubles.clear()  # the browser notes that the form came back with 422
    page.get_by_label("Note").fill("No ticket asks for this")
    page.get_by_role("button", name="Flag").click()
    expect(page.get_by_text(f"Flagged: row {five[0]} of the trail.")).to_be_visible()
    page.goto(f"{page.url.split('?')[0]}{five[0]}/")
    assert serious_findings(page) == []
    assert [(one.sequence, one.verdict) for one in Review.objects.order_by("at")] == [(five[1], "approved"), (five[0], "flagged")]  # fmt: skip


def test_the_form_fits_a_phone(open_as: Open, support: User) -> None:
    Opening.objects.create(user=support, organization_id="org-b", category="request", reason=REASON)
    page = open_as("support", "/account/", width=360)
    expect(page.get_by_role("button", name="Close org-b")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


ASKING = """() => {
  const asking = `<p id="poll" hx-get="/account/" hx-trigger="every 1s" hx-swap="none"></p>
    <button id="ask" hx-get="/account/?asked" hx-swap="none">Ask</button>`;
  document.querySelector("main").insertAdjacentHTML("beforeend", asking);
  htmx.process(document.querySelector("main"));
}"""


def test_a_page_says_what_it_asks_by_itself_and_what_its_reader_asks(
    open_as: Open, support: User
) -> None:
    page = open_as("support", "/account/")
    with page.expect_request(lambda asked: asked.headers.get("inspector-by-itself") == "1") as poll:
        page.evaluate(ASKING)
    assert poll.value.headers["hx-request"] == "true"
    with page.expect_request("**/account/?asked") as click:
        page.locator("#ask").click()
    assert "inspector-by-itself" not in click.value.headers
