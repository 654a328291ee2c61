"""The jump box with words: people by name, key, e-mail and phone; agents, blocks, tools, organizations by name."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from tests.cluster import Cluster
from tests.lettadb import LettaDatabase, new_database, pointed_at
from tests.plans import statements

pytestmark = pytest.mark.django_db
PEOPLE = [
    (
        "identity-ada",
        "Ada Müller",
        "ada@example.org",
        [("phone", "+49 (0)30 / 1234 5678"), ("city", "Köln")],
    ),
    (
        "identity-bob",
        "Екатерина Волкова",
        "cust-7",
        [("email", "e.volkova@example.org"), ("points", 12)],
    ),
    (
        "identity-eve",
        "<script>alert(1)</script>",
        "100%_real",
        [("note", "a\u2011b 'quote' \\ back"), ("phone", "0171-555 0000")],
    ),
]


@pytest.fixture(scope="module")
def people(cluster: Cluster) -> LettaDatabase:
    """Three identities, of whom the first has an agent, and one row whose properties are of another shape."""
    database = new_database(cluster, "0.16.8", schema="public")
    database.execute(
        "INSERT INTO organizations (id, name, privileged_tools) VALUES ('org-1', 'Acme Büro', false)"
    )
    insert = ("INSERT INTO identities (id, name, identifier_key, identity_type, organization_id, properties) "
              "VALUES (%s, %s, %s, 'user', 'org-1', %s)")  # fmt: skip
    for identity_id, name, key, properties in PEOPLE:
        stored = json.dumps(
            [{"key": name, "value": value, "type": "string"} for name, value in properties]
        )
        database.execute(insert, [identity_id, name, key, stored])
    database.execute(
        insert,
        ["identity-odd", "Odd", "odd", '{"phone": ["+1 212 555 0199"], "bad": "\\u0000 \\ud800"}'],
    )
    agent = "INSERT INTO agents (id, name, organization_id, message_buffer_autoclear) VALUES (%s, %s, 'org-1', false)"
    database.execute(agent, ["agent-1", "Ada's Concierge"])
    database.execute(agent, ["agent-2", "concierge"])
    database.execute(
        "INSERT INTO identities_agents (identity_id, agent_id) VALUES ('identity-ada', 'agent-1')"
    )
    database.provision()
    return database


@pytest.fixture
def world(people: LettaDatabase) -> Iterator[LettaDatabase]:
    with pointed_at(people.uri()):
        yield people


def found(client: Client, text: str) -> dict[str, list[str]]:
    """Ids found by kind."""
    results = client.get(f"/search/?format=json&q={quote(text)}").json()["results"]
    return {
        kind: [hit["id"] for hit in group["hits"]]
        for kind, group in results.items()
        if group["hits"]
    }


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("ada müller", "ada"), ("MÜLLER", "ada"), ("ada@example.org", "ada"), ("ADA@EXAMPLE", "ada"), ("köln", "ada"),
        ("+49 30 12345678", "ada"), ("0049 30 1234-5678", "ada"), ("030/12345678", "ada"), ("волкова", "bob"),
        ("ЕКАТЕРИНА", "bob"), ("cust-7", "bob"), ("e.volkova@example.org", "bob"), ("100%_", "eve"),
        ("<script>", "eve"), ("'quote' \\ back", "eve"), ("01715550000", "eve"), ("+49 171 5550000", "eve"),
        ("212 555 0199", "odd"),
    ],
)  # fmt: skip
def test_a_person_is_found_by_whatever_is_remembered(
    text: str, identity: str, world: LettaDatabase, superuser: Client
) -> None:
    assert found(superuser, text)["identity"] == [f"identity-{identity}"]


@pytest.mark.parametrize(
    "text", ["%", "_", "%%%", "999 999 999", "alert(2)", "u00fc", "properties", "[{", "' OR 1=1 --"]
)
def test_nothing_is_found_for_what_nobody_wrote(
    text: str, world: LettaDatabase, superuser: Client
) -> None:
    assert "identity" not in found(superuser, text)


def test_an_exact_name_comes_first_and_by_itself(world: LettaDatabase, superuser: Client) -> None:
    data = superuser.get("/search/?format=json&q=concierge").json()
    assert data["best"]["id"] == "agent-2"
    assert [hit["id"] for hit in data["results"]["agent"]["hits"]] == ["agent-2", "agent-1"]


def test_a_customer_comes_with_their_agents(world: LettaDatabase, superuser: Client) -> None:
    data = superuser.get("/search/?format=json&q=ada@example.org").json()
    assert data["best"]["agents"] == [{"id": "agent-1", "name": "Ada's Concierge"}]


def test_personal_data_is_not_searched_without_the_right(
    world: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    ops = browser_of("ops")
    assert "identity" not in ops.get("/search/?format=json&q=ada").json()["results"]
    assert found(ops, "ada") == {"agent": ["agent-1"]}
    assert browser_of("admin").get("/search/?q=ada").status_code == 403


def test_a_search_is_on_record_without_its_words(world: LettaDatabase, superuser: Client) -> None:
    superuser.get("/search/?q=ada%20m%C3%BCller")
    event = AccessEvent.objects.get(action="search")
    assert (event.object_kind, event.object_ids) == ("identity", ["identity-ada", "agent-1"])
    assert "ller" not in str(vars(event))


def test_a_search_without_hits_is_on_record_too(world: LettaDatabase, superuser: Client) -> None:
    superuser.get("/search/?q=nobody-at-all")
    assert AccessEvent.objects.get(action="search").object_count == 0


def test_hostile_names_are_shown_inert(world: LettaDatabase, superuser: Client) -> None:
    page = superuser.get("/search/?q=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_empty_page_gives_tips_without_asking_letta(
    world: LettaDatabase, superuser: Client
) -> None:
    assert "What the box above finds" in superuser.get("/search/").content.decode()
    assert statements(lambda: superuser.get("/search/?q=")) == []
    assert "at least two characters" in superuser.get("/search/?q=a").content.decode()


def test_a_search_costs_at_most_fourteen_queries(letta: LettaDatabase, superuser: Client) -> None:
    superuser.get("/search/?q=human")
    assert len(statements(lambda: superuser.get("/search/?q=human"))) <= 14


def test_each_release_can_be_searched(
    letta_of_each_release: LettaDatabase, superuser: Client
) -> None:
    name = letta_of_each_release.rows(
        "SELECT name FROM agents WHERE name ~ '^[A-Z][a-z]+ [A-Z][a-z]+$' ORDER BY 1 LIMIT 1"
    )[0][0]
    assert found(superuser, name)["agent"]


def test_many_hits_are_cut_and_say_so(letta: LettaDatabase, superuser: Client) -> None:
    group = superuser.get("/search/?format=json&q=human").json()["results"]["block"]
    count = letta.rows("SELECT count(*) FROM block WHERE label ILIKE '%human%'")[0][0]
    assert len(group["hits"]) == min(20, count)
    assert group["more"] == (count > 20)
