"""Which cluster: what the names of RDS hosts tell, in every partition."""

import pytest
from pytest_django.fixtures import Settings

from agents_app.aws.place import Cluster, configured, endpoint

HOSTS = [
    ("letta.cluster-c7tj4example.us-east-1.rds.amazonaws.com", "letta", "writer", "us-east-1"),
    ("letta.cluster-ro-c7tj4example.eu-central-1.rds.amazonaws.com", "letta", "reader", "eu-central-1"),
    ("Letta.Cluster-ABC.us-gov-west-1.rds.amazonaws.com.", "letta", "writer", "us-gov-west-1"),
    ("letta.cluster-abc.rds.cn-north-1.amazonaws.com.cn", "letta", "writer", "cn-north-1"),
    ("letta.cluster-abc.cn-northwest-1.rds.amazonaws.com.cn", "letta", "writer", "cn-northwest-1"),
    ("all.cluster-custom-abc.us-east-2.rds.amazonaws.com", "all", "custom", "us-east-2"),
    ("pool.proxy-abc.us-east-2.rds.amazonaws.com", "pool", "proxy", "us-east-2"),
    ("letta-1.c7tj4example.ap-southeast-3.rds.amazonaws.com", "letta-1", "instance", "ap-southeast-3"),
    ("letta.cluster-abc.us-iso-east-1.rds.c2s.ic.gov", "letta", "writer", "us-iso-east-1"),
]  # fmt: skip


@pytest.mark.parametrize(("host", "name", "kind", "region"), HOSTS)
def test_an_rds_host_names_what_it_is(host: str, name: str, kind: str, region: str) -> None:
    found = endpoint(host)
    assert found is not None
    assert (found.name, found.kind, found.region) == (name, kind, region)
    assert (found.cluster_id == name) is (kind in ("writer", "reader"))


@pytest.mark.parametrize(
    "host",
    ["", "localhost", "/var/run", "db.example.com", "letta.cluster-abc.us-east-1.rds.amazonaws.com.evil.com",
     "10.0.0.1", "rds.amazonaws.com", "letta.cluster-abc.rds.amazonaws.com"],
)  # fmt: skip
def test_other_hosts_name_nothing(host: str) -> None:
    assert endpoint(host) is None


@pytest.fixture
def host(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "letta.cluster-abc.eu-west-3.rds.amazonaws.com"
    monkeypatch.setitem(settings.DATABASES["letta"], "HOST", name)


@pytest.mark.usefixtures("host")
def test_the_host_names_the_cluster(settings: Settings) -> None:
    settings.AWS_REGION = "us-east-1"
    assert configured() == Cluster("letta", "eu-west-3", guessed=True)


@pytest.mark.usefixtures("host")
def test_the_settings_outrank_the_host(settings: Settings) -> None:
    settings.INSPECTOR_CLUSTER_ID = "other"
    assert configured() == Cluster("other", "eu-west-3")
    settings.AWS_REGION = "us-east-1"
    assert configured() == Cluster("other", "us-east-1")


def test_without_either_there_is_none() -> None:
    assert configured() is None
