"""An evidence bundle in a real browser: asked for by form, downloaded, opened from disk without the console."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from agents_app.evidence.container.checking import check
from tests.lettadb import LettaDatabase
from tests.routes import samples

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]
Findings = Callable[[Page], list[str]]
BUSIEST = "SELECT agent_id FROM messages WHERE agent_id NOT LIKE 'agent-bad%' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"


def ask(page: Page, folder: Path) -> Path:
    """Fills in the form and gives the bundle on disk."""
    page.get_by_label("Category").select_option("request")
    page.get_by_label("Ticket number").fill("T-4711")
    page.get_by_label("Reason").fill("The customer disputes what was promised.")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the bundle").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def unpacked(path: Path) -> Path:
    folder = path.with_suffix("")
    with zipfile.ZipFile(path) as found:
        found.extractall(folder)
    return folder


def test_a_conversation_becomes_pages_that_open_from_disk(
    open_as: Open,
    chromium: Browser,
    letta: LettaDatabase,
    tmp_path: Path,
    serious_findings: Findings,
) -> None:
    page = open_as("superuser", f"/agents/{letta.rows(BUSIEST)[0][0]}/messages/?thread=all")
    page.get_by_role("link", name="Evidence").click()
    expect(page.get_by_role("heading", name="What it will hold")).to_be_visible()
    assert serious_findings(page) == []
    path = ask(page, tmp_path)
    assert check(path).files
    outside = chromium.new_context(offline=True)
    reader, heard = outside.new_page(), list[str]()
    reader.on("console", lambda message: heard.append(message.text))
    reader.on(
        "request",
        lambda request: heard.append(request.url) if not request.url.startswith("file:") else None,
    )
    reader.goto((unpacked(path) / "index.html").as_uri())
    expect(
        reader.get_by_role("heading", name="What it leaves out, and how complete it is")
    ).to_be_visible()
    expect(reader.get_by_text("ticket T-4711: The customer disputes")).to_be_visible()
    assert serious_findings(reader) == []
    reader.locator("tbody th a").first.click()
    expect(reader.locator("article").first).to_be_visible()
    assert (
        reader.locator("article").first.evaluate("one => getComputedStyle(one).borderTopStyle")
        == "solid"
    )
    assert serious_findings(reader) == []
    assert heard == []
    outside.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_history_is_readable_in_both_schemes(
    dark: bool,
    open_as: Open,
    chromium: Browser,
    letta: LettaDatabase,
    tmp_path: Path,
    serious_findings: Findings,
) -> None:
    page = open_as("superuser", f"/blocks/{samples(letta)['block_id']}/history/", dark=dark)
    page.get_by_role("link", name="Evidence").click()
    path = ask(page, tmp_path)
    outside = chromium.new_context(color_scheme="dark" if dark else "light")
    reader = outside.new_page()
    reader.goto((unpacked(path) / "001-history" / "0001.html").as_uri())
    expect(reader.locator("article").first).to_contain_text("Created")
    assert serious_findings(reader) == []
    outside.close()
