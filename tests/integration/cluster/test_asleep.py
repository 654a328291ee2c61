"""A paused cluster stays asleep: nothing connects before a person presses the button, whatever is opened."""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client

from agents_app.aws.models import AwsAnswer
from agents_app.letta import access, asleep, catalogue, remembered
from agents_app.letta.console import ConsoleConnection, KnownAgent, WakeRequest
from agents_app.letta.engine import base
from agents_app.letta.engine.pool import PoolLimits
from agents_app.letta.errors import LettaAsleep
from tests.awsdoor import READER, WRITER, Aws, Fault, minutes_ago
from tests.cluster import Cluster
from tests.crawl import addresses
from tests.integration.cluster.conftest import CAPACITY, capacity
from tests.integration.letta_engine.conftest import SlowDoor
from tests.lettadb import LettaDatabase, pointed_at
from tests.waiting import eventually

pytestmark = pytest.mark.django_db
SCALED_S = 1.5  # stands for the 30 s that a cluster needs; the pool waits 0.3 s instead of 3
LIMITS = PoolLimits(idle_s=0.3, sweep_s=0.1, wait_s=0.3)


class Asleep(SlowDoor):
    """The first guest waits as long as a cluster needs to wake; `delays` tells whether it came."""

    def __init__(self, server: Cluster, *, delay_s: float) -> None:
        self.delays = [delay_s]
        super().__init__(server)

    def _join(self, guest: socket.socket) -> None:
        if self.delays:
            time.sleep(self.delays.pop())
        self.open()
        super()._join(guest)


@pytest.fixture
def door(letta: LettaDatabase) -> Iterator[Asleep]:
    """Alias `letta` leads through a proxy whose first connection waits; nothing is known yet."""
    base._pools.clear()
    catalogue._kept.clear()
    remembered._noted.clear()
    remembered._waiting.clear()
    remembered._figures_of = None
    slow = Asleep(letta.cluster, delay_s=SCALED_S)
    with pointed_at(slow.uri(letta), {"pool": LIMITS}):
        yield slow
    slow.close()
    base._pools.clear()


def look_again() -> None:
    """CloudWatch is asked afresh, as it is each minute."""
    AwsAnswer.objects.all().delete()
    asleep.forget()


def is_untouched(door: Asleep) -> bool:
    """Whether nobody has connected yet."""
    return access.connects_total() == 0 and door.delays == [SCALED_S]


@pytest.fixture
def paused(aws: Aws, door: Asleep) -> Aws:
    capacity(aws, 1.0, since_minutes=40, until_minutes=20)
    capacity(aws, 0.0, since_minutes=20, until_minutes=2)
    return aws


def test_no_page_connects_while_the_cluster_is_paused(
    paused: Aws, door: Asleep, letta: LettaDatabase, superuser: Client
) -> None:
    pages = [one.url for one in addresses(letta, formats=("", "json"), queries=False)]
    answers = {url: superuser.get(url) for url in pages}
    assert is_untouched(door)
    asleep_ones = [url for url, answer in answers.items() if b"is paused" in answer.content]
    assert len(asleep_ones) > len(pages) / 2
    assert {answers[url].status_code for url in asleep_ones} <= {
        200,
        503,
    }  # 200: the cluster page says so too


def test_the_page_says_so_with_one_button_and_its_cost(
    paused: Aws, door: Asleep, superuser: Client
) -> None:
    response = superuser.get("/agents/?q=x")
    page = response.content.decode()
    assert response.status_code == 503
    assert page.count("Wake the cluster") == 1
    assert "0.0050 USD" in page
    assert 'value="/agents/?q=x"' in page
    assert superuser.get("/agents/?format=json").json()["error"] == "asleep"


def test_a_panel_of_the_overview_says_so_in_place(
    paused: Aws, door: Asleep, superuser: Client
) -> None:
    response = superuser.get("/?panel=letta", headers={"HX-Request": "true"})
    assert b"Wake the cluster" in response.content
    assert b"<html" not in response.content
    assert is_untouched(door)


def test_no_feature_can_go_round_the_guard(paused: Aws, door: Asleep) -> None:
    for ask in (
        catalogue.current,
        lambda: access.rows("SELECT 1"),
        lambda: connections["letta"].cursor(),
        connections["letta"].ensure_connection,
    ):
        with pytest.raises(LettaAsleep):
            ask()
    assert is_untouched(door)


def test_the_last_figures_and_names_are_shown_with_their_age_and_no_content(
    aws: Aws, door: Asleep, letta: LettaDatabase, superuser: Client
) -> None:
    capacity(aws, 1.0)
    door.delays.clear()
    assert superuser.get("/agents/").status_code == 200
    known = KnownAgent.objects.get(name="Hostile 58: unknown role")
    access.close_idle()
    paused_now(aws)
    page = superuser.get(f"/agents/{known.agent_id}/").content.decode()
    assert "As it was seen last" in page
    assert "This agent’s name was" in page
    assert "Hostile 58: unknown role" in page
    assert "about" in page
    for (text,) in letta.rows("SELECT value FROM block WHERE length(value) > 20 LIMIT 20"):
        assert text not in page


def paused_now(aws: Aws) -> None:
    """The newest minutes are at 0 ACU; what was published before is overruled for those."""
    aws.client("cloudwatch")
    for instance in (WRITER, READER, None):
        aws.publish(CAPACITY, {minutes_ago(n): 0.0 for n in (1, 0)}, instance=instance)
    look_again()


def test_the_button_wakes_and_the_page_recovers_by_itself(
    paused: Aws, door: Asleep, superuser: Client, person: Callable[[str], User]
) -> None:
    assert superuser.get("/agents/").status_code == 503
    response = superuser.post("/cluster/wake/", {"next": "/agents/"})
    assert (response.status_code, response["Location"]) == (302, "/agents/")
    waking = superuser.get("/agents/")
    assert waking.status_code == 503
    assert b"waking up" in waking.content
    assert eventually(lambda: superuser.get("/letta-state").json()["state"] != "waking", within_s=6)
    assert eventually(lambda: superuser.get("/agents/").status_code == 200, within_s=3)
    assert access.connects_total() >= 1


def test_the_wake_is_counted_and_has_its_cause(
    paused: Aws, door: Asleep, superuser: Client
) -> None:
    superuser.post("/cluster/wake/", {"next": "/agents/"})
    superuser.get("/agents/")
    assert eventually(lambda: superuser.get("/agents/").status_code == 200, within_s=6)
    superuser.get("/account/")  # the next page notes what ended meanwhile
    assert ConsoleConnection.objects.filter(succeeded=True).count() >= 1
    paused.tell("Started resuming the DB instance.", datetime.now(UTC))
    found: dict[str, Any] = {}

    def is_told() -> bool:  # within a minute, when the events had been asked for just before
        found.update(superuser.get("/cluster/?range=1h&format=json").json())
        return bool(found["resumes"])

    assert eventually(is_told, within_s=70)
    assert found["own_wakes"] == 1
    assert [one["cause"] for one in found["resumes"]] == ["console"]


def test_a_wish_to_wake_holds_until_the_cluster_can_have_paused_again(
    paused: Aws, door: Asleep, superuser: Client, person: Callable[[str], User]
) -> None:
    wish = WakeRequest.objects.create(user=person("ops"))
    asleep.check()
    WakeRequest.objects.filter(pk=wish.pk).update(at=datetime.now(UTC) - timedelta(minutes=9))
    with pytest.raises(LettaAsleep):
        asleep.check()


def test_an_open_redirect_is_none(paused: Aws, door: Asleep, superuser: Client) -> None:
    response = superuser.post("/cluster/wake/", {"next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_a_role_without_pages_of_letta_wakes_nobody(
    paused: Aws, door: Asleep, browser_of: Callable[[str], Client]
) -> None:
    assert browser_of("admin").post("/cluster/wake/", {"next": "/"}).status_code == 403
    assert WakeRequest.objects.count() == 0


def test_without_cloudwatch_it_connects_and_shows_the_waking_page(
    door: Asleep, superuser: Client, db: None
) -> None:
    asleep.forget()
    response = superuser.get("/agents/")
    assert response.status_code == 503
    assert b"waking up" in response.content
    assert eventually(lambda: superuser.get("/agents/").status_code == 200, within_s=6)


@pytest.mark.parametrize(
    "fault",
    [Fault(code="AccessDenied", status=403), Fault(code="Throttling")],
    ids=lambda one: one.code,
)
def test_when_cloudwatch_says_nothing_it_connects(
    fault: Fault, aws: Aws, door: Asleep, superuser: Client
) -> None:
    capacity(aws, 0.0)
    aws.faults.append(fault)
    door.delays.clear()
    assert superuser.get("/agents/").status_code == 200


def test_an_open_connection_needs_no_permission(aws: Aws, door: Asleep, superuser: Client) -> None:
    capacity(aws, 1.0)
    door.delays.clear()
    assert superuser.get("/agents/").status_code == 200
    before = aws.door.count("GetMetricData")
    began = time.monotonic()
    superuser.get("/agents/")
    assert time.monotonic() - began < 3
    assert aws.door.count("GetMetricData") == before
    assert access.status().open_connections >= 0
