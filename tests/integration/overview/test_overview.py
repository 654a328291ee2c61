"""The overview: nothing of Letta's unasked, the panels of each role, and each apart from the others."""

from collections.abc import Callable

import pytest
from django.test import Client

from agents_app.letta import access, catalogue
from agents_app.letta.errors import LettaTimeout
from agents_app.overview import state
from agents_app.overview.panels import ORDER, PANELS
from tests.lettadb import LettaDatabase, pointed_at
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "panel"}
SMALL = {"block", "blocks_agents", "agents", "conversations"}


def test_the_page_itself_opens_no_connection_to_letta(
    letta: LettaDatabase, superuser: Client
) -> None:
    access.close_idle()
    before = access.connects_total()
    response = superuser.get("/")
    assert response.status_code == 200
    assert access.connects_total() == before
    assert b"?panel=failed" in response.content


@pytest.mark.parametrize("role", [role for role in ORDER if role])
def test_each_role_gets_its_own_panels(
    role: str, letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    data = browser_of(role).get("/?format=json").json()
    assert data["role"] == role
    assert list(data["panels"]) == list(ORDER[role])
    assert all(panel is not None and "error" not in panel for panel in data["panels"].values())


@pytest.mark.parametrize("name", list(PANELS))
def test_a_panel_of_another_role_is_refused(
    name: str, letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    for role in ("support", "auditor", "ops", "admin"):
        status = browser_of(role).get(f"/?panel={name}", headers=HTMX).status_code
        assert status == (200 if name in ORDER[role] else 403)


def test_the_first_answer_of_letta_sets_the_other_panels_off(
    letta: LettaDatabase, superuser: Client
) -> None:
    assert (
        "letta-answered" in superuser.get("/?panel=letta", headers=HTMX)["HX-Trigger-After-Settle"]
    )
    assert "HX-Trigger-After-Settle" not in superuser.get("/?panel=failed", headers=HTMX)


def test_a_browser_without_scripts_loads_all_at_once(
    letta: LettaDatabase, superuser: Client
) -> None:
    page = superuser.get("/?panel=all").content.decode()
    assert "hx-trigger" not in page
    assert all(PANELS[name].title in page for name in ORDER["superuser"])


def test_a_slow_panel_does_not_take_the_others_along(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow() -> None:
        raise LettaTimeout

    monkeypatch.setitem(
        PANELS,
        "memory",
        PANELS["memory"].__class__("memory", "Memory", PANELS["memory"].needs, slow),
    )
    data = superuser.get("/?format=json").json()["panels"]
    assert data["memory"]["error"] == "timeout"
    assert data["failed"]["looked_at"] >= 0
    assert "needed too long" in superuser.get("/?panel=all").content.decode()


def test_an_administrator_never_touches_letta(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    admin = browser_of("admin")
    assert (
        statements(lambda: [admin.get("/"), admin.get("/?panel=all"), admin.get("/?format=json")])
        == []
    )


def test_panels_read_by_index_or_small_tables(letta: LettaDatabase, superuser: Client) -> None:
    superuser.get("/?panel=all")
    sql = statements(lambda: superuser.get("/?panel=all"))
    assert len(sql) <= 14
    assert scanned(letta, sql) <= SMALL


def test_memory_changes_come_newest_first_without_values(
    letta: LettaDatabase, superuser: Client
) -> None:
    rows = superuser.get("/?format=json").json()["panels"]["memory"]["rows"]
    newest = letta.rows("SELECT id FROM block ORDER BY updated_at DESC NULLS LAST, id LIMIT 10")
    assert [row["id"] for row in rows] == [row[0] for row in newest]
    assert "value" not in rows[0]


def test_too_many_blocks_are_said_to_be_too_many(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "SMALL_TABLE", -1)
    assert "Too many blocks" in superuser.get("/?panel=memory", headers=HTMX).content.decode()


def test_every_release_has_an_overview(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    panels = superuser.get("/?format=json").json()["panels"]
    assert panels["conversations"]["rows"]
    assert panels["unfinished"]["looked_at"] > 0
    assert superuser.get("/?panel=all").status_code == 200


def test_letta_away_is_said_in_the_first_panel(letta: LettaDatabase, superuser: Client) -> None:
    catalogue.forget(reason="test")
    with pointed_at("postgresql://nobody@/nothing?host=%2Fnonexistent"):
        assert superuser.get("/").status_code == 200
        response = superuser.get("/?panel=letta", headers=HTMX)
        assert response.status_code == 503
        assert "/nonexistent" not in response.content.decode()
        assert "HX-Trigger-After-Settle" not in response
