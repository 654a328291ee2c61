"""Every fault of AWS names itself within two seconds, and what was known before stays on show."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from django.test import Client

from agents_app.aws import client, cluster, errors, events, flight, metrics, sleep, spans
from agents_app.aws.errors import AwsError
from agents_app.aws.models import AwsAnswer
from agents_app.demo.aws.serving import server
from tests.awsdoor import WRITER, Aws, Fault, Raw, minutes_ago
from tests.tlsdoor import certificate
from tests.waiting import AFTER_WAITING_S, AT_ONCE_S, eventually

CAPACITY = "ServerlessDatabaseCapacity"
REAL_PATIENCE_S = flight.PATIENCE_S


@pytest.fixture
def impatient(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages wait as long as in production."""
    monkeypatch.setattr(flight, "PATIENCE_S", REAL_PATIENCE_S)


@pytest.fixture(autouse=True)
def warm(aws: Aws) -> None:
    """A worker that has spoken to AWS before: making boto3's clients takes a second by itself."""
    client.client("rds", "eu-central-1")
    client.client("cloudwatch", "eu-central-1")


def read() -> metrics.Reading:
    return metrics.read(spans.named("1h"), groups=["capacity"])


def caught(ask: Callable[[], Any] = read) -> AwsError:
    """The error, which comes before the page's time is over."""
    began = time.monotonic()
    with pytest.raises(AwsError) as found:
        ask()
    assert time.monotonic() - began < flight.PATIENCE_S + AT_ONCE_S
    return found.value


ANSWERED = [
    ("InvalidClientTokenId", 403, errors.AwsWrongCredentials),
    ("SignatureDoesNotMatch", 403, errors.AwsWrongCredentials),
    ("ExpiredToken", 403, errors.AwsExpiredCredentials),
    ("RequestExpired", 400, errors.AwsClockSkew),
    ("Throttling", 400, errors.AwsThrottled),
    ("TooManyRequestsException", 429, errors.AwsThrottled),
    ("InternalFailure", 500, errors.AwsUnavailable),
    ("ServiceUnavailable", 503, errors.AwsUnavailable),
    ("OptInRequired", 403, errors.AwsRegionOff),
    ("ValidationError", 400, errors.AwsRefused),
]


@pytest.mark.parametrize(("code", "status", "kind"), ANSWERED)
def test_an_answer_that_is_an_error_names_itself(
    aws: Aws, code: str, status: int, kind: type[AwsError]
) -> None:
    aws.faults.append(Fault(code, status))
    assert type(caught()) is kind
    assert type(caught(lambda: metrics.read(spans.named("24h")))) is kind
    assert type(sleep.now().problem) is kind
    assert type(caught(cluster.state)) is kind
    assert type(events.read(spans.named("24h")).problem) is kind


ACTIONS: list[tuple[str, str, Callable[[], Any]]] = [
    ("GetMetricData", "cloudwatch:GetMetricData", read),
    ("DescribeDBClusters", "rds:DescribeDBClusters", cluster.state),
    ("DescribeDBInstances", "rds:DescribeDBInstances", cluster.state),
    ("DescribeEvents", "rds:DescribeEvents", lambda: events.read(spans.named("24h"))),
    ("DescribeAlarms", "cloudwatch:DescribeAlarms", cluster.alarms),
]


@pytest.mark.parametrize(("action", "permission", "ask"), ACTIONS, ids=[one[0] for one in ACTIONS])
def test_a_denial_names_the_permission(
    aws: Aws, action: str, permission: str, ask: Callable[[], Any]
) -> None:
    aws.faults.append(
        Fault("AccessDenied", 403, "User: arn:aws:iam::1234 is not", actions=(action,))
    )
    try:
        problem = ask().problem
    except AwsError as error:
        problem = error
    assert isinstance(problem, errors.AwsDenied)
    assert permission in str(problem)
    assert "arn" not in str(problem)


def test_without_rds_the_cluster_is_still_measured(aws: Aws) -> None:
    aws.publish(CAPACITY, {minutes_ago(5): 1.5}, instance=None)
    aws.faults.append(Fault("AccessDenied", 403, actions=("DescribeDBClusters",)))
    reading = read()
    series = reading.find(CAPACITY, "Average")
    assert series is not None
    assert series.points == ((minutes_ago(5), 1.5),)
    assert reading.instances == ()
    assert "rds:DescribeDBClusters" in str(reading.problem)


@pytest.mark.parametrize("gone", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "both"])
def test_missing_credentials_are_told(monkeypatch: pytest.MonkeyPatch, gone: str) -> None:
    names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    for name in names if gone == "both" else [gone]:
        monkeypatch.delenv(name)
    client.forget()
    half = gone == "AWS_SECRET_ACCESS_KEY"
    assert type(caught()) is (errors.AwsHalfCredentials if half else errors.AwsNoCredentials)


def test_credentials_that_appear_are_found_without_a_restart(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.delenv("AWS_ACCESS_KEY_ID")
        client.forget()
        assert type(caught()) is errors.AwsNoCredentials
    AwsAnswer.objects.all().delete()
    assert read().problem is None


def test_a_profile_that_does_not_exist_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    client.forget()
    assert type(caught()) is errors.AwsCredentialsSource


@pytest.mark.usefixtures("impatient")
@pytest.mark.django_db(transaction=True)
def test_a_metadata_service_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT", f"http://127.0.0.1:{deaf.getsockname()[1]}"
        )
        monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        client.forget()
        assert type(caught()) in (errors.AwsSlow, errors.AwsNoCredentials)
        assert eventually(
            lambda: AwsAnswer.objects.filter(failure="no-credentials").exists(), within_s=8
        )


@pytest.mark.usefixtures("impatient")
@pytest.mark.django_db(transaction=True)
def test_aws_that_needs_half_a_minute_is_not_waited_for(aws: Aws) -> None:
    aws.faults.append(Fault(delay_s=30))
    assert type(caught()) is errors.AwsSlow
    assert type(caught()) is errors.AwsSlow


@pytest.mark.usefixtures("impatient")
@pytest.mark.django_db(transaction=True)
def test_what_comes_too_late_for_its_page_is_there_for_the_next(aws: Aws) -> None:
    aws.publish(CAPACITY, {minutes_ago(5): 2.0})
    cluster.state()
    aws.faults.append(Fault(actions=("GetMetricData",), delay_s=1.8, times=1))
    assert type(caught()) is errors.AwsSlow
    assert eventually(
        lambda: AwsAnswer.objects.filter(kind="metrics-capacity", answer__isnull=False).exists(),
        within_s=5,
    )
    assert read().problem is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
def test_aws_that_cannot_be_reached_is_told(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    client.forget()
    client.client("rds", "eu-central-1")
    assert type(caught()) is errors.AwsUnreachable


def test_an_endpoint_of_an_unknown_authority_gets_nothing(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    secure = server(aws.faulty)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    threading.Thread(target=secure.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://127.0.0.1:{secure.server_port}")
    client.forget()
    client.client("rds", "eu-central-1")
    assert type(caught()) is errors.AwsTls
    secure.shutdown()
    secure.server_close()
    assert aws.door.seen == []


def raw(status: str, body: bytes, *, promise: int | None = None) -> Raw:
    def answer(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = str(promise or len(body))
        kind = "application/x-amz-json-1.0" if body.startswith(b"{") else "text/html"
        start_response(status, [("Content-Type", kind), ("Content-Length", length)])
        return [body]

    return answer


@pytest.mark.parametrize(
    "answer",
    [raw("200 OK", b"<html>sign in to the hotel's network</html>"), raw("200 OK", b"{\"MetricDataRes"),
     raw("200 OK", b"{}", promise=500)],
    ids=["a page", "half an answer", "less than promised"],
)  # fmt: skip
def test_an_answer_that_is_none_is_told(aws: Aws, answer: Raw) -> None:
    aws.faults.append(Fault(raw=answer, actions=("GetMetricData",)))
    assert type(caught()) in (errors.AwsUnreadable, errors.AwsUnreachable)


def data(results: list[dict[str, Any]], **more: Any) -> Raw:
    return raw("200 OK", json.dumps({"MetricDataResults": results, **more}).encode())


def result(points: list[tuple[datetime, Any]], status: str = "Complete") -> dict[str, Any]:
    times = [at.timestamp() for at, _ in points]
    return {"Id": "q0", "Label": "x", "Timestamps": times, "Values": [value for _, value in points],
            "StatusCode": status}  # fmt: skip


def test_no_data_at_all_is_empty_not_zero(aws: Aws) -> None:
    reading = read()
    assert reading.is_empty
    assert reading.problem is None
    assert sleep.of_reading(reading).state == "unknown"


@pytest.mark.parametrize("status", ["PartialData", "InternalError"])
def test_partial_data_says_that_it_is_partial(aws: Aws, status: str) -> None:
    aws.faults.append(
        Fault(raw=data([result([(minutes_ago(9), 1.0)], status)]), actions=("GetMetricData",))
    )
    reading = read()
    assert reading.is_partial
    assert reading.series[0].points == ((minutes_ago(9), 1.0),)


def test_points_in_any_order_twice_and_not_a_number_come_out_right(aws: Aws) -> None:
    strange = [(minutes_ago(3), 3.0), (minutes_ago(9), 9.0), (minutes_ago(3), 3.0), (minutes_ago(6), float("nan")),
               (minutes_ago(5), float("inf"))]  # fmt: skip
    aws.faults.append(Fault(raw=data([result(strange)]), actions=("GetMetricData",)))
    assert read().series[0].points == ((minutes_ago(9), 9.0), (minutes_ago(3), 3.0))


def test_pages_without_an_end_are_left(aws: Aws) -> None:
    cluster.state()
    aws.faults.append(
        Fault(
            raw=data([result([(minutes_ago(9), 1.0)])], NextToken="again"),
            actions=("GetMetricData",),
        )
    )
    try:
        assert read().is_partial
    except errors.AwsSlow:  # a busy machine needs longer than a page may wait
        assert aws.door.count("GetMetricData") > 1
    assert aws.door.count("GetMetricData") <= 60


def test_another_region_does_not_know_the_cluster(settings: Any) -> None:
    settings.AWS_REGION = "us-east-1"
    client.client("rds", "us-east-1")
    found = caught()
    assert type(found) is errors.AwsUnknownCluster
    assert "AWS_REGION" in str(found)


def test_an_unknown_cluster_is_told(settings: Any) -> None:
    settings.INSPECTOR_CLUSTER_ID = "nobody"
    assert type(caught()) is errors.AwsUnknownCluster


@pytest.mark.parametrize("region", ["", "not a region"])
def test_no_region_is_told(settings: Any, region: str) -> None:
    settings.AWS_REGION = region
    assert type(caught()) is errors.AwsNoRegion


def test_no_cluster_is_told(settings: Any) -> None:
    settings.INSPECTOR_CLUSTER_ID = ""
    assert type(caught()) is errors.AwsNotConfigured
    assert type(sleep.now().problem) is errors.AwsNotConfigured


@pytest.mark.parametrize(("code", "status", "kind"), ANSWERED[:8])
def test_what_was_known_stays_on_show_with_its_age(
    aws: Aws, code: str, status: int, kind: type[AwsError]
) -> None:
    aws.publish(CAPACITY, {minutes_ago(5): 2.0})
    before = read()
    AwsAnswer.objects.update(again_at=datetime.now(UTC))
    aws.faults.append(Fault(code, status))
    after = read()
    assert after.series == before.series
    assert after.read_at == before.read_at
    assert after.age_s > before.age_s
    assert type(after.problem) is kind


def test_a_failure_is_not_repeated_by_every_page(aws: Aws) -> None:
    aws.faults.append(Fault("AccessDenied", 403))
    caught()
    asked = len(aws.door.seen)
    for _ in range(20):
        caught()
    assert len(aws.door.seen) == asked


def test_it_mends_itself(aws: Aws, settings: Any) -> None:
    settings.INSPECTOR_AWS_SECONDS = 0.2
    aws.publish(CAPACITY, {minutes_ago(5): 2.0})
    aws.faults.append(Fault("InternalFailure", 500))
    caught()
    aws.faults.clear()
    assert eventually(lambda: _answers() is not None, within_s=5)
    series = read().find(CAPACITY, instance=WRITER)
    assert series is not None


def _answers() -> metrics.Reading | None:
    try:
        return read()
    except AwsError:
        return None


@pytest.fixture
def deaf(aws: Aws) -> Aws:
    aws.faults.append(Fault(delay_s=30))
    return aws


def test_other_pages_do_not_notice(deaf: Aws, superuser: Client) -> None:
    for url in ("/", "/livez", "/readyz", "/account/", "/search/"):
        began = time.monotonic()
        assert superuser.get(url).status_code == 200
        assert time.monotonic() - began < AFTER_WAITING_S
    assert deaf.door.seen == []


def test_no_row_of_ours_holds_a_key(aws: Aws, settings: Any) -> None:
    aws.faults.append(Fault("InvalidClientTokenId", 403, "The key AKIAIOSFODNN7EXAMPLE"))
    caught()
    kept = json.dumps(list(AwsAnswer.objects.values()), default=str)
    assert "AKIA" not in kept
    assert "arn:" not in kept
