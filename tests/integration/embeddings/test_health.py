"""The health of an archive: near-duplicates against brute force, odd vectors, growth, contradictions."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from django.test import Client

from agents_app.embeddings.geometry.duplicates import THRESHOLDS
from agents_app.embeddings.models import VectorFinding
from agents_app.work.models import BackgroundWork
from tests.archives import content_events, new_archive, passage_id
from tests.cluster import Cluster
from tests.inert import findings
from tests.lettadb import LettaDatabase, new_database, pointed_at
from tests.unit.embeddings.test_duplicates import brute, copies

pytestmark = pytest.mark.django_db
ARCHIVE = "archive-7ec70000-0000-4000-8000-000000000007"
HEALTH = f"/archives/{ARCHIVE}/health/"
ROWS = 90
Run = Callable[[], None]


@pytest.fixture(scope="module")
def vectors() -> Any:
    found = copies(ROWS, 24, spread=0.25, seed=3)
    found[5] *= 40  # an unusual length
    return found


@pytest.fixture(scope="module")
def doubled(cluster: Cluster, vectors: Any) -> LettaDatabase:
    """90 vectors, many near-copies; a zero one, one without, one of another model; texts that contradict."""
    database = new_database(cluster)
    texts = [f"Refunds take {number} days for <b>boots</b>." for number in range(ROWS)]
    new_archive(database, [*vectors, np.zeros(24), None], number=7, texts=[*texts, "zero", "none"])
    database.execute(
        "INSERT INTO archival_passages (id, text, embedding, embedding_config, metadata_, archive_id,"
        " organization_id, is_deleted, created_at) SELECT 'passage-other', text, embedding, %s, '{}', archive_id,"
        " organization_id, false, created_at FROM archival_passages WHERE id = %s",
        ['{"embedding_model": "other", "embedding_dim": 24}', passage_id(ARCHIVE, 0)],
    )
    database.provision()
    return database


@pytest.fixture
def here(doubled: LettaDatabase) -> Iterator[LettaDatabase]:
    with pointed_at(doubled.uri()):
        yield doubled


@pytest.fixture
def scanned(here: LettaDatabase, superuser: Client, run_heavy: Run) -> LettaDatabase:
    """After the worker has compared all."""
    superuser.post(f"{HEALTH}start/", {"space": ""})
    run_heavy()
    work = BackgroundWork.objects.get()
    assert (work.state, work.failure) == ("done", "")
    return here


def as_json(client: Client, path: str) -> Any:
    return json.loads(client.get(path + ("&" if "?" in path else "?") + "format=json").content)


def test_groups_at_every_threshold_are_those_of_brute_force(
    scanned: LettaDatabase, superuser: Client, vectors: Any
) -> None:
    for level, threshold in enumerate(THRESHOLDS):
        scan = as_json(superuser, f"{HEALTH}?level={level}")["scan"]
        expected = {
            frozenset(passage_id(ARCHIVE, row) for row in group)
            for group in brute(vectors, threshold)
            if len(group) > 1
        }
        assert {frozenset(group["ids"]) for group in scan["groups"]} == expected
        counted = next(one for one in scan["by_threshold"] if one["threshold"] == threshold)
        assert counted["groups"] == len(expected)
        assert counted["passages"] == sum(map(len, expected))


def test_zero_missing_foreign_and_unusual_vectors_are_named_and_not_compared(
    scanned: LettaDatabase, superuser: Client
) -> None:
    found = as_json(superuser, HEALTH)
    assert [(one["model"], one["passages"], one["vectors"]) for one in found["models"]] == [
        ("text-embedding-3-small", 92, 91),
        ("other", 1, 1),
    ]
    scan = found["scan"]
    assert scan["zero_vectors"] == [passage_id(ARCHIVE, 90)]
    assert [one["id"] for one in scan["unusual_lengths"]] == [passage_id(ARCHIVE, 5)]
    assert scan["looked_at"] == ROWS
    ids = {one for group in scan["groups"] for one in group["ids"]}
    assert not ids & {"passage-other", passage_id(ARCHIVE, 90), passage_id(ARCHIVE, 91)}


def test_the_loneliest_are_listed_first(
    scanned: LettaDatabase, superuser: Client, vectors: Any
) -> None:
    exact = vectors.astype(np.float64)
    exact /= np.linalg.norm(exact, axis=1)[:, None]
    alike = exact @ exact.T
    np.fill_diagonal(alike, -1)
    lonely = as_json(superuser, HEALTH)["scan"]["lonely"]
    assert [one["similarity"] for one in lonely] == pytest.approx(
        np.sort(alike.max(axis=1))[:12], abs=1e-5
    )


def test_contradictions_stand_in_order_of_time_and_reading_them_is_recorded(
    scanned: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    support = browser_of("support")
    quiet = support.get(HEALTH).content.decode()
    assert "Refunds take" not in quiet
    assert not content_events().exists()
    html = support.get(f"{HEALTH}?contradictions=1").content.decode()
    assert "number" in html
    assert "<b>boots" not in html
    assert findings(html) == []
    event = content_events().get()
    assert (event.action, event.object_kind) == ("passage.read", "passage")
    assert event.object_count >= 20


def test_a_group_is_read_on_the_page_and_recorded(
    scanned: LettaDatabase, superuser: Client
) -> None:
    html = superuser.get(f"{HEALTH}?level=0&group=0").content.decode()
    assert "Refunds take" in html
    assert content_events().get().action == "passage.read"


def test_without_the_right_to_content_there_are_ids_and_numbers_only(
    scanned: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    html = browser_of("ops").get(f"{HEALTH}?level=0&group=0&contradictions=1").content.decode()
    assert "Near-duplicates" in html
    assert "Refunds take" not in html
    assert not content_events().exists()


def test_nothing_that_is_kept_is_text(scanned: LettaDatabase) -> None:
    for finding in VectorFinding.objects.all():
        assert b"Refunds" not in bytes(finding.body)


def test_a_change_since_is_said(scanned: LettaDatabase, superuser: Client) -> None:
    assert b"added, changed or removed since" not in superuser.get(HEALTH).content
    scanned.execute("UPDATE archival_passages SET updated_at = now() WHERE id = %s", [passage_id(ARCHIVE, 1)])  # fmt: skip
    assert b"added, changed or removed since" in superuser.get(HEALTH).content


def test_growth_is_drawn_before_any_comparison(here: LettaDatabase, superuser: Client) -> None:
    html = superuser.get(HEALTH).content.decode()
    assert "Not compared yet" in html
    assert html.count("<rect") == 4
    assert "Day of 2026-01-01: 25" in html


def test_the_same_archive_is_not_compared_twice(
    scanned: LettaDatabase, superuser: Client, run_heavy: Run
) -> None:
    before = VectorFinding.objects.get().made_at
    superuser.post(f"{HEALTH}start/")
    run_heavy()
    assert VectorFinding.objects.get().made_at == before


def test_a_third_piece_of_work_is_refused_with_words(
    here: LettaDatabase, superuser: Client
) -> None:
    for _ in range(2):
        assert superuser.post(f"{HEALTH}start/").status_code == 302
    refused = superuser.post(f"{HEALTH}start/")
    assert refused.status_code == 400
    assert b"Cancel one or wait" in refused.content


def test_work_is_cancelled_from_its_page(
    here: LettaDatabase, superuser: Client, run_heavy: Run
) -> None:
    watched = superuser.post(f"{HEALTH}start/")["Location"]
    assert b"Cancelled" in superuser.post(watched).content
    run_heavy()
    assert not VectorFinding.objects.exists()


@pytest.mark.parametrize(
    "query", ["level=99", "level=x", "group=999", "group=-1", "space=nonsense"]
)
def test_nonsense_in_the_address_is_answered(
    query: str, scanned: LettaDatabase, superuser: Client
) -> None:
    assert superuser.get(f"{HEALTH}?{query}").status_code == 200
