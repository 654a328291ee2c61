"""Lists of archives, folders and passages: filtered, paged by key, exported, in every release; no vector read."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents_app.accounts.models import AccessEvent
from agents_app.embeddings import passages
from tests.inert import findings
from tests.lettadb import LettaDatabase
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db
PAGES = ("/archives/", "/sources/", "/passages/", "/passages/?of=files")


def as_json(client: Client, url: str) -> Any:
    response = client.get(f"{url}{'&' if '?' in url else '?'}format=json")
    assert response.status_code == 200, (url, response.content[:300])
    return json.loads(response.content)


def walk(client: Client, url: str, inside: str = "") -> list[dict[str, Any]]:
    """All rows of a listing, page by page."""
    rows, asked = [], f"{url}{'&' if '?' in url else '?'}format=json"
    while asked:
        page = json.loads(client.get(asked).content)
        page = page[inside] if inside else page
        rows += page["results"]
        asked = (page["next"] or "").removeprefix("http://testserver")
    return rows


def largest(database: LettaDatabase) -> str:
    sql = "SELECT archive_id FROM archival_passages GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    return str(database.rows(sql)[0][0])


def of_archive(database: LettaDatabase, condition: str, *values: Any) -> set[str]:
    sql = f"SELECT id FROM archival_passages WHERE archive_id = %s AND {condition}"
    return {row[0] for row in database.rows(sql, [largest(database), *values])}


@pytest.mark.parametrize("page", PAGES)
def test_lists_open_in_every_release(
    page: str, letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    assert superuser.get(page).status_code == 200
    assert as_json(superuser, page).keys() == {"results", "next"}


def test_every_agent_of_every_release_has_a_page_of_what_it_keeps(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    database = letta_of_each_release
    new = bool(database.rows("SELECT to_regclass('archives_agents')")[0][0])
    sql = ("SELECT l.agent_id, p.id FROM archival_passages p JOIN archives_agents l USING (archive_id)"
           if new else "SELECT agent_id, id FROM agent_passages")  # fmt: skip
    kept: dict[str, set[str]] = {}
    for agent_id, passage_id in database.rows(sql):
        kept.setdefault(agent_id, set()).add(passage_id)
    assert kept
    for agent_id, ids in kept.items():
        found = walk(superuser, f"/agents/{agent_id}/passages/?limit=7", "passages")
        assert {row["id"] for row in found} == ids
        assert len(found) == len(ids)


def test_passages_are_found_by_text_in_any_case(letta: LettaDatabase, superuser: Client) -> None:
    word = "ORDER"
    found = walk(superuser, f"/archives/{largest(letta)}/?q={word}&limit=3", "passages")
    assert {row["id"] for row in found} == of_archive(letta, "text ILIKE %s", f"%{word}%")


def test_passages_are_found_by_tag_as_their_rows_and_the_tag_table_have_it(
    letta: LettaDatabase, superuser: Client
) -> None:
    archive_id = largest(letta)
    tags = letta.rows("SELECT DISTINCT tag FROM passage_tags WHERE archive_id = %s", [archive_id])
    for (tag,) in tags:
        found = walk(superuser, f"/archives/{archive_id}/?tag={quote(tag)}&limit=3", "passages")
        expected = of_archive(
            letta, "id IN (SELECT passage_id FROM passage_tags WHERE tag = %s) OR archive_id = %s AND"
            " json_typeof(tags) = 'array' AND tags::jsonb ? %s", tag, archive_id, tag)  # fmt: skip
        assert {row["id"] for row in found} == expected, tag


def test_a_tag_that_only_the_row_has_is_found(letta: LettaDatabase, superuser: Client) -> None:
    (archive_id,) = letta.rows(
        "SELECT archive_id FROM archival_passages WHERE tags::text LIKE '%\"SIZE\"%' LIMIT 1"
    )[0]
    found = walk(superuser, f"/archives/{archive_id}/?tag=SIZE", "passages")
    assert len(found) == 1
    assert "SIZE" in found[0]["tags"]


def test_passages_are_narrowed_by_time(letta: LettaDatabase, superuser: Client) -> None:
    base = f"/archives/{largest(letta)}/?since=2026-08-01&until=2026-10-01&limit=3"
    found = walk(superuser, base, "passages")
    wanted = of_archive(letta, "created_at >= '2026-08-01' AND created_at < '2026-10-01'")
    assert {row["id"] for row in found} == wanted


def test_a_long_search_pauses_and_goes_on(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "WINDOW", 5)
    monkeypatch.setattr(passages, "LONGEST_SEARCH_S", -1.0)
    url = f"/archives/{largest(letta)}/?q=order"
    assert "looked at newest first" in superuser.get(f"{url}zzz").content.decode()
    found = walk(superuser, url, "passages")
    assert {row["id"] for row in found} == of_archive(letta, "text ILIKE %s", "%order%")


@pytest.mark.parametrize("page", [*PAGES, "/passages/?q=order", "/passages/?tag=delivery"])
def test_lists_ask_few_questions_by_index_and_never_for_a_vector(
    page: str, letta: LettaDatabase, superuser: Client
) -> None:
    superuser.get(page)
    with CaptureQueriesContext(connections["letta"]) as asked:
        superuser.get(page)
    assert len(asked) <= 8
    assert not any('"embedding"' in query["sql"] or "<=>" in query["sql"] for query in asked)
    small = {
        "archives",
        "sources",
        "organizations",
        "archives_agents",
        "sources_agents",
        "passage_tags",
    }
    assert scanned(letta, statements(lambda: superuser.get(page))) <= small


def test_an_export_has_whole_texts_and_is_on_record(
    letta: LettaDatabase, superuser: Client
) -> None:
    archive_id = largest(letta)
    response = superuser.get(f"/archives/{archive_id}/?format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    stored = dict(
        letta.rows("SELECT id, text FROM archival_passages WHERE archive_id = %s", [archive_id])
    )
    assert {row["id"] for row in rows} == stored.keys()
    assert sum(row["text"] == stored[row["id"]] for row in rows) > len(rows) / 2
    recorded = AccessEvent.objects.filter(action="passage.export")
    named = [one for event in recorded for one in event.object_ids[: event.object_count]]
    assert sorted(named) == sorted(stored)
    assert all(archive_id in event.object_ids for event in recorded)


def test_hostile_passages_are_inert_wherever_they_are_shown(
    letta: LettaDatabase, superuser: Client
) -> None:
    archive_id, passage_id = letta.rows(
        "SELECT archive_id, id FROM archival_passages WHERE text LIKE '<script>%' LIMIT 1"
    )[0]
    near = f"/passages/{passage_id}/neighbors/"
    other = as_json(superuser, near)["neighbors"][0]["id"]
    for url in (f"/archives/{archive_id}/", f"/passages/{passage_id}/", near,
                f"/passages/{other}/neighbors/?k=100", "/passages/", "/archives/"):  # fmt: skip
        assert findings(superuser.get(url).content.decode()) == [], url
    response = superuser.get(f"/archives/{archive_id}/?format=csv")
    body = b"".join(response.streaming_content).decode()
    cells = [cell for row in csv.reader(io.StringIO(body)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")]


def test_without_the_right_to_content_neither_text_nor_tag_can_be_asked_for(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    ops = browser_of("ops")
    url = f"/archives/{largest(letta)}/"
    whole = walk(ops, url, "passages")
    assert walk(ops, f"{url}?q=zzzzzz&tag=zzzzzz", "passages") == whole
    assert all(row["excerpt"] is None and row["tags"] is None for row in whole)
    assert ops.get(f"{url}?format=csv").status_code == 403
    assert 'name="q"' not in ops.get(url).content.decode().split("<main")[1]


def test_a_passage_without_a_vector_says_so(letta: LettaDatabase, superuser: Client) -> None:
    (passage_id,) = letta.rows("SELECT id FROM archival_passages WHERE embedding IS NULL LIMIT 1")[
        0
    ]
    page = superuser.get(f"/passages/{passage_id}/").content.decode()
    assert "no embedding" in page
    assert f"/passages/{passage_id}/neighbors/" not in page
    assert as_json(superuser, f"/passages/{passage_id}/")["has_vector"] is False


def test_a_chunk_says_where_it_stands_in_its_file(letta: LettaDatabase, superuser: Client) -> None:
    (passage_id,) = letta.rows(
        "SELECT p.id FROM source_passages p JOIN file_contents c USING (file_id)"
        " WHERE strpos(c.text, p.text) > 1 LIMIT 1")[0]  # fmt: skip
    assert "characters " in superuser.get(f"/passages/{passage_id}/").content.decode()


def test_agents_people_and_the_menu_lead_here(letta: LettaDatabase, superuser: Client) -> None:
    agent_id, identity_id = letta.rows(
        "SELECT agent_id, identity_id FROM identities_agents LIMIT 1"
    )[0]
    for url in (f"/agents/{agent_id}/", f"/identities/{identity_id}/"):
        assert f"/agents/{agent_id}/passages/" in superuser.get(url).content.decode(), url
    assert 'href="/archives/"' in superuser.get("/agents/").content.decode()
