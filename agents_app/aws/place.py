"""Which Aurora cluster Letta's database lives in: from the settings, or from the host's name."""

import re
from dataclasses import dataclass

from django.conf import settings

# <name>.<kind><hash>.<region>.rds.amazonaws.com; in China and the isolated partitions also
# <name>.<kind><hash>.rds.<region>.amazonaws.com.cn. Kinds: cluster-, cluster-ro-, cluster-custom-,
# proxy-, and none for one instance.
_SUFFIX = r"(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|api\.aws)"
_REGION = r"(?P<{name}>[a-z]{{2,5}}(?:-[a-z]+)+-\d)"
_ENDPOINT = re.compile(
    r"(?P<name>[a-z][a-z0-9-]*)\.(?P<kind>cluster-custom-|cluster-ro-|cluster-|proxy-)?"
    r"(?P<hash>[a-z0-9]+)\."
    rf"(?:{_REGION.format(name='first')}\.rds|rds\.{_REGION.format(name='second')})\.{_SUFFIX}\.?",
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster; `guessed` when only the host in LETTA_PG_URI names it."""

    id: str
    region: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What the name of an RDS host tells; `cluster_id` is None where it names no cluster.

    `kind` is writer, reader, custom, proxy or instance.
    """

    name: str
    kind: str
    region: str

    @property
    def cluster_id(self) -> str | None:
        return self.name if self.kind in ("writer", "reader") else None


_KINDS = {"cluster-": "writer", "cluster-ro-": "reader", "cluster-custom-": "custom",
          "proxy-": "proxy", None: "instance"}  # fmt: skip


def endpoint(host: str) -> Endpoint | None:
    """What an RDS host's name tells; None for any other host."""
    found = _ENDPOINT.fullmatch(host.strip().lower())
    if not found:
        return None
    return Endpoint(found["name"], _KINDS[found["kind"]], found["first"] or found["second"])


def letta_endpoint() -> Endpoint | None:
    """The first RDS host among those in LETTA_PG_URI."""
    hosts = str(settings.DATABASES["letta"].get("HOST") or "").split(",")
    return next(filter(None, map(endpoint, hosts)), None)


def region() -> str:
    """Where to ask: of a cluster named by hand AWS_REGION's, else the host's; "" when unknown."""
    found = letta_endpoint()
    of_host = found.region if found else ""
    if settings.INSPECTOR_CLUSTER_ID:
        return settings.AWS_REGION or of_host or _region_of_boto3()
    return of_host or settings.AWS_REGION or _region_of_boto3()


def configured() -> Cluster | None:
    """The cluster, or None where neither the settings nor the host name one; asks nobody.

    A cluster without a known region has the region "": asking then says so.
    """
    if settings.INSPECTOR_CLUSTER_ID:
        return Cluster(settings.INSPECTOR_CLUSTER_ID, region())
    found = letta_endpoint()
    if found is None or found.cluster_id is None:
        return None
    return Cluster(found.cluster_id, found.region, guessed=True)


def _region_of_boto3() -> str:
    """AWS_DEFAULT_REGION or the profile's region; "" where boto3's configuration cannot be read."""
    from agents_app.aws import client

    return client.default_region()
