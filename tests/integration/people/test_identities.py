"""Identities: who may see them, what they reach, when they were last spoken with."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from tests.cluster import Cluster
from tests.lettadb import LettaDatabase, new_database, pointed_at

pytestmark = pytest.mark.django_db


def as_json(client: Client, path: str) -> Any:
    return json.loads(client.get(path).content)


def test_every_identity_of_every_release_opens(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for (pk,) in letta_of_each_release.rows("SELECT id FROM identities"):
        assert superuser.get(f"/identities/{pk}/").status_code == 200, pk
        assert as_json(superuser, f"/identities/{pk}/?format=json")["id"] == pk


CUSTOMER = """
INSERT INTO organizations (id, name, privileged_tools, is_deleted) VALUES ('org-1', 'Shop', false, false);
INSERT INTO agents (id, name, organization_id, message_buffer_autoclear, is_deleted)
  SELECT 'agent-' || n, 'Desk', 'org-1', false, false FROM generate_series(1, 3) AS n;
INSERT INTO identities (id, identifier_key, name, identity_type, properties, organization_id, is_deleted)
  VALUES ('identity-1', 'ada@example.com', 'Ada', 'user', '[]', 'org-1', false);
INSERT INTO identities_agents (identity_id, agent_id)
  SELECT 'identity-1', 'agent-' || n FROM generate_series(1, 3) AS n;
INSERT INTO messages (id, agent_id, role, tool_calls, sequence_id, created_at, organization_id, is_deleted)
  SELECT 'message-' || n, 'agent-' || 1 + n % 2, 'user', '[]', n,
         timestamptz '2026-06-01 12:00Z' + n * interval '1 day',
         'org-1', n = 9 FROM generate_series(1, 9) AS n
"""


def test_last_contact_is_the_newest_message_of_any_of_their_agents(
    cluster: Cluster, superuser: Client
) -> None:
    database = new_database(cluster)
    for statement in CUSTOMER.split(";\n"):
        database.execute(statement)
    database.provision()
    with pointed_at(database.uri()):
        found = as_json(superuser, "/identities/identity-1/?format=json")
    assert found["last_contact"] == "2026-06-09T12:00:00Z"
    assert sorted(str(one["last_activity"]) for one in found["agents"]) == [
        "2026-06-08T12:00:00Z",
        "2026-06-09T12:00:00Z",
        "None",
    ]


def test_they_are_found_by_part_of_an_external_key(letta: LettaDatabase, superuser: Client) -> None:
    key = letta.rows(
        "SELECT identifier_key FROM identities WHERE identifier_key ~ '^[a-z0-9@.-]+$' ORDER BY 1 LIMIT 1"
    )[0][0]
    keys = {
        row["identifier_key"]
        for row in as_json(superuser, f"/identities/?format=json&q={key[1:]}")["results"]
    }
    assert key in keys


def test_properties_are_shown_by_name(letta: LettaDatabase, superuser: Client) -> None:
    pk, stored = letta.rows(
        "SELECT id, properties::text FROM identities WHERE properties::text LIKE '[{%%' ORDER BY 1 LIMIT 1",
        [],
    )[0]
    body = superuser.get(f"/identities/{pk}/").content.decode()
    assert json.loads(stored)[0]["key"] in body


def test_ops_may_not_see_people(letta: LettaDatabase, browser_of: Callable[[str], Client]) -> None:
    pk = letta.rows("SELECT id FROM identities ORDER BY 1 LIMIT 1")[0][0]
    assert browser_of("ops").get("/identities/").status_code == 403
    assert browser_of("ops").get(f"/identities/{pk}/?format=json").status_code == 403


def test_seeing_a_person_is_on_record(letta: LettaDatabase, superuser: Client) -> None:
    pk = letta.rows("SELECT id FROM identities ORDER BY 1 LIMIT 1")[0][0]
    superuser.get(f"/identities/{pk}/")
    superuser.get("/identities/?limit=2")
    assert [event.action for event in AccessEvent.objects.order_by("at")] == [
        "identity.read",
        "identity.list",
    ]


def test_an_export_puts_every_row_on_record(letta: LettaDatabase, superuser: Client) -> None:
    body = b"".join(superuser.get("/identities/?format=csv")).decode()  # type: ignore[arg-type]
    (stored,) = letta.rows("SELECT count(*) FROM identities")[0]
    events = AccessEvent.objects.filter(action="identity.export")
    assert sum(event.object_count for event in events) == stored
    assert all(one in body for event in events for one in event.object_ids)
    assert all(event.organization_id for event in events)
