"""The footprint: what it counts, what it says it does not, and that its words are kept nowhere."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from agents_app.accounts.audit import keyed
from agents_app.accounts.models import AccessEvent, Assignment
from agents_app.letta import catalogue, scoping
from agents_app.people.footprint import reading, terms
from agents_app.people.footprint.places import MEANINGS, PLACES
from agents_app.people.footprint.reading import Reading
from agents_app.people.footprint.windows import Asked, windows
from agents_app.text.masking import policy
from agents_app.work.models import BackgroundWork, State
from tests.conftest import assign
from tests.inert import findings
from tests.lettadb import LettaDatabase
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/identities/identity-1/footprint/"
CANARY = "xylophone canary"


def run_worker() -> None:
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(
        queues=["letta"], wait=False, install_signal_handlers=False, delete_jobs="always"
    )


def started(client: Client, *words: str, path: str = PAGE) -> str:
    response = client.post(f"{path}start/", {"terms": "\n".join(words)})
    assert response.status_code == 302, response.content[:400]
    return str(response["Location"])


def told(client: Client, url: str) -> Any:
    return json.loads(client.get(f"{url}?format=json").content)


def read(identity: str, *words: str) -> dict[str, Any]:
    """The kept result, read here and now."""
    with scoping.using(scoping.EVERYTHING):
        return Reading(identity, words, lambda rows, result: None, prompts=True).read()


def rows(result: dict[str, Any]) -> dict[str, int]:
    return {one["table"]: one["rows"] for one in result["tables"] if one["rows"]}


def test_it_counts_what_links_lead_to(shop: LettaDatabase, superuser: Client) -> None:
    url = started(superuser)
    run_worker()
    found = told(superuser, url)
    assert (found["state"], found["complete"]) == ("done", True)
    assert {one["table"]: one["rows"] for one in found["tables"] if one["rows"]} == {
        "identities": 1, "identities_agents": 3, "identities_blocks": 1, "agents": 3,
        "blocks_agents": 2, "archives_agents": 2, "sources_agents": 1, "conversations": 2,
        "messages": 62, "blocks_conversations": 1, "block": 4, "archives": 2,
        "archival_passages": 30, "sources": 1, "files": 1, "files_agents": 1, "runs": 6,
        "steps": 12, "provider_traces": 12,
    }  # fmt: skip
    assert found["rows"] == sum(one["rows"] or 0 for one in found["tables"])


def test_sizes_are_what_the_database_stores(shop: LettaDatabase) -> None:
    (stored,) = shop.rows(
        "SELECT sum(pg_column_size(text) + pg_column_size(id)) FROM archival_passages"
    )[0]
    found = {one["table"]: one for one in read("identity-1")["tables"]}
    assert found["archival_passages"]["bytes"] > stored
    assert found["messages"]["oldest"] < found["messages"]["newest"]


def test_a_shared_agent_is_said_plainly(shop: LettaDatabase, superuser: Client) -> None:
    url = started(superuser)
    run_worker()
    agents = {one["id"]: one for one in told(superuser, url)["agents"]}
    assert [agents[one]["others"] for one in ("agent-1", "agent-2", "agent-3")] == [0, 0, 1]
    assert (agents["agent-3"]["messages"], agents["agent-3"]["named"]) == (20, 20)
    html = superuser.get(url).content.decode()
    assert "Shared agents:" in html
    assert "1 of 3 agents serve other identities" in html
    assert findings(html) == []


def test_terms_are_counted_by_table_and_kept_nowhere(
    shop: LettaDatabase, superuser: Client
) -> None:
    shop.execute(f"UPDATE archival_passages SET text = text || ' {CANARY}' WHERE id = 'passage-3'")
    url = started(superuser, CANARY.upper(), "likes tea", "absent words")
    assert CANARY not in everything_stored().casefold()
    run_worker()
    hits = {one["table"]: one["rows_with_terms"] for one in told(superuser, url)["tables"]}
    assert hits["archival_passages"] == [1, 0, 0]
    assert hits["block"] == [0, 1, 0]
    assert hits["messages"] == [0, 1, 0]  # inside the arguments of a call
    assert CANARY not in everything_stored().casefold()
    events = AccessEvent.objects.filter(action="identity.footprint").order_by("sequence")
    assert events[0].terms == keyed(CANARY)
    work = BackgroundWork.objects.get()
    assert (work.result["terms"][0], bytes(work.arguments)) == (keyed(CANARY), b"")


def everything_stored() -> str:
    """Every row of every table of ours, as PostgreSQL writes it."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if not getattr(model, "letta_model", False):
                cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
                found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_the_report_says_what_is_not_reached(shop: LettaDatabase, superuser: Client) -> None:
    url = started(superuser)
    run_worker()
    html = superuser.get(url).content.decode()
    assert "whose step is gone" in html
    assert "Jobs, and runs from before 0.12" in html
    assert "provider_trace-lost" not in html


def test_it_is_exported_as_csv_and_goes_on_record(shop: LettaDatabase, superuser: Client) -> None:
    url = started(superuser)
    run_worker()
    body = b"".join(superuser.get(f"{url}?format=csv")).decode()  # type: ignore[arg-type]
    lines = list(csv.DictReader(io.StringIO(body)))
    assert {one["table"] for one in lines} == MEANINGS.keys()
    actions = AccessEvent.objects.order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["identity.footprint", "identity.export"]


def test_it_can_be_cancelled_and_keeps_what_was_read(
    shop: LettaDatabase, superuser: Client
) -> None:
    url = started(superuser)
    superuser.post(url)
    run_worker()
    assert BackgroundWork.objects.get().state == State.CANCELLED
    assert "Cancelled" in superuser.get(url).content.decode()


def test_a_waiting_page_polls_and_stops(shop: LettaDatabase, superuser: Client) -> None:
    url, headers = started(superuser), {"HX-Request": "true", "HX-Target": "progress"}
    assert statements(lambda: superuser.get(url, headers=headers)) == []
    assert "Waiting for the worker" in superuser.get(url, headers=headers).content.decode()
    run_worker()
    assert superuser.get(url, headers=headers).status_code == 286


@pytest.mark.parametrize(
    "words", [["ab"], ["x" * 201], ["one", "two", "three", "four", "five", "six"]]
)
def test_wrong_terms_are_answered_beside_the_field(
    words: list[str], shop: LettaDatabase, superuser: Client
) -> None:
    response = superuser.post(f"{PAGE}start/", {"terms": "\n".join(words)})
    assert response.status_code == 400
    assert "Write up to 5 terms" in response.content.decode()
    assert not BackgroundWork.objects.exists()


def test_only_its_owner_sees_a_report_and_only_of_this_identity(
    shop: LettaDatabase, superuser: Client, browser_of: Callable[[str], Client]
) -> None:
    url = started(superuser)
    assert browser_of("support").get(url).status_code == 404
    assert superuser.get(url.replace("identity-1", "identity-2")).status_code == 404
    assert browser_of("ops").get(PAGE).status_code == 403
    assert browser_of("ops").post(f"{PAGE}start/").status_code == 403


def test_in_a_scope_of_one_identity_sharing_is_not_known(
    shop: LettaDatabase, person: Callable[[str], User], browser_of: Callable[[str], Client]
) -> None:
    client, user = browser_of("support"), person("support")
    Assignment.objects.filter(user=user).delete()
    assign(user, "organization", "*", "own")
    assign(user, "identity", "identity-1", "")
    url = started(client)
    run_worker()
    assert told(client, url)["shared_agents"] is None
    assert "cannot be told within your access" in client.get(url).content.decode()


def test_small_windows_count_the_same(shop: LettaDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows(read("identity-1"))
    monkeypatch.setattr(reading, "WINDOW", 7)
    assert rows(read("identity-1")) == whole


def test_it_stops_at_its_bounds_and_says_so(
    shop: LettaDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 5)
    assert "rows" in {one["why"] for one in read("identity-1")["tables"]}


def test_every_window_is_read_by_an_index(shop: LettaDatabase, superuser: Client) -> None:
    superuser.get("/identities/identity-1/")

    def ask() -> None:
        with scoping.using(scoping.EVERYTHING):
            for place in PLACES:
                if catalogue.current().has_table(place.table):
                    asked = Asked("identity-1", organizations=["org-1"])
                    for window in windows(place, ["agent-1", "run-1"], asked, size=3):
                        terms.hits(place, window, ["tea"], asked)

    assert scanned(shop, statements(ask)) == set()


def test_a_customer_without_anything_has_one_row(shop: LettaDatabase) -> None:
    assert rows(read("identity-4")) == {"identities": 1}


def test_every_identity_of_every_release_can_be_read(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for (pk,) in letta_of_each_release.rows("SELECT id FROM identities ORDER BY id LIMIT 6"):
        found = read(pk, "order")
        assert [one for one in found["tables"] if one["why"]] == []
        sql = "SELECT count(*) FROM messages WHERE agent_id IN (SELECT agent_id FROM identities_agents WHERE identity_id = %s)"
        assert rows(found).get("messages", 0) == letta_of_each_release.rows(sql, [pk])[0][0]


def test_every_place_has_a_meaning() -> None:
    assert {place.table for place in PLACES} == MEANINGS.keys()


def test_of_what_is_masked_only_a_whole_value_is_found(shop: LettaDatabase) -> None:
    shop.execute("UPDATE sources SET description = 'Ask jane.roe@example.com about tea'")
    with policy.using(policy.MASKED):
        found = read("identity-1", "jane.roe@example.com", "jane.roe", "@example", "about tea")
    hits = {one["table"]: one["hits"] for one in found["tables"]}
    assert hits["sources"] == [1, 0, 0, 1]
    with policy.using(policy.UNMASKED):
        found = read("identity-1", "jane.roe")
    assert {one["table"]: one["hits"] for one in found["tables"]}["sources"] == [1]


def test_prompts_are_searched_only_by_those_who_may_see_them(
    shop: LettaDatabase, browser_of: Callable[[str], Client], superuser: Client
) -> None:
    hits = {}
    for client in (superuser, browser_of("support")):
        url = started(client, "tea")
        run_worker()
        tables = {one["table"]: one["rows_with_terms"] for one in told(client, url)["tables"]}
        hits[client] = tables["provider_traces"]
    assert list(hits.values()) == [[12], [None]]


def test_raw_answers_of_a_model_are_prompts_wherever_they_are_stored() -> None:
    raw = {"system", "request_json", "response_json", "batch_request_result"}
    for place in PLACES:
        assert raw.isdisjoint(place.searched(prompts=False)), place.table


def test_an_auditor_searches_words_only_where_a_reason_was_given(
    shop: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    auditor = browser_of("auditor")
    assert auditor.post(f"{PAGE}start/", {"terms": "tea"}).status_code == 400
    assert auditor.post(f"{PAGE}start/").status_code == 302


LOGINS = [
    {"server": "db-1", "wifi": {"phone": "301234567"}},
    {"old": {"password": "Wint3rmond"}, "new": {"password": "hunter2abc"}},
]


@pytest.mark.parametrize("glue", ["", "\n"])
def test_of_a_value_masked_by_its_key_no_part_is_found(shop: LettaDatabase, glue: str) -> None:
    arguments = glue + json.dumps(LOGINS) if glue else "".join(map(json.dumps, LOGINS))
    call = {"id": "c", "function": {"name": "save_login", "arguments": arguments}}
    change = "UPDATE messages SET tool_calls = %s WHERE id = 'message-call'"
    (before,) = shop.rows("SELECT tool_calls::text FROM messages WHERE id = 'message-call'")[0]
    shop.execute(change, [json.dumps([call])])
    try:
        with policy.using(policy.MASKED):
            parts = found_in_messages("hunter2a", "Wint3", "30123", "save_log")
            whole = found_in_messages("hunter2abc", "Wint3rmond", "301234567", "db-1")
    finally:
        shop.execute(change, [before])
    assert (parts, whole) == ([0, 0, 0, 1], [1, 1, 1, 1])


def found_in_messages(*words: str) -> list[int]:
    tables = {one["table"]: one["hits"] for one in read("identity-1", *words)["tables"]}
    return list(tables["messages"])


def test_a_system_prompt_among_messages_is_found_only_by_those_who_may_see_it(
    shop: LettaDatabase, browser_of: Callable[[str], Client], superuser: Client
) -> None:
    said = "SELECT 'message-' || n, 'agent-1', 'system', %s, '[]', n, now(), 'org-1', false FROM generate_series(900, 900) n"
    columns = "id, agent_id, role, content, tool_calls, sequence_id, created_at, organization_id, is_deleted"
    prompt = json.dumps([{"type": "text", "text": "The code word is KRAKEN."}])
    shop.execute(f"INSERT INTO messages ({columns}) {said}", [prompt])
    try:
        hits = [messages_with("KRAKEN", client) for client in (superuser, browser_of("support"))]
    finally:
        shop.execute("DELETE FROM messages WHERE id = 'message-900'")
    assert hits == [[1], [0]]


def messages_with(word: str, client: Client) -> list[int]:
    url = started(client, word)
    run_worker()
    tables = {one["table"]: one["rows_with_terms"] for one in told(client, url)["tables"]}
    return list(tables["messages"])
