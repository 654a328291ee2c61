"""The jump box with an id: every id of every table leads somewhere, or says why it does not."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from tests.lettadb import LettaDatabase
from tests.plans import scanned, statements

pytestmark = pytest.mark.django_db
WITHOUT_A_PAGE = {
    "agent_environment_variables", "sandbox_configs", "sandbox_environment_variables", "mcp_server", "mcp_oauth",
    "providers", "provider_models", "file_contents", "prompts",
}  # fmt: skip
TABLES = """
SELECT table_name FROM information_schema.columns
 WHERE column_name = 'id' AND table_schema = %s AND data_type <> 'integer' ORDER BY 1
"""


def jump(client: Client, text: object, *, more: str = "") -> object:
    return client.get(f"/search/?q={quote(str(text))}{more}")


def test_every_id_of_every_table_leads_to_a_page_that_opens(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    tables = [row[0] for row in letta_of_each_release.rows(TABLES, [letta_of_each_release.schema])]
    for table in set(tables) - WITHOUT_A_PAGE:
        for (identifier,) in letta_of_each_release.rows(
            f'SELECT id FROM "{table}" ORDER BY md5(id::text) LIMIT 4'  # any, but the same in each run
        ):
            response = jump(superuser, identifier)
            assert response.status_code == 302, (table, identifier)
            assert superuser.get(response["Location"]).status_code == 200, (table, identifier)


@pytest.mark.parametrize("table", sorted(WITHOUT_A_PAGE - {"mcp_oauth", "prompts"}))
def test_an_id_of_a_row_with_secrets_says_that_it_has_no_page(
    table: str, letta: LettaDatabase, superuser: Client
) -> None:
    for (identifier,) in letta.rows(f"SELECT id FROM {table} LIMIT 2"):
        response = jump(superuser, identifier)
        assert response.status_code == 200
        assert b"banner" in response.content


def test_blanks_and_quotes_around_an_id_do_not_matter(
    letta: LettaDatabase, superuser: Client
) -> None:
    agent_id = letta.rows("SELECT id FROM agents ORDER BY id LIMIT 1")[0][0]
    assert jump(superuser, f'  "{agent_id}", ')["Location"] == f"/agents/{agent_id}/"


def test_an_address_with_an_id_in_it_is_understood(letta: LettaDatabase, superuser: Client) -> None:
    agent_id = letta.rows("SELECT id FROM agents WHERE id ~ '[0-9a-f]{12}$' ORDER BY id LIMIT 1")[
        0
    ][0]
    assert (
        jump(superuser, f"https://app.example.com/agents/{agent_id}?tab=1")["Location"]
        == f"/agents/{agent_id}/"
    )


def test_a_uuid_without_its_prefix_is_found(letta: LettaDatabase, superuser: Client) -> None:
    message_id = letta.rows(
        "SELECT id FROM messages WHERE id ~ '[0-9a-f]{12}$' ORDER BY sequence_id LIMIT 1"
    )[0][0]
    assert (
        jump(superuser, message_id.removeprefix("message-"))["Location"]
        == f"/messages/{message_id}/"
    )


def test_an_unknown_id_is_a_404_that_says_so(letta: LettaDatabase, superuser: Client) -> None:
    response = jump(superuser, "agent-00000000-dead-4000-8000-000000000000")
    assert response.status_code == 404
    assert "There is no such row, or your role does not include it." in response.content.decode()


def test_an_id_one_may_not_see_looks_as_if_it_did_not_exist(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    ops, identity_id = (
        browser_of("ops"),
        letta.rows("SELECT id FROM identities ORDER BY id LIMIT 1")[0][0],
    )
    seen, unknown = (
        jump(ops, identity_id),
        jump(ops, "identity-00000000-dead-4000-8000-000000000000"),
    )
    assert seen.status_code == unknown.status_code == 404
    assert seen.content.count(b"no such row") == unknown.content.count(b"no such row") == 1


def test_an_id_whose_page_is_refused_is_said_to_exist_and_leads_nowhere(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    message_id = letta.rows(r"SELECT id FROM messages WHERE id ~ '^[\w-]+$' ORDER BY id LIMIT 1")[
        0
    ][0]
    response = jump(browser_of("ops"), message_id)
    assert response.status_code == 200
    assert b"your role does not include its page" in response.content
    assert f"/messages/{message_id}/" not in response.text


def test_a_trace_opens_at_its_step(letta: LettaDatabase, superuser: Client) -> None:
    sql = "SELECT t.id, t.step_id FROM provider_traces t JOIN steps s ON s.id = t.step_id ORDER BY 1 LIMIT 1"
    trace_id, step_id = letta.rows(sql)[0]
    assert jump(superuser, trace_id)["Location"] == f"/steps/{step_id}/?trace={trace_id}"


def test_json_says_where_an_id_leads(letta: LettaDatabase, superuser: Client) -> None:
    run_id = letta.rows("SELECT id FROM runs ORDER BY id LIMIT 1")[0][0]
    data = jump(superuser, run_id, more="&format=json").json()
    assert data == {
        "found": True,
        "id": {"kind": "run", "id": run_id, "url": f"/runs/{run_id}/", "note": ""},
    }


def test_an_id_is_looked_up_by_one_query_by_index_and_not_recorded(
    letta: LettaDatabase, superuser: Client
) -> None:
    message_id = letta.rows("SELECT id FROM messages ORDER BY sequence_id DESC LIMIT 1")[0][0]
    jump(superuser, message_id)
    sql = statements(lambda: jump(superuser, message_id))
    assert len(sql) == 1
    assert scanned(letta, sql) == set()
    assert not AccessEvent.objects.exists()
