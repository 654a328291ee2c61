"""Memory in a real browser: changes in place, the filter by them, the slider by keyboard, marked words."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]
Findings = Callable[[Page], list[str]]

AGENT = "SELECT id FROM agents WHERE name = %s ORDER BY id LIMIT 1"
BUSY = """
SELECT l.block_id FROM blocks_agents l JOIN block b ON b.id = l.block_id
 WHERE b.id NOT LIKE 'block-bad%%' AND b.label = 'human' ORDER BY b.version DESC, b.id LIMIT 1
"""


def agent(database: LettaDatabase, name: str) -> str:
    return str(database.rows(AGENT, [name])[0][0])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("view", ["reader", "full"])
def test_a_change_of_memory_opens_in_place(
    view: str, dark: bool, open_as: Open, letta: LettaDatabase, serious_findings: Findings
) -> None:
    page = open_as(
        "superuser", f"/agents/{agent(letta, 'Night Desk')}/messages/?view={view}", dark=dark
    )
    effect = page.locator(".effect:has(.delta)").last
    expect(effect).to_contain_text(re.compile(r"\+\d+ −\d+"))
    effect.locator("summary").click()
    expect(effect.locator(".diff tr[data-sign='+']").first).to_be_visible()
    expect(effect.get_by_role("link", name="In its history")).to_be_visible()
    assert serious_findings(page) == []


def test_the_page_stays_where_its_reader_is_while_changes_arrive(
    open_as: Open, letta: LettaDatabase
) -> None:
    page = open_as("superuser", f"/agents/{agent(letta, 'Night Desk')}/messages/?view=full")
    expect(page.locator(".effect").first).to_be_attached()
    expect(page.locator(".later")).to_have_count(0)
    left = page.evaluate("document.documentElement.scrollHeight - innerHeight - scrollY")
    assert left < 4


def test_what_was_stored_but_not_seen_is_explained(
    open_as: Open, letta: LettaDatabase, serious_findings: Findings
) -> None:
    page = open_as("superuser", f"/agents/{agent(letta, 'Night Desk')}/messages/?view=full")
    mark = page.locator(".effects--step .effect").last
    expect(mark).to_contain_text("Stored but not seen")
    mark.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(mark).to_contain_text("The model worked with an older text")
    assert serious_findings(page) == []


def test_only_turns_that_changed_memory_are_kept(
    open_as: Open, letta: LettaDatabase, serious_findings: Findings
) -> None:
    page = open_as("superuser", f"/agents/{agent(letta, 'Night Desk')}/messages/?view=full")
    page.get_by_label("Only turns that changed memory").check()
    page.get_by_role("button", name="Search").click()
    expect(
        page.get_by_text(re.compile(r"\d+ calls? that changed memory: looked at"))
    ).to_be_visible()
    kinds = page.locator(".turn").evaluate_all("rows => rows.map((row) => row.dataset.kind)")
    assert kinds[0] == "user"
    expect(page.locator(".effect .delta").first).to_be_visible()
    assert serious_findings(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_slider_goes_from_step_to_step_by_keyboard(
    width: int, open_as: Open, letta: LettaDatabase, serious_findings: Findings
) -> None:
    page = open_as("superuser", f"/agents/{agent(letta, 'Night Desk')}/at/", width=width)
    slider = page.get_by_role("slider", name="Step")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/at/?step=step-*")
    expect(page.locator("#moment")).to_contain_text("before it wrote")
    expect(slider).to_be_focused()
    assert page.locator("#moment").get_attribute("data-step") in page.url
    assert serious_findings(page) == []
    page.go_back()
    expect(page.locator("#moment")).not_to_contain_text("before it wrote")


def test_without_script_the_steps_are_links(open_as: Open, letta: LettaDatabase) -> None:
    page = open_as("superuser", f"/agents/{agent(letta, 'Night Desk')}/at/")
    page.get_by_text("These steps as links").click()
    page.locator(".slider__steps a").nth(2).click()
    page.wait_for_url("**/at/?step=step-*")
    assert page.get_by_role("slider", name="Step").input_value() == "2"
    page.get_by_role("link", name="Step before").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("remembered")


def test_a_link_of_a_message_leads_to_what_was_remembered_then(
    open_as: Open, letta: LettaDatabase
) -> None:
    page = open_as("superuser", f"/agents/{agent(letta, 'Night Desk')}/messages/?view=reader")
    row = page.locator(".turn").last
    row.hover()
    row.get_by_role("link", name="Memory").click()
    expect(page.locator("#moment")).to_contain_text("Just after a message")


def test_the_words_that_caused_a_line_are_marked_on_a_click(
    open_as: Open, letta: LettaDatabase, serious_findings: Findings
) -> None:
    page = open_as("superuser", f"/blocks/{letta.rows(BUSY)[0][0]}/blame/")
    causes = page.locator(".cause")
    for number in range(causes.count()):
        causes.nth(number).locator("summary").click()
    expect(page.locator(".excerpt")).to_have_count(causes.count())
    expect(page.locator(".excerpt mark.hit").first).to_be_visible()
    assert serious_findings(page) == []
    excerpt = page.locator(".excerpt:has(mark.hit)").first
    marked = excerpt.locator("mark.hit").first.inner_text()
    excerpt.get_by_role("link", name="Open the message").click()
    expect(page.locator("main mark.hit").first).to_have_text(marked)
    assert marked not in page.url.split("/messages/")[1]
