"""Each fault of AWS names itself within the two seconds that a page has; an awake emulator answers sooner."""

import time

import pytest

from agents_app.aws import client, flight, metrics, spans
from agents_app.aws.errors import AwsError, AwsSlow
from tests.awsdoor import Aws, Fault, minutes_ago
from tests.integration.aws.conftest import aws
from tests.integration.aws.test_faults import ANSWERED, REAL_PATIENCE_S

__all__ = ["aws"]
pytestmark = pytest.mark.django_db(transaction=True)
PAGE_S = 2.0


@pytest.fixture(autouse=True)
def impatient(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flight, "PATIENCE_S", REAL_PATIENCE_S)
    for service in ("rds", "cloudwatch"):
        client.client(service, "eu-central-1")


@pytest.mark.parametrize(("code", "status", "kind"), [*ANSWERED, ("30 s slow", 0, AwsSlow)])
def test_a_fault_names_itself_in_two_seconds(
    aws: Aws, code: str, status: int, kind: type[AwsError]
) -> None:
    aws.faults.append(Fault(code, status) if status else Fault(delay_s=30))
    began = time.perf_counter()
    with pytest.raises(AwsError) as found:
        metrics.read(spans.named("24h"))
    took = time.perf_counter() - began
    print(f"\n{kind.__name__}: {took:.2f} s")
    assert type(found.value) is kind
    assert took < PAGE_S


@pytest.mark.parametrize("name", ["24h", "7d", "90d"])
def test_a_stretch_is_read_quickly_once_known(aws: Aws, name: str) -> None:
    values = {minutes_ago(5 * n): n / 100 for n in range(5, 200)}
    aws.publish("ServerlessDatabaseCapacity", values)
    metrics.read(spans.named(name), patience_s=60)
    began = time.perf_counter()
    metrics.read(spans.named(name))
    print(f"\n{name} again: {1000 * (time.perf_counter() - began):.0f} ms")
