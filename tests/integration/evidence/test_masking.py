"""A bundle is masked as its exporter's role sees the object, in every file, and says so."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.accounts.access.models import Opening, Reveal
from tests.integration.evidence.conftest import Opened, verified
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
Download = Callable[..., Opened]
MAIL, CARD, KEY = "grace.hopper@example.org", "4111 1111 1111 1111", "AKIAIOSFODNN7EXAMPLE"
PRIVATE = (MAIL, CARD, KEY, "411111")
SAID = f"""
UPDATE messages SET content = '[{{"type": "text", "text": "Mail {MAIL}, card {CARD}, key {KEY}, tea"}}]',
  tool_calls = '[{{"id": "call_1", "type": "function", "function": {{"name": "note", "arguments": "{{\\"{MAIL}\\": \\"{CARD}\\"}}"}}}}]'
"""
KNOWN = f"""
UPDATE block SET value = 'Ada''s mail is {MAIL}' || chr(10) || 'Card {CARD}', label = 'human';
UPDATE identities SET identifier_key = id || '.{MAIL}', properties = '[{{"key": "card", "type": "string", "value": "{CARD}"}}]';
UPDATE agents SET name = 'Desk of {MAIL}'
"""


@pytest.fixture
def private(customer: LettaDatabase) -> LettaDatabase:
    """The same customer, with an address, a card and a key in everything that holds text."""
    for statement in (SAID, *KNOWN.split(";\n")):
        customer.execute(statement)
    return customer


def texts(found: Opened) -> dict[str, str]:
    return {name: raw.decode() for name, raw in found.files.items()}


@pytest.mark.parametrize(
    ("kind", "of"), [("identity", "identity-1"), ("agent", "agent-1"), ("block", "block-1")]
)
def test_a_masked_role_gets_no_private_data_in_any_file(
    kind: str,
    of: str,
    browser_of: Callable[[str], Client],
    download: Download,
    private: LettaDatabase,
) -> None:
    found = download(browser_of("support"), kind=kind, id=of)
    leaks = [
        (name, word) for name, text in texts(found).items() for word in PRIVATE if word in text
    ]
    assert leaks == []
    assert "‹e-mail›" in found.html
    assert found.manifest["masking"]["applied"]
    assert "card number" in found.manifest["masking"]["kinds"]
    assert "BAD" not in verified(found.path)


def test_html_and_json_hold_the_same_masked_text(
    browser_of: Callable[[str], Client], download: Download, private: LettaDatabase
) -> None:
    found = download(browser_of("support"), kind="agent", id="agent-1")
    said = "Mail ‹e-mail›, card ‹card number›, key ‹secret›, tea"
    assert {one["text"] or one["reply"] for one in found.entries()} == {said}
    assert said in found.html
    assert found.entries()[0]["tool_calls"][0]["arguments"] == {"‹e-mail›": "‹card number›"}


def test_a_superuser_gets_everything_and_the_bundle_says_that_nothing_is_masked(
    superuser: Client, download: Download, private: LettaDatabase
) -> None:
    found = download(superuser, kind="identity", id="identity-1")
    assert all(word in found.html for word in (MAIL, CARD, KEY))
    assert found.manifest["masking"] == {"applied": False, "kinds": []}


def test_an_object_that_was_revealed_is_exported_as_it_was_seen(
    browser_of: Callable[[str], Client], person: Callable[[str], User], download: Download,
    private: LettaDatabase,
) -> None:  # fmt: skip
    auditor = person("auditor")
    Opening.objects.create(
        user=auditor, category="audit", reason="An audit", organization_id="org-1"
    )
    client = browser_of("auditor")
    assert MAIL not in download(client, kind="block", id="block-1").html
    Reveal.objects.create(
        user=auditor, category="audit", reason="An audit", object_kind="block", object_id="block-1"
    )
    found = download(client, kind="block", id="block-1")
    assert MAIL in found.html
    assert not found.manifest["masking"]["applied"]


def test_the_exporters_own_name_and_reason_are_no_data_of_a_customer(
    browser_of: Callable[[str], Client], person: Callable[[str], User], download: Download,
    private: LettaDatabase,
) -> None:  # fmt: skip
    user = person("support")
    client = browser_of("support")
    User.objects.filter(pk=user.pk).update(username="ada@example.com")
    found = download(
        client, kind="agent", id="agent-1", reason="Ticket of 4111111111111111 was wrong"
    )
    assert found.manifest["exporter"]["name"] == "ada@example.com"
    assert "ada@example.com, support" in found.files["index.html"].decode()
