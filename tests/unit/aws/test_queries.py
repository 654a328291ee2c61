"""Each line of a GetMetricData call has an id of its own: a shared one would mix two series."""

from datetime import UTC, datetime

import pytest

from agents_app.aws import asking, spans
from agents_app.aws.place import Cluster


@pytest.mark.parametrize("group", ["capacity", "load", "storage"])
def test_ids_of_queries_differ(group: str) -> None:
    span = spans.named("1h", now=datetime(2026, 11, 20, 12, tzinfo=UTC))
    found = asking.queries_of(Cluster("letta", "eu-central-1"), span, group, ("w", "r"))  # type: ignore[arg-type]
    assert found
    assert len({query.id for query in found}) == len(found)
