"""What `doctor` says of AWS: which cluster, and for each call whether it is allowed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from agents_app.aws import place
from agents_app.aws.client import call
from agents_app.aws.errors import AwsError
from agents_app.letta.diagnosis import Line, Section


def aws_sections() -> Iterator[Section]:
    """One section; a console without AWS is all well. None of the calls wakes a cluster."""
    found = place.configured()
    if found is None:
        text = "No Aurora cluster is named; the console does without figures of AWS."
        yield Section("AWS", (Line("ok", text),))
        return
    how = "named by the host in LETTA_PG_URI" if found.guessed else "named by INSPECTOR_CLUSTER_ID"
    first = Line("ok", f"Cluster {found.id} in {found.region or 'no known region'}, {how}.")
    yield Section("AWS", (first, *_lines(found)))


def _lines(found: place.Cluster) -> Iterator[Line]:
    for service, operation, expected, words in _calls(found):
        try:
            call(service, operation, expected, region=found.region, **words)
        except AwsError as error:
            yield Line("warn", f"{operation}: {error.happened}", error.advice)
            if error.is_common:
                return
        else:
            yield Line("ok", f"{operation} is allowed and answered.")


def _calls(found: place.Cluster) -> list[tuple[str, str, str, dict[str, Any]]]:
    now = datetime.now(UTC)
    metric = {
        "Namespace": "AWS/RDS",
        "MetricName": "ServerlessDatabaseCapacity",
        "Dimensions": [{"Name": "DBClusterIdentifier", "Value": found.id}],
    }
    query = {"Id": "q0", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}
    stretch = {"StartTime": now - timedelta(minutes=10), "EndTime": now}
    return [
        ("rds", "DescribeDBClusters", "DBClusters", {"DBClusterIdentifier": found.id}),
        ("rds", "DescribeDBInstances", "DBInstances",
         {"Filters": [{"Name": "db-cluster-id", "Values": [found.id]}]}),
        ("rds", "DescribeEvents", "Events",
         {"SourceType": "db-cluster", "SourceIdentifier": found.id, "MaxRecords": 20}),
        ("cloudwatch", "GetMetricData", "MetricDataResults",
         {"MetricDataQueries": [query], **stretch}),
        ("cloudwatch", "DescribeAlarms", "MetricAlarms",
         {"AlarmTypes": ["MetricAlarm"], "MaxRecords": 1}),
    ]  # fmt: skip
