"""Neighbours of passages: the nearest of NumPy, only among what may be compared, honest about the rest."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents_app.accounts.models import AccessEvent
from agents_app.embeddings import searching
from tests.lettadb import LettaDatabase
from tests.plans import scanned, statements
from tests.vectors import distances, is_right, usable

pytestmark = pytest.mark.django_db


def near(client: Client, passage_id: str, **query: str) -> Any:
    response = client.get(f"/passages/{passage_id}/neighbors/", {"format": "json", **query})
    assert response.status_code == 200, response.content[:300]
    return json.loads(response.content)


def one_usable(database: LettaDatabase, table: str = "archival_passages") -> str:
    return next(one.id for one in usable(database) if one.table == table)


def where(database: LettaDatabase, condition: str) -> str:
    rows = database.rows(f"SELECT id FROM archival_passages WHERE {condition} ORDER BY id LIMIT 1")
    return str(rows[0][0])


def test_neighbors_of_every_passage_are_those_of_numpy(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    true = distances(usable(letta_of_each_release))
    assert len(true) > 40
    for passage_id, apart in true.items():
        found = near(superuser, passage_id)
        assert is_right(found["neighbors"], apart), passage_id
        assert found["complete"] is True
        assert found["searched"] >= len(apart)


def test_what_cannot_be_compared_never_appears(letta: LettaDatabase, superuser: Client) -> None:
    passages = {one.id: one for one in usable(letta)}
    for passage_id, one in passages.items():
        for other in near(superuser, passage_id, scope="all", k="100")["neighbors"]:
            assert passages[other["id"]].space == one.space


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("embedding IS NULL", "no embedding"),
        ("vector_norm(embedding) = 0", "points nowhere"),
        ("embedding_config::text LIKE '%99999%'", "99,999 dimensions"),
        ("embedding_config::text = '[1, 2]'", "names no embedding model"),
    ],
)
def test_a_passage_without_neighbors_says_why(
    condition: str, words: str, letta: LettaDatabase, superuser: Client
) -> None:
    passage_id = where(letta, condition)
    found = near(superuser, passage_id)
    assert words in found["why_none"]
    assert found["neighbors"] == []
    assert words in superuser.get(f"/passages/{passage_id}/neighbors/").content.decode()


def test_everything_holds_at_least_what_the_archive_holds(
    letta: LettaDatabase, superuser: Client
) -> None:
    passage_id = one_usable(letta)
    narrow, wide = near(superuser, passage_id), near(superuser, passage_id, scope="all")
    assert wide["complete"] is True
    assert wide["searched"] >= narrow["searched"]
    assert wide["neighbors"][0]["distance"] <= narrow["neighbors"][0]["distance"] + 1e-9


def test_everything_is_searched_for_a_while_and_says_how_far(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "WINDOW", 10)
    monkeypatch.setattr(searching, "_is_over", _second)
    found = near(superuser, one_usable(letta), scope="all")
    assert found["complete"] is False
    assert 0 < found["searched"] <= 10
    page = superuser.get(f"/passages/{one_usable(letta)}/neighbors/?scope=all").content.decode()
    assert "There was time for no more" in page


_calls: list[float] = []


def _second(ends_at: float) -> bool:
    """Whether this search was asked before: the first window is looked at, the next is not."""
    _calls.append(ends_at)
    return _calls.count(ends_at) > 1


def test_a_large_archive_is_searched_in_windows_with_the_same_answer(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    passage_id = one_usable(letta)
    whole = near(superuser, passage_id)
    monkeypatch.setattr(searching, "EXACT_UP_TO", 0)
    monkeypatch.setattr(searching, "WINDOW", 3)
    assert near(superuser, passage_id)["neighbors"] == whole["neighbors"]


def test_an_agent_reaches_its_files_as_well(letta: LettaDatabase, superuser: Client) -> None:
    agent_id, archive_id = letta.rows(
        "SELECT s.agent_id, a.archive_id FROM sources_agents s JOIN archives_agents a USING (agent_id)"
        " JOIN files f USING (source_id) JOIN archival_passages p ON p.archive_id = a.archive_id LIMIT 1"
    )[0]
    passage_id = next(one.id for one in usable(letta) if one.parent == archive_id)
    found = near(superuser, passage_id, scope="agent", agent=agent_id, k="100")
    assert found["agent_id"] == agent_id
    assert {bool(one["file_id"]) for one in found["neighbors"]} == {True, False}


def test_a_folder_is_the_default_of_its_chunks(letta: LettaDatabase, superuser: Client) -> None:
    found = near(superuser, one_usable(letta, "source_passages"))
    assert found["scope"] == "source"
    assert len({one["source_id"] for one in found["neighbors"]}) == 1


def test_the_page_marks_shared_words_and_draws_the_small_map(
    letta: LettaDatabase, superuser: Client
) -> None:
    page = superuser.get(f"/passages/{one_usable(letta)}/neighbors/").content.decode()
    assert '<mark class="shared">' in page
    assert page.count('href="#near-') == page.count('class="near__row"')
    assert "Compared with all" in page


def test_no_passage_is_read_beyond_the_scope(letta: LettaDatabase, superuser: Client) -> None:
    passage_id = one_usable(letta)
    for scope in ("archive", "agent", "all"):
        asked = statements(lambda scope=scope: near(superuser, passage_id, scope=scope))  # type: ignore[misc]
        assert not scanned(letta, asked) & {"archival_passages", "source_passages"}, scope


def test_a_page_of_neighbors_asks_few_questions(letta: LettaDatabase, superuser: Client) -> None:
    passage_id = one_usable(letta)
    near(superuser, passage_id)
    with CaptureQueriesContext(connections["letta"]) as asked:
        superuser.get(f"/passages/{passage_id}/neighbors/")
    assert len(asked) <= 16


def test_without_the_right_to_content_there_are_numbers_only(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    found = near(browser_of("ops"), one_usable(letta))
    assert found["neighbors"]
    assert all(one["text"] is None and one["tags"] is None for one in found["neighbors"])
    assert not AccessEvent.objects.filter(action="passage.read").exists()


def test_every_text_that_is_shown_is_on_record(letta: LettaDatabase, superuser: Client) -> None:
    passage_id = one_usable(letta)
    found = near(superuser, passage_id)
    event = AccessEvent.objects.filter(action="passage.read").latest("pk")
    shown = [passage_id, *(one["id"] for one in found["neighbors"])]
    assert event.object_ids[: event.object_count] == shown


@pytest.mark.parametrize(
    "query", ["k=0", "k=1e9", "scope=nowhere", "agent=%00", "agent=agent-x'--"]
)
def test_odd_parameters_are_answered(query: str, letta: LettaDatabase, superuser: Client) -> None:
    response = superuser.get(f"/passages/{one_usable(letta)}/neighbors/?{query}")
    assert response.status_code in {200, 400}
