"""The demo's cluster behaves as Aurora's documentation says: load, sleep, gaps, events."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from agents_app.demo.aws.activity import Activity
from agents_app.demo.aws.door import Values
from agents_app.demo.aws.minutes import AUTO_PAUSE_MINUTES, READER, WRITER
from agents_app.demo.aws.world import CLUSTER, SimulatedCluster

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BUSY = NOW - timedelta(hours=30)


@pytest.fixture(scope="module")
def world() -> SimulatedCluster:
    """Agents talked for ten minutes, thirty hours ago."""
    minute = int(BUSY.timestamp()) // 60
    return SimulatedCluster(Activity({minute + n: 9 for n in range(10)}), now=NOW)


def values(
    world: SimulatedCluster, metric: str, *, instance: str | None = WRITER, stat: str = "Average",
    start: datetime = BUSY, minutes: int = 10, period: int = 60,
) -> Values:  # fmt: skip
    name, value = (
        ("DBInstanceIdentifier", instance) if instance else ("DBClusterIdentifier", CLUSTER)
    )
    asked = {
        "Namespace": "AWS/RDS",
        "MetricName": metric,
        "Dimensions": [{"Name": name, "Value": value}],
    }
    found = world.values(asked, stat, period, start, start + timedelta(minutes=minutes))
    assert found is not None
    return found


def test_capacity_follows_the_agents(world: SimulatedCluster) -> None:
    found = [value for _, value in values(world, "ServerlessDatabaseCapacity")]
    assert found == sorted(found)
    assert found[0] < found[-1] <= 8
    assert len(found) == 10


def test_a_paused_instance_sends_three_zeros_and_gaps_otherwise(world: SimulatedCluster) -> None:
    later = BUSY + timedelta(hours=6)
    for metric in ("ServerlessDatabaseCapacity", "ACUUtilization", "CPUUtilization"):
        assert {value for _, value in values(world, metric, start=later)} == {0.0}
    for metric in ("DatabaseConnections", "FreeableMemory", "CommitLatency"):
        assert values(world, metric, start=later) == []


def test_it_sleeps_after_the_time_that_the_cluster_is_set_to(world: SimulatedCluster) -> None:
    turns = [turn for turn in world.minutes.turns if turn.instance == WRITER]
    kinds = [turn.kind for turn in turns]
    assert all(one != other for one, other in pairwise(kinds))
    woke = int(BUSY.timestamp()) // 60
    slept = next(turn.minute for turn in turns if turn.minute > woke)
    assert slept - (woke + 9) == AUTO_PAUSE_MINUTES + 2  # its server lets go after two minutes


def test_the_writer_wakes_with_the_reader(world: SimulatedCluster) -> None:
    by_minute = {
        (turn.minute, turn.instance) for turn in world.minutes.turns if turn.kind == "resume"
    }
    for minute, instance in by_minute:
        if instance == READER:
            index = minute - world.minutes.first
            assert world.minutes.tracks[WRITER].capacity[index] > 0


def test_the_cluster_is_the_average_of_its_instances(world: SimulatedCluster) -> None:
    parts = [values(world, "ServerlessDatabaseCapacity", instance=one) for one in (WRITER, READER)]
    whole = values(world, "ServerlessDatabaseCapacity", instance=None)
    assert [value for _, value in whole] == [
        (a + b) / 2 for (_, a), (_, b) in zip(*parts, strict=True)
    ]


def test_the_console_is_awake_where_the_demo_just_began(world: SimulatedCluster) -> None:
    found = values(world, "ServerlessDatabaseCapacity", start=NOW - timedelta(minutes=8), minutes=6)
    assert all(value > 0 for _, value in found)


def test_volume_io_comes_by_five_minutes(world: SimulatedCluster) -> None:
    start = BUSY.replace(minute=BUSY.minute // 5 * 5)
    found = values(
        world, "VolumeReadIOPs", instance=None, stat="Sum", start=start, minutes=30, period=300
    )
    assert len(found) == 6
    assert sum(value for _, value in found) > 0


def test_events_tell_every_turn_and_come_in_order(world: SimulatedCluster) -> None:
    events = world.events()
    times = [event["Date"] for event in events]
    assert times == sorted(times)
    texts = {event["Message"] for event in events}
    assert "Successfully paused the DB instance." in texts
    assert any("failover" in text for text in texts)


def test_another_namespace_is_motos(world: SimulatedCluster) -> None:
    asked = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Dimensions": []}
    assert world.values(asked, "Average", 60, BUSY, NOW) is None
