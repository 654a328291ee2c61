"""The map in Chromium under the console's own CSP: drawn, hovered, clicked, lassoed, and opened by keyboard."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from agents_app.ui import plotlyfiles
from tests.integration.embeddings.conftest import vector_world, vectors_here
from tests.lettadb import LettaDatabase

__all__ = ["vector_world", "vectors_here"]
pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]
BIG, HOSTILE = (f"archive-7ec70000-0000-4000-8000-00000000{n:04d}" for n in (1, 3))
POINT_AT = """
number => {
  const box = document.querySelector('.scatterlayer .point').ownerSVGElement.getBoundingClientRect();
  const points = [...document.querySelectorAll('.scatterlayer .point')];
  const place = points[number].getBoundingClientRect();
  return [place.x + place.width / 2, place.y + place.height / 2];
}
"""


def drawn(page: Page, points: int) -> None:
    """Waits for the map and counts what was really drawn."""
    expect(page.locator("[data-map]")).to_have_attribute("data-drawn", str(points), timeout=15_000)
    assert page.locator(".scatterlayer .point").count() == points


def rest_on(page: Page, number: int) -> None:
    x, y = page.evaluate(POINT_AT, number)
    page.mouse.move(x - 30, y - 30)
    page.mouse.move(x, y, steps=4)


def draw_around_all(page: Page) -> None:
    """A lasso along the border of the map."""
    box = page.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    left, top = box["x"] + 2, box["y"] + 2
    right, bottom = box["x"] + box["width"] - 2, box["y"] + box["height"] - 2
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top + 4)):
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_map_draws_every_point_in_the_colours_of_its_table(
    dark: bool, open_as: Open, vectors_here: LettaDatabase
) -> None:
    page = open_as("support", f"/archives/{BIG}/map/", dark=dark)
    drawn(page, 300)
    colours = page.evaluate(
        "() => [...new Set([...document.querySelectorAll('.scatterlayer .point')].map(p => p.style.fill))]"
    )
    swatches = page.evaluate(
        "() => [...document.querySelectorAll('[data-category] .swatch')].map(s => getComputedStyle(s).backgroundColor)"
    )
    assert set(colours) == set(swatches)
    assert len(colours) > 3


def test_the_pointer_that_rests_shows_the_text_and_a_click_opens_it(
    open_as: Open, vectors_here: LettaDatabase
) -> None:
    page = open_as("support", f"/archives/{BIG}/map/")
    drawn(page, 300)
    rest_on(page, 5)
    expect(page.locator("[data-card]")).to_contain_text("about an order")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(re.compile(r"/passages/passage-"))


def test_a_pointer_that_passes_by_asks_for_nothing(
    open_as: Open, vectors_here: LettaDatabase
) -> None:
    page = open_as("support", f"/archives/{BIG}/map/")
    drawn(page, 300)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    rest_on(page, 5)
    page.mouse.move(2, 2)
    page.wait_for_timeout(600)
    assert not [url for url in asked if "glance" in url]


def test_a_lasso_lists_the_points_and_the_list_exports(
    open_as: Open, vectors_here: LettaDatabase
) -> None:
    page = open_as("support", f"/archives/{BIG}/map/")
    drawn(page, 300)
    draw_around_all(page)
    expect(page.locator("#selection .panel__note")).to_have_text("200 of 300 selected points")
    assert page.locator("#selection tbody tr").count() == 200
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert len(download.value.path().read_text().splitlines()) == 201


def test_searching_and_categories_light_points_up(
    open_as: Open, vectors_here: LettaDatabase
) -> None:
    page = open_as("support", f"/archives/{BIG}/map/")
    drawn(page, 300)
    page.get_by_label("Light up passages that say").fill("note 12")
    page.get_by_role("button", name="Light up", exact=True).first.click()
    expect(page.locator("[data-found]")).to_have_text("11 lit")
    lit = "() => [...document.querySelectorAll('.scatterlayer .point')].filter(p => p.style.opacity === '1').length"
    assert page.evaluate(lit) == 11
    page.get_by_role("button", name="Clear").click()
    assert page.evaluate(lit) == 0
    page.locator("[data-light='0']").click()
    assert page.evaluate(lit) == 50


def test_the_keyboard_opens_what_the_pointer_does(
    open_as: Open, vectors_here: LettaDatabase
) -> None:
    page = open_as("support", f"/archives/{BIG}/map/?colour=tag")
    drawn(page, 300)
    link = page.get_by_role("link", name="List refunds")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#selection .panel__note")).to_have_text("50")
    first = page.locator("#selection tbody a").first
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/passages/passage-"))


def test_the_theme_recolours_the_points(open_as: Open, vectors_here: LettaDatabase) -> None:
    page = open_as("support", f"/archives/{BIG}/map/")
    drawn(page, 300)
    fill = "() => document.querySelector('.scatterlayer .point').style.fill"
    before = page.evaluate(fill)
    page.locator("[data-theme-toggle]").click()
    page.wait_for_function(f"before => ({fill})() !== before", arg=before)


def test_hostile_passages_stay_inert_on_the_map(open_as: Open, vectors_here: LettaDatabase) -> None:
    page = open_as("superuser", f"/archives/{HOSTILE}/map/?colour=tag")
    drawn(page, 6)
    for number in range(6):
        rest_on(page, number)
        expect(page.locator("[data-card]")).to_be_visible()
        page.wait_for_timeout(100)
        page.mouse.move(2, 2)
    draw_around_all(page)
    expect(page.locator("#selection .panel__note")).to_have_text("6")
    inside = "() => document.querySelectorAll('main script:not([src]), main iframe, main img, main b, .map__card b').length"
    assert page.evaluate(inside) == 0


def test_the_map_is_accessible(
    open_as: Open, vectors_here: LettaDatabase, serious_findings: Callable[[Page], list[str]]
) -> None:
    page = open_as("support", f"/archives/{BIG}/map/?list=0")
    drawn(page, 300)
    assert serious_findings(page) == []


def test_the_bundle_asks_for_the_element_that_keeps_its_style_away() -> None:
    bundle = (plotlyfiles.folder() / plotlyfiles.NAME).read_text()
    (wanted,) = set(re.findall(r'getElementById\("([0-9a-f]{64})"\)', bundle))
    head = settings.BASE_DIR / "templates" / "ui" / "plotly.html"
    assert f'id="{wanted}"' in head.read_text()
