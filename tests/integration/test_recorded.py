"""No content without a row of the trail, and no row that does not say whose content it was.

A world whose texts carry a word of their own is opened page by page; wherever the word arrives, the
same request must have left a row, and where no row can be written, the word must not arrive.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from agents_app.accounts.models import AccessEvent, Outcome
from agents_app.demo.load import fill
from tests.cluster import Cluster
from tests.crawl import Address, Visitor, addresses, ids
from tests.lettadb import UNTIL, LettaDatabase, new_database, pointed_at

pytestmark = pytest.mark.django_db
WORD = "canaryqsevn"
TEXTS = {
    "agents": ("system", "description"),
    "archival_passages": ("text",),
    "archives": ("description",),
    "block": ("value", "description"),
    "conversations": ("summary",),
    "file_contents": ("text",),
    "files": ("file_name", "original_file_name"),
    "groups": ("description",),
    "identities": ("name", "identifier_key"),
    "source_passages": ("text",),
    "sources": ("description", "instructions"),
    "tools": ("description", "source_code"),
}
JSON = {
    "identities": ("properties", '[{"key": "note", "type": "string", "value": "WORD"}]'),
    "jobs": ("metadata_", '{"error": "WORD"}'),
    "runs": ("metadata_", '{"error": "WORD"}'),
    "steps": ("error_data", '{"message": "WORD"}'),
}
MESSAGES = """
UPDATE messages SET content = regexp_replace(content::text, '"text": *"', '"text": "WORD ', 'g')::json
 WHERE content::text LIKE '%%"text"%%'
"""
TRACES = """
UPDATE provider_traces SET response_json = jsonb_set(response_json::jsonb, '{said}', '"WORD"')::json
 WHERE jsonb_typeof(response_json::jsonb) = 'object'
"""


@pytest.fixture(scope="session")
def marked(cluster: Cluster) -> LettaDatabase:
    """A small world in which every class of content carries the word."""
    database = new_database(cluster, "0.16.8")
    fill(database.owner, "0.16.8", agents=6, messages=240, passages=30, hostile=False, seed=11,
         until=UNTIL, schema=database.schema)  # fmt: skip
    for table, columns in TEXTS.items():
        for column in columns:
            database.execute(
                f"UPDATE \"{table}\" SET {column} = '{WORD} ' || coalesce({column}, '')"
            )
    for table, (column, value) in JSON.items():
        database.execute(f"UPDATE {table} SET {column} = %s", [value.replace("WORD", WORD)])
    database.execute(MESSAGES.replace("WORD", WORD).replace("%%", "%"))
    database.execute(TRACES.replace("WORD", WORD))
    database.provision()
    return database


@pytest.fixture
def world(marked: LettaDatabase) -> Iterator[LettaDatabase]:
    with pointed_at(marked.uri()):
        yield marked


Asked = tuple[str, Callable[[Client], Any]]


def questions(world: LettaDatabase, *, few: bool = False) -> list[Asked]:
    """Everything that shows something: pages in every format, fragments, and forms that answer at once.

    A `few` of them are every page once.
    """
    found: list[Asked] = []
    if few:
        pages = addresses(world, formats=("",), queries=False)
        return [
            (page.url, lambda client, url=page.url: Visitor(client).get(url))  # type: ignore[misc]
            for page in pages
        ]
    for address in addresses(world, each=1):
        found.append((address.url, lambda client, url=address.url: Visitor(client).get(url)))  # type: ignore[misc]
        found += [
            (f"{address.url} #{target}", lambda client, url=address.url, target=target: client.get(  # type: ignore[misc]
                url, headers={"HX-Request": "true", "HX-Target": target}))
            for target in _fragments(address)
        ]  # fmt: skip
    return found + _forms(world)


def _fragments(address: Address) -> tuple[str, ...]:
    if "format=" in address.url:
        return ()
    feature = address.route.split(":")[0]
    return {
        "conversations": ("turns", "excerpt", "effects"),
        "embeddings": ("results", "selection", "contradictions", "glance"),
        "memory": ("results", "moment", "one"),
        "overview": ("panel-memory",),
        "runs": ("trace", "messages"),
    }.get(feature, ("results",))


def _forms(world: LettaDatabase) -> list[Asked]:
    known = ids(world, each=1)
    archive = known["archive_id"][0]
    passages = " ".join(
        key
        for (key,) in world.rows(
            "SELECT id FROM archival_passages WHERE archive_id = %s", [archive]
        )
    )
    select = reverse("embeddings:archive_map_selection", args=[archive])
    panel = {"HX-Request": "true", "HX-Target": "panel-memory"}
    return [
        ("selection", lambda client: client.post(select, {"ids": passages})),
        ("selection as CSV", lambda client: client.post(f"{select}?format=csv", {"ids": passages})),
        ("panel", lambda client: client.get("/?panel=memory", headers=panel)),
        ("contradictions", lambda client: client.get(
            reverse("embeddings:archive_health", args=[archive]) + "?contradictions=1&group=1")),
        ("map list", lambda client: client.get(
            reverse("embeddings:archive_map", args=[archive]) + "?list=0")),
        ("key", lambda client: client.get("/search/", {"q": WORD})),
    ]  # fmt: skip


def body_of(response: Any) -> str:
    if hasattr(response, "all_bytes"):
        return response.all_bytes.decode("utf-8", "replace")
    whole = b"".join(response.streaming_content) if response.streaming else response.content
    return whole.decode("utf-8", "replace")


@pytest.mark.parametrize("role", ["superuser", "support", "ops"])
def test_whatever_shows_content_left_a_row_in_the_same_request(
    role: str, world: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    client, unrecorded, nobodys, names = browser_of(role), [], [], []
    for name, ask in questions(world, few=role != "superuser"):
        last = AccessEvent.objects.order_by("-sequence").values_list("sequence", flat=True).first()
        response = ask(client)
        if WORD not in body_of(response) or name == "key":
            continue
        names.append(name)
        left = list(
            AccessEvent.objects.filter(
                sequence__gt=last or 0, outcome=Outcome.SUCCESS, request_id=response["X-Request-ID"]
            )
        )
        if not left:
            unrecorded.append(name)
        nobodys += [(name, row.action) for row in left if not row.organization_id]
    assert unrecorded == []
    assert nobodys == []
    assert bool(names) == (role not in {"ops", "admin"}), names


def test_where_no_row_can_be_written_no_content_arrives(
    world: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(AccessEvent.objects, "create", refuse)
    leaks, refused = [], 0
    for name, ask in questions(world, few=True) + _forms(world):
        try:
            response = ask(superuser)
            leaks += [name] if WORD in body_of(response) and name != "key" else []
            refused += response.status_code == 503
        except OperationalError:
            refused += 1  # an export breaks off before its first line
    assert leaks == []
    assert refused > 20


def test_every_event_about_an_agents_content_names_the_agent(
    world: LettaDatabase, superuser: Client
) -> None:
    agent, message = world.rows(
        "SELECT agent_id, id FROM messages WHERE role = 'assistant' ORDER BY sequence_id LIMIT 1"
    )[0]
    pages = [
        reverse("agents:agent", args=[agent]),
        reverse("conversations:default_thread", args=[agent]),
        reverse("conversations:message", args=[message]),
        reverse("conversations:raw", args=[message]),
        reverse("memory:agent", args=[agent]),
        reverse("memory:at", args=[agent]),
        reverse("embeddings:agent", args=[agent]),
        reverse("embeddings:agent_map", args=[agent]),
    ]
    for url in pages:
        before = AccessEvent.objects.count()
        Visitor(superuser).get(url)
        left = AccessEvent.objects.order_by("sequence")[before:]
        assert {row.agent_id for row in left} == {agent}, url


def test_a_look_at_a_shared_block_names_those_who_hold_it(
    world: LettaDatabase, superuser: Client
) -> None:
    block, holders = world.rows(
        "SELECT block_id, array_agg(agent_id) FROM blocks_agents GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )[0]
    superuser.get(reverse("memory:block", args=[block]))
    assert {block, *holders} <= set(AccessEvent.objects.latest("sequence").object_ids)


@pytest.mark.parametrize("kind", ["agents:agent", "conversations:message", "people:identity"])
def test_an_id_that_leads_nowhere_is_on_record(
    kind: str, world: LettaDatabase, person: Callable[[str], User], browser_of: Callable[[str], Client]
) -> None:  # fmt: skip
    absent = "agent-00000000-dead-4000-8000-000000000000"
    assert browser_of("support").get(reverse(kind, args=[absent])).status_code == 404
    event = AccessEvent.objects.latest("sequence")
    assert (event.action, event.outcome, event.object_ids) == (kind, "failed", [absent])
    assert event.user_id == person("support").pk


def test_nobody_leaves_a_row_by_asking_without_being_signed_in(
    world: LettaDatabase, client: Client
) -> None:
    client.get("/agents/agent-1/")
    client.get("/nowhere/agent-1/")
    assert not AccessEvent.objects.exists()
