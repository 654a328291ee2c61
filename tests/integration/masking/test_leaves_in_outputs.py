"""What only the name of a value tells to be secret is masked in every output, and found by no search."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db(transaction=True)

ID = "550e8400-e29b-41d4-a716-446655440000"
ARGUMENTS: dict[str, Any] = {
    "password": "hunter2abc",
    "passwort": "geheim!nis",
    "pwd": "correct!horse",
    "phone": "301234567",
    "mobile": 301234568,
    "api_key": f"tok-{ID}",
    "note": f"sdk-{ID}",
    "wifi": {"key": "password", "value": "Sommer2024"},
}
HIDDEN = ("hunter2", "geheim!", "correct!", "30123456", "tok-550", "sdk-550", "Sommer20")
PROPERTIES = [
    {"key": "password", "value": "Sommer2024", "type": "string"},
    {"key": "phone", "value": "301234567", "type": "string"},
    {"key": "mobile", "value": 301234568, "type": "number"},
    {"key": "city", "value": "Hallstatt 7", "type": "string"},
]


def store(database: LettaDatabase, arguments: dict[str, Any]) -> None:
    function = {"name": "save_login", "arguments": json.dumps(arguments)}
    calls = [{"id": "c1", "type": "function", "function": function}]
    database.execute(
        "UPDATE messages SET role = 'assistant', content = '[]', tool_calls = %s WHERE id = 'message-3'",
        [json.dumps(calls)],
    )


def told(client: Client, address: str) -> str:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return body.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(
    "address",
    [
        "/messages/message-3/",
        "/messages/message-3/?format=json",
        "/messages/message-3/raw/",
        "/agents/agent-1/messages/?view=full",
        "/agents/agent-1/messages/?format=json",
    ],
)
def test_arguments_are_masked_by_their_names(
    address: str, customer: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    store(customer, ARGUMENTS)
    body = told(browser_of("support"), address)
    assert "save_login" in body
    assert not [one for one in HIDDEN if one in body]


def test_so_are_they_in_a_bundle(
    customer: LettaDatabase, browser_of: Callable[[str], Client], download: Callable[..., Any]
) -> None:
    store(customer, ARGUMENTS)
    files = download(browser_of("support"), kind="agent", id="agent-1").files
    assert any(b"save_login" in data for data in files.values())
    assert not [one for one in HIDDEN for data in files.values() if one.encode() in data]


def test_a_thread_is_not_searched_through_masked_arguments(
    customer: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    store(customer, {"server": "db-seven", "old": {"password": "Wint3rmond"}, "new": ARGUMENTS})
    client = browser_of("support")

    def found(text: str) -> list[Any]:
        address = "/agents/agent-1/messages/"
        answer = client.get(address, {"format": "json", "q": text})
        return list(json.loads(answer.content)["results"])

    assert len(found("db-seven")) == 1
    assert not [one for one in (*HIDDEN, "Wint3r", "hunter", "3012", "‹secret›") if found(one)]


def test_properties_are_masked_by_their_keys(
    customer: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    customer.execute(
        "UPDATE identities SET properties = %s WHERE id = 'identity-1'", [json.dumps(PROPERTIES)]
    )
    client = browser_of("support")
    for address in ("/identities/identity-1/", "/identities/identity-1/?format=json"):
        body = told(client, address)
        assert "Hallstatt 7" in body
        assert not [one for one in HIDDEN if one in body]


def test_no_part_of_a_masked_property_finds_its_identity(
    customer: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    customer.execute(
        "UPDATE identities SET properties = %s WHERE id = 'identity-1'", [json.dumps(PROPERTIES)]
    )
    client = browser_of("support")

    def finds(text: str) -> bool:
        answer = client.get("/search/", {"q": text, "format": "json"})
        return bool(json.loads(answer.content)["results"]["identity"]["hits"])

    assert finds("Hallsta")
    assert not finds("Sommer20")
    assert not finds("Sommer2024")
    assert finds("301234567")
    assert not finds("01234")
