"""What the text of an event tells: the answer of AWS has no event id."""

import pytest

from agents_app.aws.events import kind_of

TEXTS = [
    ("Initiated pause for the DB instance.", "pausing"),
    ("Pause was canceled for the DB instance.", "pause-cancelled"),
    ("Successfully paused the DB instance.", "paused"),
    ("Initiated resume for the DB instance.", "resuming"),
    ("Successfully resumed the DB instance.", "resumed"),
    ("Started same AZ failover to DB instance: letta-2", "failover"),
    ("Completed failover to DB instance: letta-2", "failover"),
    ("DB instance restarted.", "restart"),
    ("DB instance shutdown.", "restart"),
    ("Scaling DB instance from 2 to 4 capacity units", "scaling"),
    ("Applying off-line patches to DB instance.", "maintenance"),
    ("Finished DB Instance backup", "backup"),
    ("Replication for the Read Replica resumed.", "other"),
    ("", "other"),
]


@pytest.mark.parametrize(("text", "kind"), TEXTS)
def test_the_text_tells_the_kind(text: str, kind: str) -> None:
    assert kind_of(text) == kind
