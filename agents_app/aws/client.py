"""boto3's clients: short waits, two attempts, credentials by boto3's own chain."""

import threading
import time
from datetime import UTC, datetime
from random import uniform
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.utils import parse_timestamp

from agents_app.aws.errors import AwsError, AwsNoRegion, AwsUnreadable, classify

CONNECT_S, READ_S, ATTEMPTS = 1, 2, 2

# botocore's own second attempt comes up to a second later, too late for the page that waits.
_CONFIG = Config(
    connect_timeout=CONNECT_S,
    read_timeout=READ_S,
    retries={"mode": "standard", "total_max_attempts": 1},
    user_agent_extra="letta-inspector",
)
_PREFIXES = {"cloudwatch": "cloudwatch", "rds": "rds", "pricing": "pricing"}
_clients: dict[tuple[str, str], Any] = {}
_lock = threading.Lock()


def call(
    service: str, operation: str, expected: str, *, region: str, **words: Any
) -> dict[str, Any]:
    """One call such as `call("rds", "DescribeEvents", "Events", region=…, MaxRecords=100)`.

    `expected` is the key that every answer of AWS has: boto3 takes a proxy's page for an empty
    answer. Raises AwsErrors only, each with the permission that the call needs.
    """
    permission = f"{_PREFIXES[service]}:{operation}"
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _answer(service, operation, expected, region=region, words=words)
        except Exception as exc:
            error = classify(exc, permission=permission)
        if error.drops_clients:
            forget()
        if attempt == ATTEMPTS or not error.passes:
            break
        time.sleep(uniform(0.05, 0.25))  # noqa: S311 (no secret)
    raise error


def _answer(
    service: str, operation: str, expected: str, *, region: str, words: dict[str, Any]
) -> dict[str, Any]:
    found = client(service, region)
    answer = getattr(found, _method(found, operation))(**words)
    if expected not in answer:
        raise AwsUnreadable
    return dict(answer)


def client(service: str, region: str) -> Any:
    """The process's client; boto3's clients may be used by any thread, but not made by two."""
    if not region:
        raise AwsNoRegion
    with _lock:
        if (service, region) not in _clients:
            session = boto3.session.Session(region_name=region, botocore_session=_session())
            _clients[service, region] = session.client(service, config=_CONFIG)
        return _clients[service, region]


def _session() -> Any:
    """botocore's own reading of times takes longer than all the rest of a large answer."""
    session = botocore.session.get_session()
    factory = session.get_component("response_parser_factory")
    factory.set_parser_defaults(timestamp_parser=_moment)
    return session


def _moment(value: Any) -> datetime:
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    found: datetime = parse_timestamp(value)
    return found


def forget() -> None:
    """Lets the next call look for credentials afresh: a client without any never finds them."""
    with _lock:
        _clients.clear()


def default_region() -> str:
    """What boto3 would take: AWS_DEFAULT_REGION or the profile's; "" when there is none."""
    try:
        return boto3.session.Session().region_name or ""
    except BotoCoreError:
        return ""


def _method(found: Any, operation: str) -> str:
    names = found.meta.method_to_api_mapping
    for method, name in names.items():
        if name == operation:
            return str(method)
    raise AwsError(code=operation)
