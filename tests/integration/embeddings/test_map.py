"""The map of an archive: what is placed, what it carries, who may see what, what goes on record."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents_app.embeddings.models import VectorFinding
from agents_app.work.models import BackgroundWork
from tests.archives import content_events, passage_id
from tests.inert import findings
from tests.integration.embeddings.conftest import TOPICS
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
BIG, ODD, HOSTILE = (f"archive-7ec70000-0000-4000-8000-00000000{n:04d}" for n in (1, 2, 3))
MAP = f"/archives/{BIG}/map/"


def as_json(client: Client, path: str) -> Any:
    response = client.get(path + ("&" if "?" in path else "?") + "format=json")
    assert response.status_code == 200, response.content[:300]
    return json.loads(response.content)


def test_every_passage_is_placed_and_carries_id_time_tags_and_no_text(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    found = as_json(superuser, MAP)
    assert {point["id"] for point in found["points"]} == {passage_id(BIG, n) for n in range(300)}
    assert set(found["points"][0]) == {"id", "x", "y", "created_at", "tags", "category"}
    assert "about an order" not in json.dumps(found)


def test_the_clusters_of_the_vectors_are_the_clusters_of_the_map(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    found = as_json(superuser, MAP)
    topics: dict[int, set[str]] = {}
    for point in found["points"]:
        topics.setdefault(point["category"], set()).add(point["tags"][0])
    assert all(len(one) == 1 for one in topics.values())
    assert found["projection"]["trustworthiness"] > 0.7
    assert found["space"] == {"model": "text-embedding-3-small", "dimension": 64}


def test_colouring_by_tag_leaves_tags_that_all_share_aside(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    found = as_json(superuser, f"{MAP}?colour=tag")
    assert {one["label"] for one in found["categories"]} == set(TOPICS)
    assert as_json(superuser, f"{MAP}?colour=time")["categories"][0]["series"] == "t1"


def test_a_second_look_reads_no_vector(vectors_here: LettaDatabase, superuser: Client) -> None:
    superuser.get(MAP)
    with CaptureQueriesContext(connections["letta"]) as queries:
        superuser.get(MAP)
    assert not any("subvector" in query["sql"] for query in queries)
    assert len(queries) <= 6


def test_what_is_kept_holds_no_text_and_no_tag(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    superuser.get(f"/archives/{HOSTILE}/map/?colour=tag")
    (finding,) = VectorFinding.objects.filter(scope=f"archive {HOSTILE}")
    assert b"script" not in bytes(finding.body)
    assert b"evil" not in bytes(finding.body)


def test_zero_missing_and_other_vectors_are_named_not_placed(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    found = as_json(superuser, f"/archives/{ODD}/map/")
    assert len(found["points"]) == 5
    assert found["projection"]["zero_vectors"] == 1
    html = superuser.get(f"/archives/{ODD}/map/").content.decode()
    assert "1 zero vector cannot be placed" in html
    assert "2 passages of this model have no vector" in html


def test_a_reader_without_content_sees_the_map_and_no_tag_or_text(
    vectors_here: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    ops = browser_of("ops")
    found = as_json(ops, f"{MAP}?colour=tag")
    assert found["coloured_by"] == "cluster"
    assert all(point["tags"] == [] for point in found["points"])
    assert b"delivery" not in ops.get(f"{MAP}?list=0").content
    for path in (f"{MAP}find/?q=order", f"/passages/{passage_id(BIG, 1)}/glance/"):
        assert ops.get(path).status_code == 403
    assert ops.post(f"{MAP}selection/", {"ids": passage_id(BIG, 1)}).status_code == 403
    assert not content_events().exists()


def test_the_map_with_tags_and_each_text_behind_it_go_on_record(
    vectors_here: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    support = browser_of("support")
    support.get(MAP)
    support.get(f"/passages/{passage_id(BIG, 7)}/glance/")
    support.post(f"{MAP}selection/", {"ids": f"{passage_id(BIG, 1)} {passage_id(BIG, 2)}"})
    support.get(f"{MAP}find/?q=Note+12")
    events = list(content_events().values_list("action", "object_ids", "object_count"))
    assert events == [
        ("map.read", [BIG], 300),
        ("passage.read", [passage_id(BIG, 7), BIG], 1),
        ("passage.read", [passage_id(BIG, 1), passage_id(BIG, 2), BIG], 2),
        ("passage.search", [BIG], 11),
    ]


def test_searching_gives_the_ids_to_light_up(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    found = json.loads(superuser.get(f"{MAP}find/?q=NOTE+299").content)
    assert (found["ids"], found["more"]) == ([passage_id(BIG, 299)], False)


def test_a_selection_is_a_table_in_the_order_selected_and_exports(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    ids = [passage_id(BIG, number) for number in (9, 3, 5)]
    html = superuser.post(f"{MAP}selection/", {"ids": " ".join(ids)}).content.decode()
    assert [html.index(one) for one in ids] == sorted(html.index(one) for one in ids)
    response = superuser.post(f"{MAP}selection/?format=csv", {"ids": " ".join(ids)})
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [row[0] for row in rows[1:]] == ids
    assert content_events().filter(action="passage.export").count() == 1


def test_at_most_200_points_are_read_and_the_page_says_so(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    ids = " ".join(passage_id(BIG, number) for number in range(300))
    html = superuser.post(f"{MAP}selection/", {"ids": ids, "chosen": "300"}).content.decode()
    assert html.count("<tr data-row>") == 200
    assert "200 of 300 selected points" in html


@pytest.mark.parametrize("ids", ["", "a b;c", "x" * 50_000, "../etc"])
def test_a_malformed_selection_is_refused(
    ids: str, vectors_here: LettaDatabase, superuser: Client
) -> None:
    assert superuser.post(f"{MAP}selection/", {"ids": ids}).status_code == 404


def test_a_selection_shows_only_passages_of_its_archive(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    html = superuser.post(f"{MAP}selection/", {"ids": passage_id(ODD, 1)}).content.decode()
    assert "None of these passages is stored here any more" in html


def test_the_categories_open_the_same_passages_without_a_pointer(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    html = superuser.get(f"{MAP}?colour=cluster&list=0").content.decode()
    assert html.count('data-label="Characters"') == 50
    assert superuser.get(f"{MAP}?list=99").status_code == 200


def test_hostile_tags_and_texts_stay_inert(vectors_here: LettaDatabase, superuser: Client) -> None:
    home = f"/archives/{HOSTILE}/map/"
    ids = " ".join(passage_id(HOSTILE, number) for number in range(6))
    pages = [
        superuser.get(f"{home}?colour=tag&list=0").content.decode(),
        superuser.post(f"{home}selection/", {"ids": ids}).content.decode(),
        *(
            superuser.get(f"/passages/{passage_id(HOSTILE, n)}/glance/").content.decode()
            for n in range(6)
        ),
    ]
    assert [findings(page) for page in pages] == [[]] * 8
    assert max(map(len, pages)) < 60_000
    export = superuser.post(f"{home}selection/?format=csv", {"ids": ids})
    rows = list(csv.reader(io.StringIO(b"".join(export.streaming_content).decode())))
    assert [row[4][:2] for row in rows[1:]][2] == "'="


def test_a_map_by_neighbours_is_drawn_in_the_background_and_kept(
    vectors_here: LettaDatabase, superuser: Client, run_heavy: Callable[[], None]
) -> None:
    started = superuser.post(f"{MAP}start/", {"space": ""})
    assert superuser.get(started["Location"]).status_code == 200
    run_heavy()
    work = BackgroundWork.objects.get()
    assert (work.state, work.result, work.failure) == ("done", {"drawn": 300}, "")
    polled = superuser.get(
        started["Location"], headers={"HX-Request": "true", "HX-Target": "progress"}
    )
    assert (polled.status_code, polled["HX-Redirect"]) == (286, MAP)
    found = as_json(superuser, MAP)
    assert found["projection"]["method"] == "neighbours"
    assert found["projection"]["trustworthiness"] > 0.85
    assert as_json(superuser, f"{MAP}?by=components")["projection"]["method"] == "components"


def test_a_passage_that_changed_makes_a_new_map(
    vectors_here: LettaDatabase, superuser: Client
) -> None:
    superuser.get(MAP)
    vectors_here.execute(
        "UPDATE archival_passages SET updated_at = updated_at + interval '1 second' WHERE id = %s",
        [passage_id(BIG, 0)],
    )
    with CaptureQueriesContext(connections["letta"]) as queries:
        superuser.get(MAP)
    assert any("subvector" in query["sql"] for query in queries)


def test_agents_of_each_release_have_a_map(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    seen = 0
    for (agent_id,) in letta_of_each_release.rows("SELECT id FROM agents ORDER BY id LIMIT 14"):
        found = as_json(superuser, f"/agents/{agent_id}/map/?colour=time")
        assert superuser.get(f"/agents/{agent_id}/map/").status_code == 200
        seen += len(found["points"])
    assert seen > 30
