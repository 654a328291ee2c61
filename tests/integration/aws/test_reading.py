"""Every number comes out as it was published, page by page, with the periods its age allows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from agents_app.aws import cluster, events, metrics, sleep, spans
from agents_app.aws.models import AwsAnswer, ClusterEvent
from tests.awsdoor import CLUSTER, READER, WRITER, Aws, minutes_ago

CAPACITY = "ServerlessDatabaseCapacity"


def test_the_cluster_is_described(aws: Aws) -> None:
    found = cluster.state()
    assert (found.min_acu, found.max_acu, found.auto_pause_s) == (0.0, 8.0, 300)
    assert found.engine == "aurora-postgresql"
    assert [one.id for one in found.instances] == [WRITER, READER]
    assert found.writer is not None
    assert found.writer.id == WRITER
    assert all(one.is_serverless for one in found.instances)
    assert not found.io_optimized


def test_auto_pause_is_off_unless_the_minimum_is_nothing(aws: Aws) -> None:
    aws.client("rds").modify_db_cluster(
        DBClusterIdentifier=CLUSTER,
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4.0},
    )
    assert cluster.state().auto_pause_s is None


def test_every_number_is_as_published(aws: Aws) -> None:
    published = {minutes_ago(n): n / 8 for n in range(5, 50)}
    aws.publish(CAPACITY, published)
    reading = metrics.read(spans.named("1h"), groups=["capacity"])
    series = reading.find(CAPACITY, "Average", instance=WRITER)
    assert series is not None
    assert dict(series.points) == published
    assert (series.unit, series.period) == ("ACU", 60)
    assert reading.problem is None
    assert reading.age_s < 5


def test_reader_and_writer_sum_to_the_cost_by_hand(aws: Aws) -> None:
    aws.publish(CAPACITY, {minutes_ago(n): 2.0 for n in range(10, 40)})
    aws.publish(CAPACITY, {minutes_ago(n): 0.5 for n in range(10, 40)}, instance=READER)
    reading = metrics.read(spans.named("1h"), groups=["capacity"])
    hours = [
        sum(value for _, value in one.points) * one.period / 3600
        for one in reading.of_instances(CAPACITY)
    ]
    assert hours == [1.0, 0.25]


def test_pages_are_followed(aws: Aws) -> None:
    aws.door.page_points = 7
    published = {minutes_ago(n): float(n) for n in range(5, 45)}
    for instance in (WRITER, READER):
        aws.publish(CAPACITY, published, instance=instance)
    reading = metrics.read(spans.named("1h"), groups=["capacity"])
    for one in (WRITER, READER):
        series = reading.find(CAPACITY, "Maximum", instance=one)
        assert series is not None
        assert dict(series.points) == published
        assert not series.partial
    assert aws.door.count("GetMetricData") > 10


@pytest.mark.parametrize(
    ("days", "period"), [(2, 60), (14, 60), (16, 300), (62, 300), (64, 3600), (300, 3600)]
)
def test_old_data_is_read_with_the_period_aws_keeps(aws: Aws, days: int, period: int) -> None:
    start = (datetime.now(UTC) - timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    aws.publish(CAPACITY, {start + timedelta(minutes=n): 3.0 for n in range(180)})
    span = spans.between(start, start + timedelta(hours=3))
    series = metrics.read(span, groups=["capacity"]).find(CAPACITY, instance=WRITER)
    assert series is not None
    assert series.period == period
    assert [value for _, value in series.points] == [3.0] * (3 * 3600 // period)


def test_the_emulator_forgets_like_aws(aws: Aws) -> None:
    start = (datetime.now(UTC) - timedelta(days=20)).replace(minute=0, second=0, microsecond=0)
    aws.publish(CAPACITY, {start: 3.0})
    too_fine = spans.Span(start, start + timedelta(hours=1), 60)
    assert metrics.read(too_fine, groups=["capacity"]).is_empty


def test_volume_metrics_are_asked_for_by_five_minutes(aws: Aws) -> None:
    at = minutes_ago(0) - timedelta(hours=1)
    at = at.replace(minute=at.minute // 5 * 5)
    aws.publish("VolumeReadIOPs", {at: 1200.0}, instance=None)
    series = metrics.read(spans.named("6h"), groups=["storage"]).find("VolumeReadIOPs", "Sum")
    assert series is not None
    assert (series.period, series.points) == (300, ((at, 1200.0),))


def test_gaps_are_gaps(aws: Aws) -> None:
    span = spans.named("1h")
    holes = range(20, 30)
    aws.publish("DatabaseConnections", {minutes_ago(n): 1.0 for n in range(61) if n not in holes})
    series = metrics.read(span, groups=["load"]).find(
        "DatabaseConnections", "Maximum", instance=WRITER
    )
    assert series is not None
    assert series.gaps(span) == [(minutes_ago(29), minutes_ago(19))]


def test_sleep_is_told_by_the_capacity(aws: Aws) -> None:
    now = minutes_ago(1)
    aws.publish(
        CAPACITY,
        {now - timedelta(minutes=n): 0.0 if n < 25 else 1.5 for n in range(90)},
        instance=None,
    )
    found = sleep.now()
    assert (found.state, found.capacity, found.since_exact) == ("paused", 0.0, True)
    assert found.since == now - timedelta(minutes=24)


def test_old_news_of_the_capacity_says_nothing_about_now(aws: Aws) -> None:
    aws.publish(CAPACITY, {minutes_ago(n): 1.0 for n in range(20, 90)}, instance=None)
    assert sleep.now().state == "unknown"


def test_pauses_are_found(aws: Aws) -> None:
    values = {minutes_ago(n): 0.0 if 10 <= n < 20 or n > 40 else 2.0 for n in range(2, 55)}
    aws.publish(CAPACITY, values, instance=None)
    found = sleep.pauses(metrics.read(spans.named("1h"), groups=["capacity"]))
    assert [(pause.begun, pause.end) for pause in found] == [
        (False, minutes_ago(40)),
        (True, minutes_ago(9)),
    ]


def test_events_are_kept_for_good(aws: Aws) -> None:
    aws.tell("Successfully paused the DB instance.", minutes_ago(30))
    aws.tell("Initiated resume for the DB instance.", minutes_ago(20))
    aws.tell("Completed failover to DB instance: letta-2", minutes_ago(10), source=CLUSTER)
    assert [event.kind for event in events.read(spans.named("24h")).events] == [
        "paused",
        "resuming",
        "failover",
    ]
    aws.door.world.events().clear()
    AwsAnswer.objects.all().delete()
    again = events.read(spans.named("24h"))
    assert len(again.events) == 3
    assert again.problem is None
    assert ClusterEvent.objects.count() == 3


def test_more_than_a_page_of_events_is_read_once_each(aws: Aws) -> None:
    for n in range(230):
        aws.tell(f"Scaling happened {n}", timezone.now() - timedelta(hours=200, minutes=-n))
    for _ in range(2):
        AwsAnswer.objects.all().delete()
        events.read(spans.named("24h"))
    assert ClusterEvent.objects.count() == 230


def test_alarms_of_this_cluster_are_shown(aws: Aws) -> None:
    watch = aws.client("cloudwatch")
    for name, instance in (("capacity", WRITER), ("other", "shop-1")):
        watch.put_metric_alarm(
            AlarmName=name, Namespace="AWS/RDS", MetricName=CAPACITY, Statistic="Average", Period=60,
            EvaluationPeriods=15, Threshold=7.5, ComparisonOperator="GreaterThanThreshold",
            Dimensions=[{"Name": "DBInstanceIdentifier", "Value": instance}],
        )  # fmt: skip
    watch.set_alarm_state(AlarmName="capacity", StateValue="ALARM", StateReason="test")
    found = cluster.alarms().alarms
    assert [(alarm.name, alarm.state, alarm.instance, alarm.threshold) for alarm in found] == [
        ("capacity", "alarm", WRITER, 7.5)
    ]
