"""An Aurora cluster for tests: moto behind the demo's handler, with faults on request."""

import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import boto3
import pytest

from agents_app.aws import client
from agents_app.demo.aws.door import Door, Empty
from agents_app.demo.aws.serving import moto, served
from agents_app.demo.aws.wire import asked, refused

CLUSTER, REGION = "letta", "eu-central-1"
WRITER, READER = "letta-1", "letta-2"
Raw = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


@dataclass
class Fault:
    """What becomes of requests of `actions` (all when empty), until `times` are over."""

    code: str = ""
    status: int = 400
    message: str = "as the test wants it"
    actions: tuple[str, ...] = ()
    delay_s: float = 0.0
    raw: Raw | None = None
    times: int = 10_000


@dataclass
class FaultyDoor:
    """The handler, unless a fault is in its place."""

    door: Door
    faults: list[Fault] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        question = asked(environ)
        for fault in self.faults if question else []:
            if question and fault.times and (not fault.actions or question.action in fault.actions):
                fault.times -= 1
                self.door.seen.append(question)
                time.sleep(fault.delay_s)
                if fault.raw:
                    return fault.raw(environ, start_response)
                if fault.code:
                    return refused(
                        question, fault.code, fault.message, start_response, status=fault.status
                    )
        return self.door(environ, start_response)


@dataclass
class Aws:
    """The cluster and how to change it; `url` is the endpoint."""

    url: str
    faulty: FaultyDoor

    @property
    def door(self) -> Door:
        return self.faulty.door

    @property
    def faults(self) -> list[Fault]:
        return self.faulty.faults

    def client(self, service: str) -> Any:
        return boto3.client(
            service, endpoint_url=self.url, region_name=REGION, aws_access_key_id="test",
            aws_secret_access_key="test",
        )  # fmt: skip

    def make_cluster(self, *, readers: int = 1, minimum: float = 0.0, maximum: float = 8.0) -> None:
        rds = self.client("rds")
        scaling = {"MinCapacity": minimum, "MaxCapacity": maximum}
        if not minimum:
            scaling["SecondsUntilAutoPause"] = 300
        rds.create_db_cluster(
            DBClusterIdentifier=CLUSTER, Engine="aurora-postgresql", EngineVersion="16.6", AllocatedStorage=1,
            MasterUsername="letta", MasterUserPassword="for the emulator", StorageType="aurora",
            ServerlessV2ScalingConfiguration=scaling,
        )  # fmt: skip
        for number in range(1, readers + 2):
            rds.create_db_instance(
                DBInstanceIdentifier=f"{CLUSTER}-{number}", DBInstanceClass="db.serverless",
                Engine="aurora-postgresql", DBClusterIdentifier=CLUSTER, PromotionTier=number - 1,
            )  # fmt: skip

    def publish(
        self, metric: str, values: dict[datetime, float], *, instance: str | None = WRITER
    ) -> None:
        name, value = (
            ("DBInstanceIdentifier", instance) if instance else ("DBClusterIdentifier", CLUSTER)
        )
        dimensions = [{"Name": name, "Value": value}]
        data = [
            {"MetricName": metric, "Dimensions": dimensions, "Timestamp": at, "Value": number}
            for at, number in values.items()
        ]
        for at in range(0, len(data), 500):
            self.client("cloudwatch").put_metric_data(
                Namespace="AWS/RDS", MetricData=data[at : at + 500]
            )

    def tell(self, message: str, at: datetime, *, source: str = WRITER) -> None:
        kind = "db-cluster" if source == CLUSTER else "db-instance"
        event = {"SourceIdentifier": source, "SourceType": kind, "Message": message, "Date": at,
                 "EventCategories": ["notification"], "SourceArn": f"arn:aws:rds:{source}"}  # fmt: skip
        assert isinstance(self.door.world, Empty)
        self.door.world.told.append(event)


@contextmanager
def emulated(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Aws]:
    """boto3 of this process speaks to a new, empty AWS."""
    for name in (
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_DEFAULT_REGION",
        "AWS_CA_BUNDLE",
        "HTTP_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    settings.INSPECTOR_CLUSTER_ID, settings.AWS_REGION = CLUSTER, REGION
    client.forget()
    faulty = FaultyDoor(Door(moto()))
    with served(faulty) as url:
        urllib.request.urlopen(f"{url}/moto-api/reset", data=b"")  # noqa: S310
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        yield Aws(url, faulty)
    client.forget()


def minutes_ago(number: float) -> datetime:
    """On a whole minute."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    return now - timedelta(minutes=number)
