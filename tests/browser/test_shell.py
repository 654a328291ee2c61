"""The frame of every page in a real browser: accessible, usable by keyboard, narrow and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.lettadb import LettaDatabase
from tests.routes import routes, samples

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]

PLAIN = [
    "overview:home", "agents:list", "agents:agent", "conversations:list", "conversations:default_thread",
    "conversations:message", "runs:list", "runs:run", "runs:step", "people:identities", "people:identity",
    "memory:block", "search:jump", "accounts:account", "accounts:people", "accounts:trail",
]  # fmt: skip


def url_of(name: str, letta: LettaDatabase) -> str:
    return next(route for route in routes() if route.name == name).url(samples(letta))


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_serious_accessibility_finding(
    name: str,
    open_as: Open,
    letta: LettaDatabase,
    serious_findings: Callable[[Page], list[str]],
    *,
    dark: bool,
) -> None:
    page = open_as("superuser", url_of(name, letta), dark=dark)
    page.wait_for_load_state("networkidle")
    assert serious_findings(page) == []


@pytest.mark.parametrize("name", PLAIN)
def test_nothing_scrolls_sideways_on_a_narrow_screen(
    name: str, open_as: Open, letta: LettaDatabase
) -> None:
    page = open_as("superuser", url_of(name, letta), width=360)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_slash_focuses_the_jump_box_and_an_id_lands_on_its_page(
    open_as: Open, letta: LettaDatabase
) -> None:
    page = open_as("support", "/agents/")
    page.keyboard.press("/")
    page.keyboard.type(samples(letta)["agent_id"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/agents/{samples(letta)['agent_id']}/")


def test_j_moves_along_a_list_and_enter_opens_it(open_as: Open, letta: LettaDatabase) -> None:
    page = open_as("support", "/agents/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agents/agent-*/")


def test_question_mark_opens_the_help(open_as: Open, letta: LettaDatabase) -> None:
    page = open_as("support", "/agents/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_theme_switch_is_remembered(open_as: Open, letta: LettaDatabase) -> None:
    page = open_as("support", "/agents/")
    page.locator("[data-theme-toggle]").first.click()
    chosen = page.locator("html").get_attribute("data-theme")
    page.reload()
    assert chosen in {"light", "dark"}
    assert page.locator("html").get_attribute("data-theme") == chosen


def test_signing_in_by_hand_works(open_as: Open, live_server: object, letta: LettaDatabase) -> None:
    page = open_as("support", "/agents/")
    page.context.clear_cookies()
    page.goto(page.url)
    from django.contrib.auth.models import User

    user = User.objects.get(username="support")
    user.set_password("a long enough password")
    user.save()
    page.get_by_label("Username").fill("support")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/agents/")


def test_only_what_a_person_does_counts_as_use(open_as: Open, letta: LettaDatabase) -> None:
    page = open_as("superuser", url_of("accounts:account", letta))

    def by_itself() -> bool:
        with page.expect_request("**/account/?asked") as asked:
            page.evaluate("htmx.ajax('GET', '/account/?asked', {swap: 'none'})")
        return asked.value.headers.get("inspector-by-itself") == "1"

    assert by_itself()
    page.mouse.wheel(0, 100)
    page.wait_for_timeout(100)
    assert not by_itself()


def test_the_current_page_is_in_view_in_a_narrow_menu(open_as: Open, letta: LettaDatabase) -> None:
    page = open_as("superuser", url_of("accounts:trail", letta), width=360)
    current = page.locator(".nav [aria-current]").bounding_box()
    assert current is not None
    assert 0 <= current["x"] <= 360 - current["width"]
    assert page.evaluate("scrollY") == 0
