"""Everything that keeps an Aurora cluster from pausing: what AWS tells, one line each, with the reason. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from agents_app.aws.cluster import ClusterState

Level = Literal["ok", "blocks", "unknown"]

# Aurora PostgreSQL that can pause, by major version; every later major version can.
FIRST_MINORS = {13: 15, 14: 12, 15: 7, 16: 3}


@dataclass(frozen=True)
class Check:
    """`level`: ok, blocks, or unknown where this console's permissions do not tell."""

    level: Level
    title: str
    reason: str


def checklist(
    state: ClusterState | None, *, sessions: float | None, paused: bool, by_proxy: bool
) -> list[Check]:
    """`sessions` is the newest DatabaseConnections (None: no point), `by_proxy` whether our host is a proxy."""
    if state is None:
        return [
            Check("unknown", "The cluster’s settings", "AWS did not tell (rds:DescribeDBClusters).")
        ]
    return [
        _minimum(state),
        _version(state),
        _members(state),
        _sessions(sessions, paused=paused),
        _global(state),
        _stream(state),
        _maintenance(state),
        _proxy(by_proxy=by_proxy),
        Check("unknown", "Logical replication",
              "Not told by CloudWatch; the database view counts logical replication slots."),
        Check("unknown", "Zero-ETL integrations", "Not asked: it would need rds:DescribeIntegrations."),
    ]  # fmt: skip


def can_pause(version: str) -> bool | None:
    """Whether this Aurora PostgreSQL knows auto-pause; None for a version that cannot be read."""
    found = re.match(r"(\d+)\.(\d+)", version)
    if not found:
        return None
    major, minor = int(found[1]), int(found[2])
    if major in FIRST_MINORS:
        return minor >= FIRST_MINORS[major]
    return major > max(FIRST_MINORS)


def _minimum(state: ClusterState) -> Check:
    title = "Minimum capacity 0 ACU"
    if state.min_acu is None:
        return Check("blocks", title, "The cluster has no serverless scaling range.")
    if state.min_acu > 0:
        return Check(
            "blocks", title, f"The minimum is {state.min_acu:g} ACU; only 0 lets it pause."
        )
    return Check(
        "ok", title, f"It may pause after {_minutes(state.auto_pause_s)} without a connection."
    )


def _minutes(seconds: int | None) -> str:
    return f"{(seconds or 300) / 60:g} minutes"


def _version(state: ClusterState) -> Check:
    title, version = "Engine that can pause", state.engine_version or "an unknown version"
    can = can_pause(state.engine_version)
    if can is None:
        return Check("unknown", title, f"It runs {version}.")
    if can:
        return Check("ok", title, f"It runs {version}.")
    return Check(
        "blocks", title, f"It runs {version}; pausing came with 13.15, 14.12, 15.7 and 16.3."
    )


def _members(state: ClusterState) -> Check:
    title = "All members serverless"
    classes = {one.id: one.db_class for one in state.instances}
    fixed = sorted(
        name for name, db_class in classes.items() if db_class and db_class != "db.serverless"
    )
    if fixed:
        return Check(
            "blocks", title, f"{', '.join(fixed)}: a provisioned member keeps the writer up."
        )
    if not all(classes.values()):
        return Check("unknown", title, "AWS did not tell their classes (rds:DescribeDBInstances).")
    followers = [
        one.id for one in state.instances if not one.is_writer and one.promotion_tier in (0, 1)
    ]
    note = (
        f" {', '.join(followers)} in tier 0 or 1 sleeps and wakes with the writer."
        if followers
        else ""
    )
    return Check("ok", title, f"{len(classes)} of {len(classes)}.{note}")


def _sessions(sessions: float | None, *, paused: bool) -> Check:
    title = "No open connection"
    if paused:
        return Check("ok", title, "The cluster is paused.")
    if sessions is None:
        return Check("unknown", title, "CloudWatch has no figure of the last minutes.")
    if sessions > 0:
        return Check(
            "blocks",
            title,
            f"{sessions:g} open; an idle one counts too. The database view names them.",
        )
    return Check("ok", title, "None in the newest minute.")


def _global(state: ClusterState) -> Check:
    title = "No global database"
    if state.global_cluster:
        return Check("blocks", title, "Its primary writer and all secondaries stay up.")
    return Check("ok", title, "It belongs to none.")


def _stream(state: ClusterState) -> Check:
    title = "No database activity stream"
    if state.activity_stream not in ("stopped", ""):
        return Check("blocks", title, f"The stream is {state.activity_stream}.")
    return Check("ok", title, "It is stopped.")


def _maintenance(state: ClusterState) -> Check:
    title = "No maintenance under way"
    if state.status != "available":
        return Check("blocks", title, f"The cluster’s status is {state.status or 'unknown'}.")
    return Check("ok", title, "The cluster’s status is available.")


def _proxy(*, by_proxy: bool) -> Check:
    title = "No RDS Proxy"
    if by_proxy:
        return Check(
            "blocks",
            title,
            "This console itself connects through one, which holds connections open.",
        )
    return Check("unknown", title, "Not asked: it would need rds:DescribeDBProxies.")
