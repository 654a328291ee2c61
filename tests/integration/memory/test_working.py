"""Work on histories: a long one read whole by the worker, a search through all prompts; watched and cancelled."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from procrastinate.contrib.django import app

from agents_app.memory import background, reading
from agents_app.revisions.cache import findings
from agents_app.revisions.cache.models import BlockSkeleton, StraySearch, StrayTrace
from agents_app.work.models import BackgroundWork, State
from tests.cluster import Cluster
from tests.conftest import assign
from tests.integration.memory.test_keeping import CANARY, everything_stored
from tests.integration.revisions.scene import Scene
from tests.lettadb import new_database, pointed_at

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/blocks/block-1/history/"
START = "/blocks/block-1/history/work/"


@pytest.fixture
def scene(cluster: Cluster) -> Iterator[Scene]:
    """Twelve writes; the first three turns were reset: their traces remain, their messages do not."""
    told = Scene(new_database(cluster, schema="public"))
    told.organization()
    told.agent("agent-1")
    for number in range(12):
        old, new = f"{CANARY}\nline {number}", f"{CANARY}\nline {number + 1}"
        told.turn("agent-1", {"human": old}, "memory_replace", label="human", stored=number > 2,
                  old_string=f"line {number}", new_string=f"line {number + 1}", returned=new)  # fmt: skip
    told.block("block-1", f"{CANARY}\nline 12", version=13)
    told.attach("agent-1", "block-1")
    told.database.execute("ANALYZE")
    told.database.provision()
    with pointed_at(told.database.uri()):
        yield told


@pytest.fixture
def too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """No history fits into one page load."""
    monkeypatch.setattr(reading, "LONGEST_S", -1)
    monkeypatch.setattr(reading, "NEWEST_CALLS", 1)
    monkeypatch.setattr("agents_app.revisions.history.MARGIN_CALLS", 0)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of traces is too large to be searched by a page."""
    monkeypatch.setattr(reading, "FEW_TRACES", -1)


def run_worker() -> None:
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(
        queues=["letta"], wait=False, install_signal_handlers=False, delete_jobs="always"
    )


def started(client: Client, work: str) -> str:
    response = client.post(START, {"work": work})
    assert response.status_code == 302, response.content
    return str(response["Location"])


def state(client: Client, url: str) -> Any:
    return json.loads(client.get(f"{url}?format=json").content)


def test_the_page_of_a_long_history_offers_to_read_it_whole_and_does_so_by_itself(
    scene: Scene, superuser: Client, too_long: None
) -> None:
    body = superuser.get(PAGE).content.decode()
    assert "Read the whole history" in body
    assert 'hx-trigger="load, submit"' in body
    assert not BackgroundWork.objects.exists()  # a mere reading starts nothing


def test_the_worker_reads_it_and_then_the_page_is_whole(
    scene: Scene, superuser: Client, too_long: None
) -> None:
    url = started(superuser, "history")
    assert state(superuser, url)["state"] == "queued"
    assert "Waiting for the worker" in superuser.get(PAGE).content.decode()
    run_worker()
    assert state(superuser, url)["state"] == "done"
    context = superuser.get(PAGE).context
    assert context["told"].whole
    assert context["new"].value == f"{CANARY}\nline 12"
    assert superuser.get("/blocks/block-1/blame/").context["told"].whole


def test_a_poll_of_finished_work_opens_the_whole_page(
    scene: Scene, superuser: Client, too_long: None
) -> None:
    url = started(superuser, "history")
    run_worker()
    headers = {"HX-Request": "true", "HX-Target": "reading"}
    response = superuser.get(url, headers=headers)
    assert (response.status_code, response["HX-Refresh"]) == (286, "true")
    assert response.content.decode().lstrip().startswith('<section id="reading"')


def test_a_second_start_watches_the_first(scene: Scene, superuser: Client, too_long: None) -> None:
    assert started(superuser, "history") == started(superuser, "history")
    assert BackgroundWork.objects.count() == 1


def test_one_that_was_cancelled_does_not_begin_by_itself_again(
    scene: Scene, superuser: Client, too_long: None
) -> None:
    url = started(superuser, "history")
    assert "Cancelled" in superuser.post(url).content.decode()
    run_worker()
    assert not BlockSkeleton.objects.exists()
    body = superuser.get(PAGE).content.decode()
    assert "Read the whole history" in body
    assert "load, submit" not in body


def test_cancelling_while_it_reads_keeps_nothing(
    scene: Scene, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "EVERY_S", -1.0)

    class Cancels:
        def report(self, done: int, **_: Any) -> None:
            if done:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        background.read_history(Cancels(), {"block_id": "block-1"})  # type: ignore[arg-type]
    assert not BlockSkeleton.objects.exists()


def test_progress_counts_rows_with_calls(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    reported = []

    class Notes:
        def report(self, done: int, *, total: int | None = None, **_: Any) -> None:
            reported.append((done, total))

    monkeypatch.setattr(background, "EVERY_S", -1.0)
    background.read_history(Notes(), {"block_id": "block-1"})  # type: ignore[arg-type]
    assert reported[0] == (0, None)
    assert reported[-1] == (9, 9)


def test_starting_needs_the_right_and_a_block(browser_of: Any, scene: Scene) -> None:
    assert browser_of("ops").post(START, {"work": "history"}).status_code == 403
    assert browser_of("support").post(START, {"work": "nonsense"}).status_code == 400
    assert browser_of("support").get(START).status_code == 405
    absent = "/blocks/block-none/history/work/"
    assert browser_of("support").post(absent, {"work": "history"}).status_code == 404


def test_it_belongs_to_one_person(scene: Scene, superuser: Client, browser_of: Any) -> None:
    url = started(superuser, "history")
    assert browser_of("support").get(url).status_code == 404


def test_what_no_index_reaches_is_looked_for_by_the_worker_and_told_next_time(
    scene: Scene, superuser: Client, large: None
) -> None:
    before = superuser.get(PAGE)
    assert "None of about" in before.content.decode()
    assert before.context["told"].completeness.explained == 9
    url = started(superuser, "prompts")
    run_worker()
    found = superuser.get(url).content.decode()
    assert "Read 12 of about 12 stored prompts" in found
    after = superuser.get(PAGE).context["told"]
    values = [value for _, value in after.values()]
    assert values == [f"{CANARY}\nline {number}" for number in range(13)]
    assert after.completeness.explained == 12
    assert after.searched == "all"


@pytest.mark.parametrize("limit", [-1, 99], ids=["by the worker", "by the page"])
def test_what_another_organization_was_shown_is_no_evidence(
    scene: Scene, superuser: Client, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FEW_TRACES", limit)
    theirs = "Somebody else's memory"
    scene.insert(
        "organizations", id="org-2", name="Other", privileged_tools=False, is_deleted=False
    )
    for value in (f"{CANARY}\nline 5", theirs):
        scene.turn("agent-9", {"human": value}, stored=False)
    change = "UPDATE provider_traces SET organization_id = 'org-2' WHERE agent_id = 'agent-9'"
    scene.database.execute(change)
    findings.search(lambda *_: None, most_rows=99, seconds=60)
    told = superuser.get(PAGE).context["told"]
    assert theirs not in [value for _, value in told.values()]
    assert told.completeness.explained == 12


def test_how_many_prompts_everybody_has_is_told_to_nobody_of_a_narrower_scope(
    scene: Scene, person: Callable[[str], User], browser_of: Callable[[str], Client], large: None
) -> None:
    person("support").assignments.all().delete()
    assign(person("support"), "organization", "org-1", "own")
    client = browser_of("support")
    url = started(client, "prompts")
    run_worker()
    told, work = state(client, url), BackgroundWork.objects.get()
    assert (told["state"], told["done"], told["total"]) == ("done", 0, None)
    assert work.result == {"read": 0, "about": 0, "complete": True}
    assert StraySearch.objects.get().read == 12


def test_the_search_goes_on_where_its_budget_ended(
    scene: Scene, superuser: Client, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agents_app.revisions.collect import strays

    monkeypatch.setattr(strays, "IDS_AT_ONCE", 2)
    first = findings.search(lambda *_: None, most_rows=2, seconds=60)
    assert (first.read, first.complete) == (2, False)
    body = superuser.get(PAGE).content.decode()
    assert "Read 2 of about 12 stored prompts" in body
    assert "Go on looking" in body
    last = findings.search(lambda *_: None, most_rows=99, seconds=60)
    assert (last.read, last.complete) == (12, True)
    assert StrayTrace.objects.count() == 3


def test_a_budget_of_no_seconds_reads_nothing(scene: Scene) -> None:
    assert findings.search(lambda *_: None, most_rows=99, seconds=-1).read == 0


def test_a_search_that_came_to_its_end_begins_anew(scene: Scene) -> None:
    findings.search(lambda *_: None, most_rows=99, seconds=60)
    scene.turn("agent-1", {"human": f"{CANARY}\nline 12"}, stored=False)
    again = findings.search(lambda *_: None, most_rows=99, seconds=60)
    assert (again.read, StraySearch.objects.count(), StrayTrace.objects.count()) == (13, 1, 4)


def test_what_it_keeps_is_ids_and_hashes(scene: Scene, superuser: Client, large: None) -> None:
    started(superuser, "prompts")
    run_worker()
    superuser.get(PAGE)
    stored = everything_stored()
    assert StrayTrace.objects.count() == 3
    for text in (CANARY, "Kanarienvogel", "line 2", "human"):
        assert text not in stored


def test_it_tells_by_its_values_what_a_deleted_agent_was_shown(
    scene: Scene, superuser: Client, large: None
) -> None:
    scene.database.execute("UPDATE provider_traces SET agent_id = 'agent-gone' WHERE step_id IN"
                           " (SELECT step_id FROM provider_traces ORDER BY created_at LIMIT 4)")  # fmt: skip
    findings.search(lambda *_: None, most_rows=99, seconds=60)
    told = superuser.get(PAGE).context["told"]
    assert told.searched == "all"
    assert StrayTrace.objects.filter(agent_id="agent-gone").count() == 3


def test_what_no_index_reaches_needs_its_index(
    scene: Scene, superuser: Client, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "reachable_by_step", lambda: False)
    body = superuser.get(PAGE).content.decode()
    assert "no index that tells which of them still have a message" in body
    assert "Look through them" not in body


def test_a_watched_search_is_the_readers_own(scene: Scene, superuser: Client) -> None:
    started(superuser, "prompts")
    work = BackgroundWork.objects.get()
    assert (work.state, work.about, work.user) == (State.QUEUED, "", User.objects.get())


def test_of_a_block_that_nobody_holds_the_worker_looks_for_its_former_holder(
    scene: Scene, superuser: Client, large: None
) -> None:
    scene.agent("agent-2")
    for number in range(3):
        old, new = f"Guests of the evening: {number}", f"Guests of the evening: {number + 1}"
        scene.turn("agent-2", {"guests": old}, "memory_replace", label="guests",
                   old_string=old, new_string=new, returned=new)  # fmt: skip
    scene.block("block-2", "Guests of the evening: 3", label="guests", version=4)
    page = "/blocks/block-2/history/"
    assert superuser.get(page).context["told"].completeness.explained < 3
    assert superuser.post(f"{page}work/", {"work": "prompts"}).status_code == 302
    run_worker()
    told = superuser.get(page).context["told"]
    assert [value for _, value in told.values()] == [
        f"Guests of the evening: {n}" for n in range(4)
    ]
    assert {one.agent_id for one in told.revisions[1:]} == {"agent-2"}


def test_two_searches_at_once_are_one(scene: Scene) -> None:
    from django.db import connections

    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [findings.LOCK])
        assert findings.search(lambda *_: None, most_rows=99, seconds=60).read == 0
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [findings.LOCK])
    finally:
        other.close()
    assert findings.search(lambda *_: None, most_rows=99, seconds=60).read == 12
