"""The demo's AWS answers boto3 with the simulated cluster, its alarms and its events."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents_app.aws import client, cluster, events, metrics, sleep, spans
from agents_app.demo.aws.activity import activity, console_connections
from agents_app.demo.aws.door import Door
from agents_app.demo.aws.inventory import REGION, tell
from agents_app.demo.aws.minutes import DAYS
from agents_app.demo.aws.serving import moto, served
from agents_app.demo.aws.world import CLUSTER, SimulatedCluster
from agents_app.letta import access
from agents_app.management.commands.demo import aws_settings
from tests.awsdoor import Aws
from tests.lettadb import LettaDatabase


@pytest.fixture
def demo(
    aws: Aws, letta: LettaDatabase, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[SimulatedCluster]:
    """What `make demo` serves, over the tests' demo world."""
    since = datetime.now(UTC) - timedelta(days=DAYS)
    world = SimulatedCluster(activity(letta.owner, since=since, schema=letta.schema))
    world.warm_up()
    backend = moto()
    tell(backend)
    settings.INSPECTOR_CLUSTER_ID = CLUSTER
    assert f"AWS_REGION={REGION}" in aws_settings(1)
    with served(Door(backend, world)) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        client.forget()
        yield world


def test_the_demo_has_a_cluster_that_has_lived(demo: SimulatedCluster) -> None:
    found = cluster.state(patience_s=10)
    assert (found.min_acu, found.max_acu, found.auto_pause_s) == (0.0, 8.0, 900)
    assert len(found.instances) == 2
    assert [alarm.state for alarm in cluster.alarms(patience_s=10).alarms] == ["alarm", "ok", "ok"]
    assert sleep.now(patience_s=10).state == "awake"
    for name in ("1h", "7d", "90d"):
        reading = metrics.read(spans.named(name), patience_s=20)
        assert reading.problem is None
        assert not reading.is_empty
        assert not reading.is_partial
    kinds = {event.kind for event in events.read(spans.named("30d"), patience_s=20).events}
    assert {"paused", "resumed", "failover", "restart"} <= kinds


def test_the_demo_sees_when_the_console_is_connected(
    demo: SimulatedCluster, letta: LettaDatabase
) -> None:
    access.rows("SELECT 1")
    assert console_connections(letta.owner) >= 1
