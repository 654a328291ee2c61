"""The page that asks for a bundle: what it will hold, who may, and that it wants a reason."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from agents_app.accounts.models import AccessEvent
from tests.integration.evidence.conftest import OCCASION
from tests.lettadb import LettaDatabase
from tests.routes import samples

pytestmark = pytest.mark.django_db
NEW = "/evidence/new/"


@pytest.fixture
def ids(letta: LettaDatabase) -> dict[str, str]:
    return samples(letta)


def test_it_says_what_the_bundle_will_hold(
    superuser: Client, letta: LettaDatabase, ids: dict[str, str]
) -> None:
    query = {"kind": "agent", "id": ids["agent_id"]}
    sql = "SELECT count(*) FROM messages WHERE agent_id = %s AND NOT is_deleted"
    count = letta.rows(sql, [ids["agent_id"]])[0][0]
    found = superuser.get(NEW, query | {"format": "json"}).json()
    assert found["expected"]["Messages"] == count
    html = superuser.get(NEW, query).content.decode()
    assert f"<dd>{count:,}</dd>" in html
    assert "Download the bundle" in html
    assert AccessEvent.objects.filter(action="bundle.preview").count() == 2


def test_a_range_of_time_counts_only_what_lies_in_it(
    superuser: Client, ids: dict[str, str]
) -> None:
    query = {"kind": "agent", "id": ids["agent_id"], "format": "json"}
    whole = superuser.get(NEW, query).json()["expected"]["Messages"]
    part = superuser.get(NEW, query | {"since": "2026-11-01"}).json()
    assert 0 < part["expected"]["Messages"] < whole
    assert part["filters"]["since"] == "2026-11-01T00:00:00Z"


@pytest.mark.parametrize("reason", ["", "because", " " * 20])
def test_without_a_reason_nothing_is_sent(
    reason: str, superuser: Client, ids: dict[str, str]
) -> None:
    asked = OCCASION | {
        "kind": "agent",
        "id": ids["agent_id"],
        "reason": reason,
        "since": "2026-09-01",
    }
    response = superuser.post(reverse("evidence:download"), asked)
    assert response.status_code == 400
    assert 'name="since" value="2026-09-01"' in response.content.decode()
    assert not AccessEvent.objects.filter(action="evidence.export").exists()


def test_a_wrong_time_is_said_and_nothing_is_sent(superuser: Client, ids: dict[str, str]) -> None:
    asked = {"kind": "agent", "id": ids["agent_id"], **OCCASION, "since": "yesterday-ish"}
    response = superuser.post(reverse("evidence:download"), asked)
    assert response.status_code == 400
    assert "Write a date as" in response.content.decode()


def test_without_an_object_it_says_where_to_begin(superuser: Client) -> None:
    for query in ({}, {"kind": "nonsense", "id": "x"}, {"kind": "agent", "id": "<x>"}):
        assert "choose “Evidence”" in superuser.get(NEW, query).content.decode()
    assert superuser.post(reverse("evidence:download"), OCCASION).status_code == 404


@pytest.mark.parametrize("kind", ["agent", "thread", "conversation", "block", "identity"])
def test_an_absent_object_is_a_404(kind: str, superuser: Client, letta: LettaDatabase) -> None:
    query = {"kind": kind, "id": f"{kind}-00000000-dead-4000-8000-000000000000"}
    assert superuser.get(NEW, query).status_code == 404
    assert superuser.post(reverse("evidence:download"), query | OCCASION).status_code == 404


@pytest.mark.parametrize("role", ["ops", "admin"])
def test_who_may_not_see_content_gets_no_bundle(
    role: str, browser_of: Callable[[str], Client], letta: LettaDatabase, ids: dict[str, str]
) -> None:
    asked = {"kind": "agent", "id": ids["agent_id"], **OCCASION}
    client = browser_of(role)
    assert client.get(NEW, asked).status_code == 403
    assert client.post(reverse("evidence:download"), asked).status_code == 403
    denied = AccessEvent.objects.filter(outcome="denied", action__startswith="evidence")
    assert denied.count() == 2
