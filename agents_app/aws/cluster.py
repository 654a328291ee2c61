"""What AWS says a cluster is: members, scaling range, storage, alarms. Asking wakes no cluster."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agents_app.aws import flight
from agents_app.aws.catalogue import NAMESPACE
from agents_app.aws.client import call
from agents_app.aws.errors import AwsError, AwsNotConfigured, AwsUnknownCluster, restored
from agents_app.aws.flight import Answer, Question
from agents_app.aws.place import Cluster, configured

SERVERLESS = "db.serverless"
_MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class Instance:
    """A member of a cluster. `status` says nothing about sleep: it stays `available` while paused."""

    id: str
    is_writer: bool
    promotion_tier: int | None
    db_class: str
    status: str
    zone: str
    certificate_authority: str

    @property
    def is_serverless(self) -> bool:
        return self.db_class == SERVERLESS


@dataclass(frozen=True, slots=True)
class ClusterState:
    """Capacities in ACU (None for a cluster without serverless members).

    `auto_pause_s` is None where auto-pause is off: AWS leaves it out unless the minimum is 0.
    """

    cluster: Cluster
    engine: str
    engine_version: str
    status: str
    storage_type: str
    min_acu: float | None
    max_acu: float | None
    auto_pause_s: int | None
    instances: tuple[Instance, ...]
    iam_authentication: bool
    data_api: bool
    activity_stream: str
    global_cluster: bool
    insights_mode: str
    resource_id: str
    endpoint: str
    reader_endpoint: str
    read_at: datetime
    age_s: float
    problem: AwsError | None = None

    @property
    def io_optimized(self) -> bool:
        return self.storage_type == "aurora-iopt1"

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the members, writer first."""
        ordered = sorted(self.instances, key=lambda one: (not one.is_writer, one.id))
        return tuple(one.id for one in ordered)

    @property
    def writer(self) -> Instance | None:
        return next((instance for instance in self.instances if instance.is_writer), None)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm on a metric of the cluster or of one of its instances; `state` is ok, alarm or
    unknown (AWS: INSUFFICIENT_DATA), `instance` the id it watches or "" for the whole cluster."""

    name: str
    state: str
    metric: str
    statistic: str
    comparison: str
    threshold: float | None
    period: int | None
    instance: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Alarms:
    alarms: tuple[Alarm, ...]
    read_at: datetime
    age_s: float
    problem: AwsError | None = None


def state(*, patience_s: float | None = None) -> ClusterState:
    """The cluster as AWS describes it; raises AwsError where nothing is known."""
    place = _place()
    answer = flight.fetch(state_question(place), patience_s=patience_s)
    return state_from(place, answer)


def alarms(*, patience_s: float | None = None) -> Alarms:
    """Alarms of this region that watch the cluster or one of its instances."""
    place = _place()
    until = flight.ends(patience_s)
    members, _ = instances_of(patience_s=patience_s)
    answer = flight.fetch(alarms_question(place), patience_s=flight.left(until))
    return alarms_from(place, members, answer)


def instances_of(*, patience_s: float | None = None) -> tuple[tuple[str, ...], AwsError | None]:
    """Ids of the members, writer first; none, and why, where AWS does not tell.

    A cluster that does not exist is raised: nothing else will be known of it.
    """
    try:
        found = state(patience_s=patience_s)
    except (AwsUnknownCluster, AwsNotConfigured):
        raise
    except AwsError as error:
        return (), error
    return found.ids, found.problem


def _place() -> Cluster:
    place = configured()
    if place is None:
        raise AwsNotConfigured
    return place


# ---- the state -------------------------------------------------------------------------------------


def state_question(place: Cluster) -> Question:
    return Question(kind="cluster", words=(place.region, place.id), ask=lambda: _asked_state(place))


def _asked_state(place: Cluster) -> dict[str, Any]:
    """Two calls; without the second one (denied) members are known by their ids only."""
    answer = call(
        "rds", "DescribeDBClusters", "DBClusters", region=place.region, DBClusterIdentifier=place.id
    )
    clusters = answer.get("DBClusters") or []
    if not clusters:
        raise AwsUnknownCluster(permission="rds:DescribeDBClusters")
    found = {name: clusters[0].get(name) for name in _KEPT}
    try:
        found["instances"], found["denied"] = _asked_instances(place), ""
    except AwsError as error:
        found["instances"], found["denied"] = {}, error.slug
    return found


_KEPT = ("Engine", "EngineVersion", "Status", "StorageType", "ServerlessV2ScalingConfiguration",
         "DBClusterMembers", "IAMDatabaseAuthenticationEnabled", "HttpEndpointEnabled",
         "ActivityStreamStatus", "GlobalClusterIdentifier", "GlobalWriteForwardingStatus",
         "DatabaseInsightsMode", "DbClusterResourceId", "Endpoint", "ReaderEndpoint")  # fmt: skip


def _asked_instances(place: Cluster) -> dict[str, Any]:
    words: dict[str, Any] = {"Filters": [{"Name": "db-cluster-id", "Values": [place.id]}]}
    kept: dict[str, Any] = {}
    for _ in range(_MOST_PAGES):
        answer = call("rds", "DescribeDBInstances", "DBInstances", region=place.region, **words)
        for one in answer.get("DBInstances", ()):
            kept[one["DBInstanceIdentifier"]] = {
                "class": one.get("DBInstanceClass", ""),
                "status": one.get("DBInstanceStatus", ""),
                "zone": one.get("AvailabilityZone", ""),
                "authority": one.get("CACertificateIdentifier", ""),
            }
        if not answer.get("Marker"):
            break
        words["Marker"] = answer["Marker"]
    return kept


def state_from(place: Cluster, answer: Answer) -> ClusterState:
    """The kept answer in our words."""
    known = answer.value
    scaling = known.get("ServerlessV2ScalingConfiguration") or {}
    minimum = scaling.get("MinCapacity")
    return ClusterState(
        cluster=place,
        engine=known.get("Engine") or "",
        engine_version=known.get("EngineVersion") or "",
        status=known.get("Status") or "",
        storage_type=known.get("StorageType") or "aurora",
        min_acu=minimum,
        max_acu=scaling.get("MaxCapacity"),
        auto_pause_s=scaling.get("SecondsUntilAutoPause") if minimum == 0 else None,
        instances=_instances(known),
        iam_authentication=bool(known.get("IAMDatabaseAuthenticationEnabled")),
        data_api=bool(known.get("HttpEndpointEnabled")),
        activity_stream=known.get("ActivityStreamStatus") or "stopped",
        global_cluster=bool(known.get("GlobalClusterIdentifier")),
        insights_mode=known.get("DatabaseInsightsMode") or "",
        resource_id=known.get("DbClusterResourceId") or "",
        endpoint=known.get("Endpoint") or "",
        reader_endpoint=known.get("ReaderEndpoint") or "",
        read_at=answer.read_at,
        age_s=answer.age_s,
        problem=answer.problem or _denied(known),
    )


def _denied(known: dict[str, Any]) -> AwsError | None:
    slug = known.get("denied")
    return restored(slug, permission="rds:DescribeDBInstances") if slug else None


def _instances(known: dict[str, Any]) -> tuple[Instance, ...]:
    told = known.get("instances") or {}
    return tuple(
        Instance(
            id=member["DBInstanceIdentifier"],
            is_writer=bool(member.get("IsClusterWriter")),
            promotion_tier=member.get("PromotionTier"),
            db_class=one.get("class", ""),
            status=one.get("status", ""),
            zone=one.get("zone", ""),
            certificate_authority=one.get("authority", ""),
        )
        for member in known.get("DBClusterMembers") or ()
        for one in [told.get(member["DBInstanceIdentifier"], {})]
    )


# ---- alarms ----------------------------------------------------------------------------------------


def alarms_question(place: Cluster) -> Question:
    return Question(kind="alarms", words=(place.region,), ask=lambda: _asked_alarms(place))


def _asked_alarms(place: Cluster) -> list[dict[str, Any]]:
    words: dict[str, Any] = {"AlarmTypes": ["MetricAlarm"], "MaxRecords": 100}
    kept: list[dict[str, Any]] = []
    for _ in range(_MOST_PAGES):
        answer = call("cloudwatch", "DescribeAlarms", "MetricAlarms", region=place.region, **words)
        kept.extend(_kept_alarm(one) for one in answer.get("MetricAlarms", ()) if _of_rds(one))
        if not answer.get("NextToken"):
            break
        words["NextToken"] = answer["NextToken"]
    return kept


def _of_rds(alarm: dict[str, Any]) -> bool:
    return alarm.get("Namespace") == NAMESPACE


def _kept_alarm(alarm: dict[str, Any]) -> dict[str, Any]:
    since = alarm.get("StateTransitionedTimestamp") or alarm.get("StateUpdatedTimestamp")
    return {
        "name": alarm.get("AlarmName", ""),
        "state": alarm.get("StateValue", ""),
        "metric": alarm.get("MetricName", ""),
        "statistic": alarm.get("Statistic") or alarm.get("ExtendedStatistic") or "",
        "comparison": alarm.get("ComparisonOperator", ""),
        "threshold": alarm.get("Threshold"),
        "period": alarm.get("Period"),
        "dimensions": {d["Name"]: d["Value"] for d in alarm.get("Dimensions", ())},
        "since": since.timestamp() if since else None,
    }


_STATES = {"OK": "ok", "ALARM": "alarm"}


def alarms_from(place: Cluster, instances: tuple[str, ...], answer: Answer) -> Alarms:
    """Those of this cluster; AWS cannot be asked for one cluster's."""
    found = [
        Alarm(
            name=one["name"],
            state=_STATES.get(one["state"], "unknown"),
            metric=one["metric"],
            statistic=one["statistic"],
            comparison=one["comparison"],
            threshold=one["threshold"],
            period=one["period"],
            instance=one["dimensions"].get("DBInstanceIdentifier", ""),
            since=datetime.fromtimestamp(one["since"], UTC) if one["since"] else None,
        )
        for one in answer.value
        if one["dimensions"].get("DBClusterIdentifier") == place.id
        or one["dimensions"].get("DBInstanceIdentifier") in instances
    ]
    found.sort(key=lambda alarm: (alarm.state != "alarm", alarm.name))
    return Alarms(tuple(found), answer.read_at, answer.age_s, answer.problem)
