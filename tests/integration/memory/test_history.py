"""The history of a block: the timeline, the comparison, the JSON."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents_app.accounts.models import AccessEvent
from agents_app.memory import reading
from agents_app.revisions.cache.models import BlockSkeleton
from tests.cluster import Cluster
from tests.integration.revisions.scene import Scene
from tests.lettadb import LettaDatabase, new_database, pointed_at

pytestmark = pytest.mark.django_db

MAIL = "Mail: ada.lovelace@corp-example.com"
FIELDS = {"id", "at", "value", "grade", "source", "tool", "message_id", "step_id", "run_id", "agent_id",
          "actor", "cause_message_id", "added", "removed"}  # fmt: skip


@pytest.fixture
def busy(letta: LettaDatabase) -> str:
    """The block that was written most."""
    found: str = letta.rows(
        "SELECT id FROM block WHERE id NOT LIKE 'block-bad%' ORDER BY version DESC NULLS LAST, id LIMIT 1"
    )[0][0]
    return found


def as_json(client: Client, block: str, query: str = "") -> Any:
    response = client.get(f"/blocks/{block}/history/?format=json{query}")
    assert response.status_code == 200
    return body_of(response)


def body_of(response: Any) -> Any:
    """A long answer streams."""
    sent = b"".join(response.streaming_content) if response.streaming else response.content
    return json.loads(sent)


def walked(client: Client, block: str, query: str = "") -> list[dict[str, Any]]:
    found, page = [], as_json(client, block, query)
    while True:
        found += page["results"]
        if not page["next"]:
            return found
        page = body_of(client.get(page["next"]))


def page_of(client: Client, block: str, query: str = "") -> str:
    return client.get(f"/blocks/{block}/history/?{query}").content.decode()


def test_every_block_of_every_release_has_a_history_that_ends_in_its_value(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for block, value in letta_of_each_release.rows(
        "SELECT id, value FROM block ORDER BY md5(id) LIMIT 8"
    ):
        assert superuser.get(f"/blocks/{block}/history/").status_code == 200
        known = [one["value"] for one in walked(superuser, block) if one["value"] is not None]
        assert known[-1] == value


def test_the_json_has_the_named_fields_oldest_first_over_pages(
    busy: str, superuser: Client
) -> None:
    whole, parts = walked(superuser, busy, "&limit=200"), walked(superuser, busy, "&limit=3")
    assert len(whole) > 3
    assert [one["id"] for one in parts] == [one["id"] for one in whole]
    assert set(whole[0]) == FIELDS
    times = [one["at"] for one in whole if one["at"]]
    assert times == sorted(times)


def test_the_json_says_how_complete_it_is(
    busy: str, letta: LettaDatabase, superuser: Client
) -> None:
    found = as_json(superuser, busy)
    version = letta.rows("SELECT version FROM block WHERE id = %s", [busy])[0][0]
    assert found["writes"] == version - 1
    assert found["explained"] + found["gaps"] == found["writes"]
    assert found["complete"] is True


def test_the_page_lists_newest_first_and_pages_both_ways(busy: str, superuser: Client) -> None:
    ids = [one["id"] for one in walked(superuser, busy)][::-1]
    first = superuser.get(f"/blocks/{busy}/history/?limit=2").context["page"]
    second = superuser.get(first.older_url).context["page"]
    back = superuser.get(second.newer_url).context["page"]
    assert [one.id for one, _ in first] == ids[:2]
    assert [one.id for one, _ in second] == ids[2:4]
    assert [one.id for one, _ in back] == ids[:2]


def test_a_cursor_of_a_revision_that_is_no_more_is_refused(busy: str, superuser: Client) -> None:
    from agents_app.ui.paging import seal

    cursor = seal(("call:gone:0", "4"), f"/blocks/{busy}/history/")
    assert superuser.get(f"/blocks/{busy}/history/?after={quote(cursor)}").status_code == 400


def test_the_default_compares_the_newest_with_the_one_before(busy: str, superuser: Client) -> None:
    known = [one for one in walked(superuser, busy) if one["value"] is not None]
    context = superuser.get(f"/blocks/{busy}/history/").context
    assert (context["old"].id, context["new"].id) == (known[-2]["id"], known[-1]["id"])


def test_any_two_revisions_are_compared_at_their_address(busy: str, superuser: Client) -> None:
    known = [one for one in walked(superuser, busy) if one["value"] is not None]
    first, last = known[0], known[-1]
    context = superuser.get(
        f"/blocks/{busy}/history/?from={quote(first['id'])}&to={quote(last['id'])}"
    ).context
    shown = [row for one in context["stretches"] for row in one.rows if row.new_number]
    assert "\n".join("".join(s.text for s in row.new) for row in shown) == last["value"]
    assert context["old"].id == first["id"]


def test_a_revision_nobody_knows_is_said_and_the_default_shown(
    busy: str, superuser: Client
) -> None:
    body = page_of(superuser, busy, "to=call:nobody:0")
    assert "is not in this history" in body
    assert "What changed" in body


@pytest.mark.parametrize(
    "query", ["view=inline", "whitespace=shown", "unchanged=all", "view=nonsense"]
)
def test_the_ways_of_looking_at_it_work(query: str, busy: str, superuser: Client) -> None:
    assert "What changed" in page_of(superuser, busy, query)


def test_filters_keep_what_they_say(busy: str, superuser: Client) -> None:
    whole = walked(superuser, busy)
    tool = next(one["tool"] for one in whole if one["tool"])
    agent = next(one["agent_id"] for one in whole if one["agent_id"])
    grade = whole[-1]["grade"]
    moment = whole[len(whole) // 2]["at"]
    for query, kept in (
        (f"&tool={tool}", [one for one in whole if one["tool"] == tool]),
        (f"&writer={agent}", [one for one in whole if one["agent_id"] == agent]),
        (f"&grade={grade}", [one for one in whole if one["grade"] == grade]),
        (f"&since={quote(moment[:16])}", [one for one in whole if one["at"] >= moment[:16]]),
    ):
        assert [one["id"] for one in walked(superuser, busy, query)] == [one["id"] for one in kept]


def test_text_is_found_where_it_came_or_went(busy: str, superuser: Client) -> None:
    whole = walked(superuser, busy)
    line = next(line for line in whole[-1]["value"].split("\n") if len(line) > 8)
    found = walked(superuser, busy, f"&q={quote(line.upper())}")
    assert 0 < len(found) < len(whole)
    assert line in found[0]["value"]


@pytest.fixture
def too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """No history fits into one page load, and its newest part is four rows with calls."""
    monkeypatch.setattr(reading, "LONGEST_S", -1)
    monkeypatch.setattr(reading, "NEWEST_CALLS", 4)


def test_of_a_history_too_long_for_one_page_the_newest_part_shows_and_older_ones_part_by_part(
    busy: str, superuser: Client, too_long: None
) -> None:
    response = superuser.get(f"/blocks/{busy}/history/")
    assert "too long to be rebuilt in one page load" in response.content.decode()
    seen, parts = [], 0
    while True:
        seen = [one.id for one in response.context["told"].revisions] + seen
        older, parts = response.context["told"].older, parts + 1
        if older is None:
            break
        response = superuser.get(f"/blocks/{busy}/history/?part={older}")
    calls = [one["id"] for one in walked(superuser, busy) if one["id"].startswith("call:")]
    assert parts > 2
    assert [one for one in seen if one.startswith("call:")] == calls


def test_as_json_a_history_too_long_for_one_page_is_whole_all_the_same(
    busy: str, superuser: Client, too_long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agents_app.revisions.history import history

    whole = history(busy)
    assert whole is not None
    found = walked(superuser, busy, "&limit=3")
    assert [(one["id"], one["value"], one["grade"], one["added"]) for one in found] == [
        (one.id, one.value, one.grade, one.added) for one in whole.revisions
    ]
    page = as_json(superuser, busy, "&limit=3")
    assert (page["writes"], page["explained"], page["gaps"]) == (
        whole.completeness.writes, whole.completeness.explained, whole.completeness.gaps,
    )  # fmt: skip
    assert page["complete"] is True


def test_what_it_says_is_inert(letta: LettaDatabase, superuser: Client) -> None:
    for (block,) in letta.rows("SELECT id FROM block WHERE value LIKE '%%<%%' LIMIT 5"):
        value = letta.rows("SELECT value FROM block WHERE id = %s", [block])[0][0]
        tag = value[value.index("<") :][:12]
        assert tag not in page_of(superuser, block).replace("<bdi", "") or not tag.startswith(
            "<script"
        )


def test_reading_it_is_on_record_before_it_is_sent(
    busy: str, browser_of: Callable[[str], Client]
) -> None:
    browser_of("support").get(f"/blocks/{busy}/history/")
    event = AccessEvent.objects.get()
    assert (event.action, event.object_kind) == ("memory.history", "block")
    block, *writers = event.object_ids
    assert block == busy
    assert {one.split("-")[0] for one in writers} == {"agent"}


def test_it_needs_the_right_to_content(busy: str, browser_of: Callable[[str], Client]) -> None:
    assert browser_of("ops").get(f"/blocks/{busy}/history/").status_code == 403
    assert "/history/" not in browser_of("ops").get(f"/blocks/{busy}/").content.decode()
    assert "/history/" in browser_of("support").get(f"/blocks/{busy}/").content.decode()


def test_of_a_block_that_is_gone_its_agent_and_label_lead_to_what_is_left(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent, label = letta.rows(
        "SELECT l.agent_id, l.block_label FROM blocks_agents l JOIN block b ON b.id = l.block_id WHERE b.id NOT LIKE 'block-bad%%'"
        " ORDER BY b.version DESC NULLS LAST, b.id LIMIT 1"
    )[0]
    gone = "block-00000000-dead-4000-8000-000000000000"
    assert superuser.get(f"/blocks/{gone}/history/").status_code == 404
    response = superuser.get(f"/blocks/{gone}/history/?agent={agent}&label={label}")
    assert "Its row is gone" in response.content.decode()
    assert as_json(superuser, gone, f"&agent={agent}&label={label}")["results"]


def test_a_page_of_fifty_costs_no_more_queries_than_a_page_of_two(
    busy: str, superuser: Client
) -> None:
    counts = []
    for limit in (2, 2, 50):
        with CaptureQueriesContext(connections["letta"]) as asked:
            superuser.get(f"/blocks/{busy}/history/?limit={limit}")
        counts.append(len(asked))
    assert counts[2] <= counts[1] + 12, counts  # a few for each thread that wrote


def test_htmx_gets_the_revisions_alone(busy: str, superuser: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    body = superuser.get(f"/blocks/{busy}/history/", headers=headers).content.decode().lstrip()
    assert body.startswith('<section id="results"')


def test_as_json_a_history_read_while_it_is_sent_finds_nothing_in_what_is_masked(
    cluster: Cluster, browser_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Scene(new_database(cluster, schema="public"))
    told.organization()
    told.agent("agent-1")
    for number in range(3):
        old, new = f"{MAIL}\nline {number}", f"{MAIL}\nline {number + 1}"
        told.turn("agent-1", {"human": old}, "memory_replace", label="human",
                  old_string=f"line {number}", new_string=f"line {number + 1}", returned=new)  # fmt: skip
    told.block("block-1", f"{MAIL}\nline 3", version=4)
    told.attach("agent-1", "block-1")
    told.database.provision()
    monkeypatch.setattr(reading, "LONG_CHARACTERS", 0)
    with pointed_at(told.database.uri()):
        found = {
            text: len(_built(browser_of("support"), text)) for text in ("lovelace", "line 2", MAIL)
        }
        assert len(_built(browser_of("superuser"), "lovelace")) == 1
    assert found == {"lovelace": 0, "line 2": 2, MAIL: 0}


def _built(client: Client, text: str) -> list[dict[str, Any]]:
    """The results of a history that nothing is kept of."""
    BlockSkeleton.objects.all().delete()
    response = client.get("/blocks/block-1/history/", {"format": "json", "q": text})
    assert response.streaming
    return list(body_of(response)["results"])
