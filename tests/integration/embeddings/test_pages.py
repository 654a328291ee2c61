"""Archives, folders, files and passages."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
KINDS = {
    "archives": ("archives",),
    "sources": ("sources",),
    "files": ("files",),
    "passages": ("archival_passages", "agent_passages", "source_passages"),
}


def as_json(client: Client, path: str) -> Any:
    return json.loads(client.get(f"{path}?format=json").content)


def ids(database: LettaDatabase, kind: str) -> list[str]:
    tables = [
        table for table in KINDS[kind] if database.rows("SELECT to_regclass(%s)", [table])[0][0]
    ]
    return [
        row[0]
        for table in tables
        for row in database.rows(f"SELECT id FROM {table} ORDER BY id LIMIT 60")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_of_every_release_opens(
    kind: str, letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for pk in ids(letta_of_each_release, kind):
        assert superuser.get(f"/{kind}/{pk}/").status_code == 200, pk
        assert as_json(superuser, f"/{kind}/{pk}/")["id"] == pk


@pytest.mark.parametrize("kind", KINDS)
def test_the_vector_is_never_asked_for(kind: str, letta: LettaDatabase, superuser: Client) -> None:
    superuser.get(f"/{kind}/{ids(letta, kind)[0]}/")
    with CaptureQueriesContext(connections["letta"]) as queries:
        superuser.get(f"/{kind}/{ids(letta, kind)[0]}/")
    assert len(queries) <= 12
    assert not any('"embedding"' in query["sql"] for query in queries)


def test_an_archive_pages_through_its_passages(letta: LettaDatabase, superuser: Client) -> None:
    archive_id = letta.rows(
        "SELECT archive_id FROM archival_passages GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )[0][0]
    found, url = [], f"/archives/{archive_id}/?limit=4&format=json"
    while url:
        passages = json.loads(superuser.get(url).content)["passages"]
        found += [one["id"] for one in passages["results"]]
        url = (passages["next"] or "").removeprefix("http://testserver")
    rows = letta.rows(
        "SELECT id FROM archival_passages WHERE archive_id = %s ORDER BY created_at DESC, id DESC",
        [archive_id],
    )
    assert found == [row[0] for row in rows]


def test_a_passage_names_its_model_dimension_and_the_agents_that_find_it(
    letta: LettaDatabase, superuser: Client
) -> None:
    pk, dimension, archive_id = letta.rows(
        "SELECT id, substring(embedding_config::text FROM '\"embedding_dim\": ([0-9]+)')::int, archive_id"
        " FROM archival_passages WHERE embedding_config::text ~ '\"embedding_dim\": [0-9]+' ORDER BY id LIMIT 1"
    )[0]
    found = as_json(superuser, f"/passages/{pk}/")
    agents = letta.rows("SELECT agent_id FROM archives_agents WHERE archive_id = %s", [archive_id])
    assert found["embedding"]["embedding_dim"] == dimension
    assert {one["id"] for one in found["agents"]["results"]} == {row[0] for row in agents}


@pytest.mark.parametrize(
    ("kind", "field"), [("passages", "text"), ("files", "name"), ("files", "text")]
)
def test_ops_see_no_text(
    kind: str, field: str, letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    pk = ids(letta, kind)[0]
    assert as_json(browser_of("ops"), f"/{kind}/{pk}/")[field] is None
    assert "right to see" in browser_of("ops").get(f"/{kind}/{pk}/").content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_absent_ids_are_404(kind: str, letta: LettaDatabase, superuser: Client) -> None:
    assert superuser.get(f"/{kind}/none-00000000-dead-4000-8000-000000000000/").status_code == 404
