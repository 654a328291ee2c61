"""The record of accesses keeps ids and counts, and content is refused without it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.test import RequestFactory

from agents_app.accounts import audit
from agents_app.accounts.models import AccessEvent

pytestmark = pytest.mark.django_db


def request_of(user: User, query: str = "") -> object:
    request = RequestFactory().get(f"/x/?{query}")
    request.user = user
    request.id = "r1"  # type: ignore[attr-defined]
    return request


def test_a_view_is_recorded_with_ids_and_count(person: Callable[[str], User]) -> None:
    ids = [f"message-{n}" for n in range(300)]
    audit.record(
        request_of(person("support")),
        "conversation.read",
        kind="message",
        ids=ids,
        organization_id="org-1",
    )  # type: ignore[arg-type]
    event = AccessEvent.objects.get()
    assert (event.action, event.object_kind, event.object_count) == (
        "conversation.read",
        "message",
        300,
    )
    assert event.object_ids == ids[: audit.MOST_IDS]
    assert event.request_id == "r1"


def test_a_csv_counts_as_an_export(person: Callable[[str], User]) -> None:
    audit.record(
        request_of(person("ops"), "format=csv"), "agents.list", kind="agent", ids=["agent-1"]
    )  # type: ignore[arg-type]
    assert AccessEvent.objects.get().action == "agents.export"


def test_a_record_that_cannot_be_written_stops_the_view(
    person: Callable[[str], User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**values: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(AccessEvent.objects, "create", refuse)
    with pytest.raises(DatabaseError):
        audit.record(request_of(person("support")), "x.read", kind="message", ids=["message-1"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, "127.0.0.1"), (1, "9.9.9.9"), (2, "8.8.8.8"), (3, None)]
)
def test_only_our_own_proxies_are_believed(
    settings: object, person: Callable[[str], User], proxies: int, expected: str | None
) -> None:
    settings.INSPECTOR_TRUSTED_PROXIES = proxies  # type: ignore[attr-defined]
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "8.8.8.8, 9.9.9.9"})
    assert audit.client_address(request) == expected
