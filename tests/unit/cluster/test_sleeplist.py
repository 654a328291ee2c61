"""The checklist of what keeps a cluster from pausing."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from agents_app.aws.cluster import ClusterState, Instance
from agents_app.aws.place import Cluster
from agents_app.cluster.sleeplist import can_pause, checklist

WRITER = Instance("w", True, 0, "db.serverless", "available", "a", "ca")
GOOD = ClusterState(
    cluster=Cluster("letta", "eu-central-1"), engine="aurora-postgresql", engine_version="16.6",
    status="available", storage_type="aurora", min_acu=0.0, max_acu=8.0, auto_pause_s=300,
    instances=(WRITER,), iam_authentication=True, data_api=False, activity_stream="stopped",
    global_cluster=False, insights_mode="", resource_id="", endpoint="", reader_endpoint="",
    read_at=datetime.now(UTC), age_s=0.0,
)  # fmt: skip


def blocked(
    state: ClusterState, *, sessions: float | None = 0.0, paused: bool = False
) -> list[str]:
    found = checklist(state, sessions=sessions, paused=paused, by_proxy=False)
    return [check.title for check in found if check.level == "blocks"]


def test_nothing_blocks_a_cluster_made_to_sleep() -> None:
    assert blocked(GOOD) == []


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({"min_acu": 0.5}, "Minimum capacity 0 ACU"),
        ({"min_acu": None}, "Minimum capacity 0 ACU"),
        ({"engine_version": "16.2"}, "Engine that can pause"),
        ({"global_cluster": True}, "No global database"),
        ({"activity_stream": "started"}, "No database activity stream"),
        ({"status": "upgrading"}, "No maintenance under way"),
        (
            {"instances": (WRITER, replace(WRITER, id="r", db_class="db.r6g.large"))},
            "All members serverless",
        ),
    ],
)
def test_each_blocker_is_found(change: dict[str, Any], title: str) -> None:
    assert blocked(replace(GOOD, **change)) == [title]


def test_an_idle_session_blocks_but_not_while_paused() -> None:
    assert blocked(GOOD, sessions=1.0) == ["No open connection"]
    assert blocked(GOOD, sessions=None, paused=True) == []


def test_a_proxy_blocks() -> None:
    found = checklist(GOOD, sessions=0, paused=False, by_proxy=True)
    assert [check.title for check in found if check.level == "blocks"] == ["No RDS Proxy"]


@pytest.mark.parametrize(
    ("version", "can"),
    [("13.14", False), ("13.15", True), ("14.12", True), ("15.6", False), ("15.7", True), ("16.3", True),
     ("17.4", True), ("12.22", False), ("", None)],
)  # fmt: skip
def test_versions_that_can_pause(version: str, can: bool | None) -> None:
    assert can_pause(version) is can


def test_without_aws_nothing_is_claimed() -> None:
    found = checklist(None, sessions=None, paused=False, by_proxy=False)
    assert [check.level for check in found] == ["unknown"]
