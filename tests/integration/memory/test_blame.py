"""The blame page: each line with where it comes from."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from agents_app.memory import reading
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(letta: LettaDatabase) -> str:
    """The block that was written most."""
    sql = "SELECT id FROM block WHERE id NOT LIKE 'block-bad%' ORDER BY version DESC NULLS LAST, id LIMIT 1"
    found: str = letta.rows(sql)[0][0]
    return found


def as_json(client: Client, block: str, page: str = "blame", query: str = "") -> Any:
    return json.loads(client.get(f"/blocks/{block}/{page}/?format=json&limit=200{query}").content)


def test_the_lines_of_every_block_are_those_of_its_value(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    for block, value in letta_of_each_release.rows(
        "SELECT id, value FROM block ORDER BY md5(id) LIMIT 6"
    ):
        assert superuser.get(f"/blocks/{block}/blame/").status_code == 200
        lines = as_json(superuser, block)["lines"]
        assert "\n".join(line["text"] for line in lines) == value


def test_each_line_names_a_revision_of_the_history_that_has_it(
    busy: str, superuser: Client
) -> None:
    values = {one["id"]: one for one in as_json(superuser, busy, "history")["results"]}
    lines = as_json(superuser, busy)["lines"]
    assert lines
    for line in lines:
        assert line["text"] in values[line["revision"]]["value"].split("\n")
        assert line["message_id"] == values[line["revision"]]["message_id"]
        assert line["cause_message_id"] == values[line["revision"]]["cause_message_id"]


def test_an_earlier_revision_is_blamed_alone(busy: str, superuser: Client) -> None:
    known = [
        one for one in as_json(superuser, busy, "history")["results"] if one["value"] is not None
    ]
    wanted = known[len(known) // 2]
    found = as_json(superuser, busy, query=f"&revision={quote(wanted['id'])}")
    assert "\n".join(line["text"] for line in found["lines"]) == wanted["value"]
    assert {line["revision"] for line in found["lines"]} <= {
        one["id"] for one in known[: len(known) // 2 + 1]
    }
    assert superuser.get(f"/blocks/{busy}/blame/?revision={quote(wanted['id'])}").status_code == 200


def test_a_revision_nobody_knows_is_a_404(busy: str, superuser: Client) -> None:
    assert superuser.get(f"/blocks/{busy}/blame/?revision=call:nobody:0").status_code == 404


def test_rewrites_can_be_ignored(busy: str, superuser: Client) -> None:
    body = superuser.get(f"/blocks/{busy}/blame/?rewrites=ignored").content.decode()
    assert "Rewrites ignored" in body


def test_the_page_leads_to_the_call_the_step_and_what_was_said(
    busy: str, superuser: Client
) -> None:
    line = next(one for one in as_json(superuser, busy)["lines"] if one["message_id"])
    body = superuser.get(f"/blocks/{busy}/blame/").content.decode()
    assert f"/messages/{line['message_id']}/" in body
    assert f"/steps/{line['step_id']}/" in body


def test_a_history_too_long_for_one_page_is_said(
    busy: str, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONGEST_S", -1)
    monkeypatch.setattr(reading, "NEWEST_CALLS", 2)
    body = superuser.get(f"/blocks/{busy}/blame/").content.decode()
    assert "at least that old" in body
    assert "or earlier" in body


def test_reading_it_is_on_record(busy: str, browser_of: Callable[[str], Client]) -> None:
    browser_of("support").get(f"/blocks/{busy}/blame/")
    event = AccessEvent.objects.get()
    assert (event.action, event.object_ids[0]) == ("memory.blame", busy)
    assert {one.split("-")[0] for one in event.object_ids[1:]} == {"agent"}


def test_it_needs_the_right_to_content(busy: str, browser_of: Callable[[str], Client]) -> None:
    assert browser_of("ops").get(f"/blocks/{busy}/blame/").status_code == 403
