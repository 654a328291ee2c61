"""The cluster page: its numbers are those that were published, its cost is that of a calculation by hand."""

import csv
import io
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from agents_app.aws.models import AwsAnswer, ClusterEvent
from agents_app.cluster import picture
from agents_app.letta import access
from agents_app.letta.console import ConsoleConnection
from tests.awsdoor import CLUSTER, READER, REGION, WRITER, Aws, Fault, minutes_ago
from tests.integration.cluster.conftest import CAPACITY, capacity

REAL_PATIENCE_S = picture.PATIENCE_S  # the fixture lets the other tests wait

pytestmark = pytest.mark.django_db


def data(client: Client, query: str = "range=1h") -> dict[str, Any]:
    """What the page tells once AWS has answered: on a busy machine a first look may be too early."""
    for _ in range(5):
        response = client.get(f"/cluster/?{query}&format=json")
        assert response.status_code == 200
        found: dict[str, Any] = json.loads(response.content)
        if not any(one["error"] == "slow" for one in found.get("problems", ())):
            break
        time.sleep(1)
    return found


def series(
    found: dict[str, Any], metric: str, statistic: str, instance: str | None
) -> dict[str, Any]:
    [one] = [
        s for s in found["series"]
        if (s["metric"], s["statistic"], s["instance"]) == (metric, statistic, instance)
    ]  # fmt: skip
    return dict(one)


def test_every_number_in_the_json_is_as_published(aws: Aws, superuser: Client) -> None:
    published = {minutes_ago(n): n / 4 for n in range(3, 50)}
    for metric in (
        CAPACITY,
        "CPUUtilization",
        "FreeableMemory",
        "ReadLatency",
        "DatabaseConnections",
    ):
        aws.publish(metric, published)
    found = data(superuser)
    for metric, statistic in ((CAPACITY, "Average"), ("CPUUtilization", "Maximum"), ("ReadLatency", "Average"),
                              ("FreeableMemory", "Minimum"), ("DatabaseConnections", "Maximum")):  # fmt: skip
        one = series(found, metric, statistic, WRITER)
        assert set(one) == {"metric", "unit", "statistic", "period", "instance", "points"}
        told = {datetime.fromisoformat(at): value for at, value in one["points"]}
        assert told == published, (metric, found["problems"], found["start"], found["end"])


def test_the_table_behind_a_chart_has_the_published_numbers(aws: Aws, superuser: Client) -> None:
    aws.publish("FreeableMemory", {minutes_ago(5): 1234567890.0, minutes_ago(4): 0.0})
    page = superuser.get("/cluster/?range=1h&table=memory").content.decode()
    assert "1,234,567,890" in page
    fragment = superuser.get(
        "/cluster/?range=1h&table=memory",
        headers={"HX-Request": "true", "HX-Target": "table-memory"},
    ).content.decode()
    assert "1,234,567,890" in fragment
    assert "<html" not in fragment


def test_csv_has_one_line_for_each_point(aws: Aws, superuser: Client) -> None:
    aws.publish("CPUUtilization", {minutes_ago(5): 12.5, minutes_ago(4): 99.0})
    response = superuser.get("/cluster/?range=1h&format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response).decode())))
    found = {row["value"] for row in rows if row["statistic"] == "Average"}
    assert found == {"12.5", "99.0"}
    assert set(rows[0]) == {"metric", "unit", "statistic", "period", "instance", "time", "value"}


def test_a_reader_and_a_writer_cost_the_sum_by_hand(aws: Aws, superuser: Client) -> None:
    """30 minutes: writer 4 ACU = 2 ACU-h, reader 1 ACU = 0.5 ACU-h; 2.5 · 0.12 = 0.30."""
    aws.publish(CAPACITY, {minutes_ago(n): 4.0 for n in range(10, 40)})
    aws.publish(CAPACITY, {minutes_ago(n): 1.0 for n in range(10, 40)}, instance=READER)
    aws.publish(CAPACITY, {minutes_ago(n): 2.5 for n in range(10, 40)}, instance=None)
    cost = data(superuser)["cost"]
    assert cost["usage"]["acu_hours"] == {WRITER: 2.0, READER: 0.5}
    assert cost["range"][0]["compute"] == pytest.approx(0.30)
    assert cost["range"][1]["compute"] == pytest.approx(2.5 * 0.156)


def test_prices_that_an_operator_sets_hold_from_then_on(aws: Aws, superuser: Client) -> None:
    aws.publish(CAPACITY, {minutes_ago(n): 2.0 for n in range(10, 40)})
    words = {"acu_hour_standard": "0.20", "acu_hour_io_optimized": "0.26", "storage_standard": "0.11",
             "storage_io_optimized": "0.25", "io_million": "0.22", "region": REGION, "currency": "eur",
             "source": "our contract", "dated": "2026-11-01"}  # fmt: skip
    assert superuser.post("/cluster/prices/set/", words).status_code == 302
    found = data(superuser)["cost"]
    assert found["range"][0]["compute"] == pytest.approx(0.20)
    assert (found["prices"]["currency"], found["prices"]["dated"]) == ("EUR", "2026-11-01")
    assert "our contract" in superuser.get("/cluster/prices/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"acu_hour_standard": "-1"}, {"currency": "E1"}, {"dated": "soon"}]
)
def test_wrong_prices_are_refused_and_what_was_typed_stays(
    wrong: dict[str, str], superuser: Client
) -> None:
    words = {"acu_hour_standard": "0.20", "acu_hour_io_optimized": "0.26", "storage_standard": "0.11",
             "storage_io_optimized": "0.25", "io_million": "0.22", "region": "x", "currency": "EUR",
             "source": "typed by hand", "dated": "2026-11-01"} | wrong  # fmt: skip
    response = superuser.post("/cluster/prices/set/", words)
    assert response.status_code == 422
    assert "typed by hand" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "period"),
    [
        ("range=1h", 60),
        ("range=24h", 60),
        ("range=7d", 300),
        ("range=30d", 1800),
        ("range=90d", 3600),
    ],
)
def test_each_range_has_a_period_that_aws_still_keeps(
    query: str, period: int, aws: Aws, superuser: Client
) -> None:
    assert data(superuser, query)["period"] == period


def test_a_custom_range_beyond_63_days_asks_by_the_hour(aws: Aws, superuser: Client) -> None:
    start = datetime.now(UTC) - timedelta(days=70)
    at = (start + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    aws.publish(CAPACITY, {at: 3.5})
    found = data(
        superuser,
        f"range=custom&since={start:%Y-%m-%dT%H:%M}&until={at + timedelta(hours=3):%Y-%m-%dT%H:%M}",
    )
    assert found["period"] == 3600
    assert series(found, CAPACITY, "Average", WRITER)["points"] == [
        [f"{at:%Y-%m-%dT%H:%M:%S}Z", 3.5]
    ]


def test_a_wrong_range_says_so_and_shows_the_usual_one(aws: Aws, superuser: Client) -> None:
    response = superuser.get("/cluster/?range=custom&since=2026-11-20&until=2026-11-01")
    assert response.status_code == 200
    assert "must lie after the start" in response.content.decode()


def test_paused_minutes_gaps_and_events_are_told(aws: Aws, superuser: Client) -> None:
    capacity(aws, 0.0, since_minutes=50, until_minutes=30)
    capacity(aws, 1.0, since_minutes=30, until_minutes=2)
    aws.tell("Started resuming the DB instance.", minutes_ago(30))
    found = data(superuser)
    [[start, end]] = found["pauses"]
    assert abs(datetime.fromisoformat(start) - minutes_ago(49)) <= timedelta(minutes=1)
    assert abs(datetime.fromisoformat(end) - minutes_ago(29)) <= timedelta(minutes=1)
    assert [event["kind"] for event in found["events"]] == ["resuming"]
    assert len(found["resumes"]) == 1
    assert found["sleep"]["state"] == "awake"


def test_events_that_aws_has_forgotten_are_kept(aws: Aws, superuser: Client) -> None:
    ClusterEvent.objects.create(
        region=REGION, cluster_id=CLUSTER, source=WRITER, at=datetime.now(UTC) - timedelta(days=20),
        kind="failover", message="A failover happened.",
    )  # fmt: skip
    assert "A failover happened." in superuser.get("/cluster/?range=30d").content.decode()


def test_what_if_is_replayed_with_limits_from_the_form(aws: Aws, superuser: Client) -> None:
    aws.publish(CAPACITY, {minutes_ago(n): 6.0 for n in range(10, 40)})
    asked = data(superuser, "range=1h&min_acu=1&max_acu=4")["cost"]["asked"]
    assert asked["high"] == pytest.approx(2.0 * 0.12)
    assert asked["outcome"]["capped_hours"] == pytest.approx(0.5)
    page = superuser.get("/cluster/?range=1h&min_acu=9&max_acu=4").content.decode()
    assert "must not be below" in page


def test_our_own_connections_and_wakes_are_counted(aws: Aws, superuser: Client) -> None:
    ConsoleConnection.objects.create(at=minutes_ago(20), seconds=17.0, succeeded=True, woke=True)
    ConsoleConnection.objects.create(at=minutes_ago(10), seconds=0.1, succeeded=True, woke=False)
    found = data(superuser)
    assert (found["own_connections"], found["own_wakes"]) == (2, 1)


def test_without_aws_the_page_says_how_to_connect(superuser: Client) -> None:
    response = superuser.get("/cluster/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "INSPECTOR_CLUSTER_ID" in page
    assert 'href="/cluster/database/"' in page
    assert data(superuser)["configured"] is False


FAULTS = [
    (
        Fault(code="AccessDenied", status=403, actions=("GetMetricData",)),
        "cloudwatch:GetMetricData",
    ),
    (
        Fault(code="AccessDenied", status=403, actions=("DescribeDBClusters",)),
        "rds:DescribeDBClusters",
    ),
    (Fault(code="AccessDenied", status=403, actions=("DescribeEvents",)), "rds:DescribeEvents"),
    (
        Fault(code="AccessDenied", status=403, actions=("DescribeAlarms",)),
        "cloudwatch:DescribeAlarms",
    ),
    (Fault(code="ExpiredToken", status=403), "have expired"),
    (Fault(code="InvalidClientTokenId", status=403), "does not accept the access key"),
    (Fault(code="Throttling"), "limits the rate"),
    (Fault(code="InternalFailure", status=500), "a fault of its own"),
    (Fault(delay_s=30), "has not answered in time"),
]


def _timed(client: Client) -> tuple[float, Any]:
    began = time.monotonic()
    page = client.get("/cluster/?range=1h")
    return time.monotonic() - began, page


@pytest.mark.parametrize(
    ("fault", "words"), FAULTS, ids=lambda one: getattr(one, "code", None) or None
)
def test_each_fault_of_aws_is_a_sentence_and_adds_less_than_two_seconds(
    fault: Fault, words: str, aws: Aws, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "PATIENCE_S", REAL_PATIENCE_S)
    superuser.get("/")  # the first page of a process pays for templates
    tries = []
    while not tries or (tries[-1] != (True, True) and len(tries) < 5):  # a busy machine is not AWS
        usual, _ = _timed(superuser)
        aws.faults.append(fault)
        AwsAnswer.objects.all().delete()
        faulty, page = _timed(superuser)
        aws.faults.clear()
        assert page.status_code == 200
        tries.append((words in page.content.decode(), faulty - usual < 1.9))
    assert tries[-1] == (True, True)


def test_looking_never_connects_to_letta(aws: Aws, superuser: Client) -> None:
    capacity(aws, 1.0)
    before = access.connects_total()
    for url in (
        "/cluster/",
        "/cluster/?range=7d&format=json",
        "/cluster/prices/",
        "/cluster/?table=cpu",
    ):
        assert superuser.get(url).status_code == 200
    assert access.connects_total() == before


def test_many_looks_are_one_question_a_minute(aws: Aws, superuser: Client) -> None:
    capacity(aws, 1.0)
    for _ in range(10):
        superuser.get("/cluster/?range=1h&format=json")
    # Three groups of metrics and one look back for the sleep; each twice where its minute was over.
    assert aws.door.count("GetMetricData") <= 8
