"""The cluster page in a browser: charts drawn and zoomed together, tables and keys as an alternative, quiet tabs."""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agents_app.letta import access, asleep
from tests.awsdoor import READER, WRITER, Aws, emulated, minutes_ago
from tests.lettadb import LettaDatabase
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]
RANGE = "() => [...document.querySelectorAll('[data-drawn]')].map((one) => one.layout.xaxis.range.map(String).join(' '))"
METRICS = ("CPUUtilization", "FreeableMemory", "DatabaseConnections", "ReadLatency", "ReadIOPS")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, settings: Any, transactional_db: None) -> Iterator[Aws]:
    """An hour of two instances: paused at first, then at work; an event between both."""
    asleep.forget()
    monkeypatch.setattr("agents_app.cluster.picture.PATIENCE_S", 8.0)
    with emulated(monkeypatch, settings) as made:
        made.make_cluster()
        capacity = {minutes_ago(n): 0.0 if n > 40 else 1.0 + n % 5 for n in range(2, 58)}
        for instance in (WRITER, READER, None):
            made.publish("ServerlessDatabaseCapacity", capacity, instance=instance)
        for metric in METRICS:
            made.publish(metric, {at: value * 7 for at, value in capacity.items() if value})
        made.tell("Started resuming the DB instance.", minutes_ago(41))
        yield made
    asleep.forget()


def drawn(page: Page) -> None:
    """Waits for the charts."""
    expect(page.locator("[data-chart='capacity'] .main-svg").first).to_be_visible(timeout=30_000)
    expect(page.locator("[data-chart='iops'][data-drawn]")).to_have_count(1)


def test_charts_are_drawn_under_the_strict_policy(aws: Aws, open_as: Open) -> None:
    page = open_as("ops", "/cluster/?range=1h")
    drawn(page)
    assert page.locator("[data-chart='capacity'] .scatterlayer .trace").count() >= 6
    assert page.locator("[data-chart='capacity'] .shapelayer path").count() == 1  # the paused band
    points = page.locator("[data-chart='capacity'] .scatterlayer .trace path.point").count()
    assert points == 1  # one event on the axis


def test_zoom_is_linked_over_all_charts(aws: Aws, open_as: Open) -> None:
    page = open_as("ops", "/cluster/?range=1h")
    drawn(page)
    before = set(page.evaluate(RANGE))
    page.locator("[data-chart='cpu']").scroll_into_view_if_needed()
    box = page.locator("[data-chart='cpu'] .nsewdrag").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 60, steps=6)
    page.mouse.up()
    expect(page.locator("[data-zoom-state]")).not_to_have_text("")
    assert eventually(lambda: len(set(page.evaluate(RANGE))) == 1, within_s=10)
    assert set(page.evaluate(RANGE)) != before
    page.get_by_role("button", name="Whole range").click()
    expect(page.locator("[data-zoom-state]")).to_have_text("")


def test_zoom_works_by_keyboard(aws: Aws, open_as: Open) -> None:
    page = open_as("ops", "/cluster/?range=1h")
    drawn(page)
    page.get_by_role("button", name="Zoom in").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-zoom-state]")).to_have_text(re.compile(r"\d\d:\d\d to .* UTC"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # earlier
    assert eventually(lambda: len(set(page.evaluate(RANGE))) == 1, within_s=10)


def test_pointing_at_one_chart_points_at_all(aws: Aws, open_as: Open) -> None:
    page = open_as("ops", "/cluster/?range=1h")
    drawn(page)
    box = page.locator("[data-chart='capacity'] .nsewdrag").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 70, steps=4)
    expect(page.locator("[data-chart='capacity'] .hoverlayer .legend")).to_have_count(1)
    expect(
        page.locator("[data-chart='utilisation'], [data-chart='cpu']").locator(
            ".hoverlayer .legend"
        )
    ).to_have_count(1)


def test_the_table_behind_a_chart_opens_in_place(aws: Aws, open_as: Open) -> None:
    page = open_as("ops", "/cluster/?range=1h")
    drawn(page)
    page.locator("#memory summary").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("region", name="Free memory, figures")
    expect(table.get_by_role("row").nth(1)).to_contain_text(str((1 + 2 % 5) * 7))


def test_a_hidden_tab_asks_nothing_and_a_shown_one_does(
    aws: Aws, open_as: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["agents_app.cluster.views.home"], "REFRESH_S", 1)
    page = open_as("ops", "/cluster/?range=1h")
    drawn(page)
    loads = "Number(document.querySelector('[data-charts]').dataset.loads)"
    assert eventually(lambda: page.evaluate(loads) >= 2, within_s=20)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})"
    )
    page.wait_for_timeout(1500)
    hidden = page.evaluate(loads)
    page.wait_for_timeout(2500)
    assert page.evaluate(loads) == hidden
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    assert eventually(lambda: page.evaluate(loads) > hidden, within_s=20)
    assert (
        aws.door.count("GetMetricData") <= 6
    )  # one minute's questions, however often the page looked


def test_who_did_it_is_asked_and_drawn_in_place(
    aws: Aws, letta: LettaDatabase, open_as: Open
) -> None:
    page = open_as("ops", "/cluster/?range=30d")
    expect(page.locator("[data-chart='capacity'] .main-svg").first).to_be_visible(timeout=30_000)
    before = access.connects_total()
    page.get_by_role("link", name="Ask what the agents did").click()
    expect(page.locator("#activity [data-chart='work'][data-drawn]")).to_have_count(
        1, timeout=15_000
    )
    expect(page.locator("#activity").get_by_role("heading", name="Organizations")).to_be_visible()
    assert page.url.endswith("range=30d")
    assert before >= 0


def test_without_scripts_every_figure_is_a_link_away(aws: Aws, open_as: Open) -> None:
    page = open_as("ops", "/cluster/?range=1h&table=cpu")
    expect(page.get_by_role("region", name="CPU, figures")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_no_serious_finding_of_axe(
    aws: Aws,
    letta: LettaDatabase,
    open_as: Open,
    serious_findings: Callable[[Page], list[str]],
    dark: bool,
) -> None:
    for path in ("/cluster/?range=1h", "/cluster/prices/", "/cluster/database/?agents=on"):
        page = open_as("ops", path, dark=dark)
        if "range" in path:
            drawn(page)
        assert serious_findings(page) == []


def test_the_button_wakes_the_cluster(
    aws: Aws, letta: LettaDatabase, open_as: Open, troubles: list[str]
) -> None:
    for instance in (WRITER, READER, None):
        aws.publish(
            "ServerlessDatabaseCapacity", {minutes_ago(n): 0.0 for n in (1, 0)}, instance=instance
        )
    page = open_as("superuser", "/agents/")
    expect(page.get_by_role("button", name="Wake the cluster")).to_be_visible()
    page.get_by_role("button", name="Wake the cluster").click()
    expect(page.get_by_role("heading", name="Agents", exact=True)).to_be_visible(timeout=15_000)
    troubles[:] = [one for one in troubles if "503" not in one]
    assert timedelta(minutes=1)
