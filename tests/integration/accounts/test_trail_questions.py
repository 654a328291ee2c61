"""Three questions to the trail, and what its pages say of a row and of the chain."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from agents_app.accounts import audit
from agents_app.accounts.models import AccessEvent, Outcome, TrailSegment
from agents_app.accounts.trail import freshness, reaching, signing, summaries
from agents_app.letta.errors import LettaDown
from agents_app.ui.logs import JsonLine
from tests.integration.accounts.test_record import request_of
from tests.integration.accounts.test_trail_chain import verified
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
Looked = Callable[..., None]
NOBODY = "agent-00000000-dead-4000-8000-000000000000"


@pytest.fixture
def looked(person: Callable[[str], User]) -> Looked:
    def look(role: str, *ids: str, agent: str = "", action: str = "x.read", **more: Any) -> None:
        audit.record(
            request_of(person(role)), action, kind="x", ids=ids, agent_id=agent, **more  # type: ignore[arg-type]
        )  # fmt: skip

    return look


def told(client: Client, url: str) -> dict[str, Any]:
    response = client.get(f"{url}?format=json")
    assert response.status_code == 200, response.content[:300]
    found: dict[str, Any] = response.json()
    return found


def test_what_a_person_did_is_counted_by_action_and_agent(
    looked: Looked, letta: LettaDatabase, browser_of: Browser, person: Callable[[str], User]
) -> None:
    looked("support", "message-1", agent="agent-1")
    looked("support", "message-2", agent="agent-1", action="x.export")
    looked("support", "agent-2", outcome=Outcome.DENIED)
    looked("auditor", "message-3", agent="agent-3")
    found = told(browser_of("auditor"), f"/trail/people/{person('support').pk}/")
    counts = {one["name"]: (one["allowed"], one["exports"], one["refused"]) for one in found["actions"]["lines"]}  # fmt: skip
    assert counts == {"x.export": (1, 1, 0), "x.read": (1, 0, 1)}
    assert [(one["id"], one["allowed"]) for one in found["agents"]["lines"]] == [("agent-1", 2)]
    assert [row["sequence"] for row in found["results"]] == [3, 2, 1]


def test_who_looked_at_an_agent_is_told_whatever_page_it_was(
    looked: Looked, letta: LettaDatabase, browser_of: Browser
) -> None:
    looked("support", "message-1", agent=NOBODY)
    looked("support", "block-1", about=[NOBODY])
    looked("ops", NOBODY, outcome=Outcome.DENIED)
    looked("support", "message-2", agent="agent-other")
    found = told(browser_of("auditor"), f"/trail/agents/{NOBODY}/")
    people = {one["name"]: (one["allowed"], one["refused"]) for one in found["people"]["lines"]}
    assert people == {"support": (2, 0), "ops": (0, 1)}
    assert found["people"]["complete"]
    assert [row["sequence"] for row in found["results"]] == [3, 2, 1]


def test_who_looked_at_a_customer_includes_agents_blocks_and_archives_of_today(
    looked: Looked, letta: LettaDatabase, browser_of: Browser
) -> None:
    identity, agent, block = letta.rows(
        "SELECT i.identity_id, i.agent_id, b.block_id FROM identities_agents i"
        " JOIN blocks_agents b ON b.agent_id = i.agent_id LIMIT 1"
    )[0]
    for ids, of in (([identity], ""), (["message-1"], agent), ([block], ""), (["block-x"], "")):
        looked("support", *ids, agent=of)
    found = told(browser_of("auditor"), f"/trail/identities/{identity}/")
    assert [row["objects"] for row in found["results"]] == [[block], ["message-1"], [identity]]
    assert agent in found["agents"]
    page = browser_of("auditor").get(f"/trail/identities/{identity}/").content.decode()
    (name,) = letta.rows("SELECT name FROM identities WHERE id = %s", [identity])[0]
    assert name not in page
    assert "What is covered" in page


def test_looking_at_the_trail_is_no_look_at_the_customer(
    looked: Looked, letta: LettaDatabase, browser_of: Browser
) -> None:
    (identity,) = letta.rows("SELECT id FROM identities LIMIT 1")[0]
    client = browser_of("auditor")
    for _ in range(2):
        assert told(client, f"/trail/identities/{identity}/")["results"] == []
    assert AccessEvent.objects.filter(action="trail.read", object_ids=[identity]).count() == 2


def test_without_letta_the_answer_says_what_it_lacks(
    looked: Looked, letta: LettaDatabase, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: str) -> list[str]:
        raise LettaDown(detail="refused")

    monkeypatch.setattr(reaching, "agent_ids_of_identity", fails)
    looked("support", "identity-1")
    found = told(browser_of("auditor"), "/trail/identities/identity-1/")
    assert len(found["results"]) == 1
    assert "did not tell" in found["partial"]


@pytest.mark.parametrize("kind", ["agents", "identities"])
def test_an_id_that_letta_and_the_trail_never_saw_is_not_found(
    kind: str, letta: LettaDatabase, browser_of: Browser
) -> None:
    assert browser_of("auditor").get(f"/trail/{kind}/{NOBODY}/").status_code == 404


def test_the_csv_of_a_question_holds_its_rows_alone(
    looked: Looked, letta: LettaDatabase, browser_of: Browser
) -> None:
    looked("support", "=cmd|'/c calc'!A1", agent=NOBODY, reason="=1+1")
    looked("support", "message-2", agent="agent-other")
    response = browser_of("auditor").get(f"/trail/agents/{NOBODY}/?format=csv")
    (row,) = csv.DictReader(b"".join(response).decode().splitlines())  # type: ignore[arg-type]
    assert row["agent_id"] == NOBODY
    assert row["reason"] == "'=1+1"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_a_row_verifies_and_leads_to_those_beside_it(looked: Looked, browser_of: Browser) -> None:
    for number in range(3):
        looked("support", f"message-{number}")
    client = browser_of("auditor")
    assert told(client, "/trail/rows/2/")["verifies"]
    page = client.get("/trail/rows/2/").content.decode()
    assert "This row verifies" in page
    assert "/trail/rows/1/" in page
    assert "/trail/rows/3/" in page
    assert client.get("/trail/rows/999/").status_code == 404


@pytest.mark.parametrize(
    ("sql", "row", "problem"),
    [
        ("UPDATE agents_app_accessevent SET action = 'y' WHERE sequence = 2", 2, "was changed after"),
        ("DELETE FROM agents_app_accessevent WHERE sequence = 1", 2, "Row 1, upon which"),
        ("DELETE FROM agents_app_accessevent WHERE sequence > 2", 2, "Row 3 is missing"),
        ("UPDATE agents_app_accessevent SET hash = repeat('f', 64) WHERE sequence = 1", 2, "another row 1"),
        ("UPDATE agents_app_accessevent SET hash = repeat('f', 64) WHERE sequence = 2", 2, "Row 3 was sealed"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_verify_says_why(
    sql: str, row: int, problem: str, looked: Looked, browser_of: Browser
) -> None:
    for number in range(3):
        looked("support", f"message-{number}")
    with connection.cursor() as cursor:
        cursor.execute(sql)
    found = told(browser_of("auditor"), f"/trail/rows/{row}/")
    assert not found["verifies"]
    assert any(problem in one for one in found["problems"]), found["problems"]


def test_a_row_that_was_moved_out_says_where_it_is(browser_of: Browser) -> None:
    TrailSegment.objects.create(
        first_sequence=1, last_sequence=40, last_hash="0" * 64, file_sha256="ab" * 32,
        last_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    page = browser_of("auditor").get("/trail/rows/7/").content.decode()
    assert "abab" in page
    assert "1 to 40" in page
    chain = told(browser_of("auditor"), "/trail/chain/")
    assert chain["begins_after"]["sequence"] == 40
    assert [one["last_sequence"] for one in chain["segments"]] == [40]


@pytest.fixture
def signing_place(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.INSPECTOR_CHECKPOINT_DIR = str(tmp_path / "checkpoints")
    settings.INSPECTOR_CHECKPOINT_KEY_FILE = str(tmp_path / "key.pem")
    signing.make_key(tmp_path / "key.pem")
    monkeypatch.setattr(freshness, "_kept", None)
    return tmp_path


def test_the_chain_is_followed_on_request_against_its_checkpoints(
    looked: Looked, signing_place: Path, browser_of: Browser
) -> None:
    for number in range(4):
        looked("support", f"message-{number}")
    call_command("checkpoint_trail", stdout=StringIO())
    (signing_place / "key.pem").unlink()  # the web server needs the public half alone
    client = browser_of("auditor")
    found = told(client, "/trail/chain/")
    assert (found["followed"], found["checkpoint"]["signature"]) == (None, "right")
    followed = client.get("/trail/chain/?rows=1000&format=json").json()["followed"]
    assert (followed["verifies"], followed["signed"], followed["first"]) == (True, 1, 1)
    assert AccessEvent.objects.filter(action="trail.verify").exists()


def test_a_changed_row_and_a_checkpoint_of_another_row_are_told(
    looked: Looked, signing_place: Path, browser_of: Browser
) -> None:
    for number in range(3):
        looked("support", f"message-{number}")
    call_command("checkpoint_trail", stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agents_app_accessevent SET hash = repeat('f', 64) WHERE sequence = 3"
        )
    client = browser_of("auditor")
    assert told(client, "/trail/chain/")["checkpoint"]["signature"] == "wrong"
    page = client.get("/trail/chain/?rows=1000").content.decode()
    assert "Row 3 is changed" in page


@pytest.mark.parametrize("url", ["/trail/", "/trail/people/", "/trail/chain/"])
def test_an_empty_trail_says_so(url: str, browser_of: Browser) -> None:
    page = browser_of("auditor").get(url).content.decode()
    assert "on record" in page


def test_the_identity_and_the_agent_lead_to_who_looked_for_those_who_may_know(
    letta: LettaDatabase, browser_of: Browser
) -> None:
    identity, agent = letta.rows("SELECT identity_id, agent_id FROM identities_agents LIMIT 1")[0]
    for url, target in ((f"/identities/{identity}/", f"/trail/identities/{identity}/"),
                        (f"/agents/{agent}/", f"/trail/agents/{agent}/")):  # fmt: skip
        assert target in browser_of("superuser").get(url).content.decode()
        assert target not in browser_of("support").get(url).content.decode()


def test_summaries_look_at_the_newest_events_only(
    looked: Looked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "NEWEST", 2)
    for role in ("ops", "support", "auditor"):
        looked(role, "message-1")
    found = summaries.by_person(AccessEvent.objects.all())
    assert [line.name for line in found.lines] == ["auditor", "support"]
    assert (found.looked_at, found.is_cut) == (2, True)


def test_what_a_collector_kept_of_the_log_verifies_whatever_stands_between(
    looked: Looked, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        for number in range(5):
            looked("support", f"message-{number}")
    lines = [JsonLine().format(one) for one in caplog.records if one.name == "inspector.trail"]
    lines[1], lines[2] = lines[2], lines[1]  # two processes wrote at once
    kept = tmp_path / "collected.jsonl"
    kept.write_text(
        "\n".join(["Ready.", lines[0], '{"logger": "inspector.request"}', "", *lines[1:]])
    )
    assert verified("--file", str(kept)).startswith("5 rows up to 5 are as recorded")
    kept.write_text(kept.read_text().replace("message-3", "message-8"))
    assert verified("--file", str(kept)).startswith("Row 4 is changed")
