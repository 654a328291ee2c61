"""The way in for ticket systems: where a key leads, and that it is written down nowhere."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from gunicorn.config import Config

from agents_app.accounts.audit import keyed
from agents_app.accounts.models import AccessEvent, Assignment
from agents_app.people import keys
from agents_app.ui.logs import JsonLine
from dashboard.weblog import WebLog
from tests.conftest import assign
from tests.lettadb import LettaDatabase
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db
CANARY = "canary-7f3a@example.com"


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """What any logger of the process would write, at any level, as lines."""
    lines: list[str] = []

    class Taking(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonLine().format(record))

    named = [
        one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)
    ]
    loggers, handler = [logging.root, *named], Taking()
    levels = [one.level for one in loggers]
    for one in loggers:
        one.addHandler(handler)
        one.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        for one, level in zip(loggers, levels, strict=True):
            one.removeHandler(handler)
            one.setLevel(level)


@pytest.fixture
def canaries(shop: LettaDatabase) -> Iterator[Callable[[int], None]]:
    """`canaries(2)`: two identities with the key."""

    def add(count: int) -> None:
        for n in range(count):
            shop.execute(
                "INSERT INTO identities (id, identifier_key, name, identity_type, properties, organization_id,"
                f" is_deleted) VALUES ('identity-c{n}', '{CANARY}', 'Someone', 'user', '[]', 'org-{n + 1}', false)"
            )

    yield add
    shop.execute(f"DELETE FROM identities WHERE identifier_key = '{CANARY}'")


def test_an_exact_key_leads_to_its_identity_at_once(shop: LettaDatabase, superuser: Client) -> None:
    response = superuser.get("/go", {"identity": "ada+shop@example.com"})
    assert (response.status_code, response["Location"]) == (302, "/identities/identity-1/")
    assert (
        superuser.get("/go?identity=ada+shop@example.com")["Location"] == "/identities/identity-1/"
    )
    assert superuser.get("/go?identity=identity-2")["Location"] == "/identities/identity-2/"


def test_part_of_a_key_or_another_case_leads_nowhere(
    shop: LettaDatabase, superuser: Client
) -> None:
    for key in ("ada", "ADA+SHOP@EXAMPLE.COM", "%", "x" * 2_500, " "):
        assert "Location" not in superuser.get("/go", {"identity": key})
    assert superuser.get("/go", {"identity": "ada"}).status_code == 404
    assert superuser.get("/go").status_code == 200


def test_several_matches_give_a_chooser(shop: LettaDatabase, superuser: Client) -> None:
    response = superuser.get("/go?identity=bob")
    html = response.content.decode()
    assert response.status_code == 200
    assert "Location" not in response
    assert "/identities/identity-2/" in html
    assert "/identities/identity-3/" in html
    found = json.loads(superuser.get("/go?identity=bob&format=json").content)["results"]
    assert [one["organization_id"] for one in found] == ["org-1", "org-2"]


def test_a_form_takes_the_key_out_of_the_address(shop: LettaDatabase, superuser: Client) -> None:
    response = superuser.post("/go", {"identity": "ada+shop@example.com"})
    assert response["Location"] == "/identities/identity-1/"


def test_whoever_must_sign_in_first_takes_the_key_along_sealed(
    shop: LettaDatabase, superuser: Client, client: Client
) -> None:
    onward = client.get("/go", {"identity": "ada+shop@example.com"})["Location"]
    assert onward.startswith("/account/login/?next=")
    assert "ada" not in onward
    token = keys.seal("ada+shop@example.com")
    assert superuser.get("/go", {"sealed": token})["Location"] == "/identities/identity-1/"
    assert superuser.get("/go", {"sealed": token[:-4] + "AAAA"}).status_code == 200


def test_those_who_may_not_see_people_are_refused(
    shop: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    response = browser_of("ops").get("/go?identity=bob")
    assert response.status_code == 403
    assert "bob" not in AccessEvent.objects.get(outcome="denied").object_ids


def test_it_asks_two_questions_by_index(shop: LettaDatabase, superuser: Client) -> None:
    superuser.get("/go?identity=bob")
    asked = statements(lambda: superuser.get("/go?identity=bob"))
    assert len(asked) <= 2
    assert scanned(shop, asked) == set()


@pytest.mark.parametrize("rows", [0, 1, 2])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_key_is_in_no_log_line_no_trail_row_no_address_and_no_title(
    rows: int, method: str, canaries: Callable[[int], None], superuser: Client, client: Client
) -> None:
    canaries(rows)
    with everything_logged() as lines:
        answers = [getattr(one, method)("/go", {"identity": CANARY}) for one in (superuser, client)]
        superuser.get(f"/go?identity={quote(CANARY)}&format=json")
    assert any("request" in line for line in lines)
    assert [line for line in lines if "canary" in line] == []
    assert all("canary" not in str(dict(answer.headers)) for answer in answers)
    assert all(
        "canary" not in answer.content.decode().partition("</title>")[0] for answer in answers
    )
    events = list(AccessEvent.objects.filter(action="identity.find").values())
    assert len({one["request_id"] for one in events}) == 2
    assert all(one["organization_id"] for one in events)
    assert "canary" not in str(events)
    assert {one["terms"] for one in events} == {keyed(CANARY)}


def test_a_fault_on_the_way_is_logged_without_the_key(
    shop: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(key: str) -> None:
        raise ValueError(key)

    monkeypatch.setattr(keys, "matches", fails)
    with everything_logged() as lines:
        response = superuser.get("/go", {"identity": CANARY})
    assert response.status_code == 500
    assert CANARY not in response.content.decode()
    assert any("unexpected failure" in line for line in lines)
    assert not any("canary" in line for line in lines)


def test_the_web_server_writes_no_request_line(caplog: pytest.LogCaptureFixture) -> None:
    log = WebLog(Config())
    log.error_log.addHandler(caplog.handler)
    log.warning(
        f"Invalid request from ip=::1: Invalid HTTP request line: 'GET /go?identity={CANARY}'"
    )
    try:
        raise ValueError(CANARY)
    except ValueError:
        log.exception("Error handling request %s %s", "GET", f"/go?identity={CANARY}")
    log.access(None, None, {"QUERY_STRING": CANARY}, None)
    assert "no valid HTTP" in caplog.text
    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text


def test_a_foreign_organization_answers_as_none_and_one_on_request_asks_for_a_reason(
    shop: LettaDatabase, person: Callable[[str], User], browser_of: Callable[[str], Client]
) -> None:
    client, user = browser_of("support"), person("support")
    Assignment.objects.filter(user=user).delete()
    assign(user, "organization", "org-2", "own")
    foreign = client.get("/go", {"identity": "ada+shop@example.com"})
    absent = client.get("/go", {"identity": "absent@example.com"})
    assert (foreign.status_code, len(foreign.content)) == (absent.status_code, len(absent.content))
    assert client.get("/go?identity=bob")["Location"] == "/identities/identity-3/"
    assign(user, "organization", "org-1", "on request")
    onward = client.get("/go", {"identity": "ada+shop@example.com"})["Location"]
    assert onward == "/identities/identity-1/"
    assert client.get(onward)["Location"].startswith("/access/open/?organization=org-1")
