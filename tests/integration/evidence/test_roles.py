"""Who gets a bundle of what: by right, by organization, with a reason where one is needed, prompts withheld."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from agents_app.accounts.access.models import Opening
from agents_app.accounts.models import AccessEvent, Assignment
from tests.integration.evidence.conftest import OCCASION, Opened, verified
from tests.lettadb import LettaDatabase
from tests.routes import samples

pytestmark = pytest.mark.django_db
Download = Callable[..., Opened]
OWNER = "SELECT organization_id FROM agents WHERE id = %s"


@pytest.fixture
def ids(letta: LettaDatabase) -> dict[str, str]:
    return samples(letta)


def test_support_gets_bundles_of_their_own_organization_without_prompts(
    browser_of: Callable[[str], Client], download: Download, ids: dict[str, str]
) -> None:
    found = download(browser_of("support"), kind="agent", id=ids["agent_id"])
    prompts = [one for one in found.entries() if one["kind"] == "system_prompt"]
    assert prompts
    assert all(one["withheld"] and "text" not in one for one in prompts)
    assert any(
        one.startswith("System prompts left out") for one in found.manifest["coverage"]["notes"]
    )
    assert found.manifest["exporter"]["role"] == "support"
    assert "BAD" not in verified(found.path)


def test_an_object_of_another_organization_is_like_an_absent_one(
    browser_of: Callable[[str], Client], person: Callable[[str], User], ids: dict[str, str]
) -> None:
    client = browser_of("support")
    Assignment.objects.filter(user=person("support")).update(value="org-of-nobody")
    for kind, of in (
        ("agent", "agent_id"),
        ("block", "block_id"),
        ("conversation", "conversation_id"),
    ):
        asked = {"kind": kind, "id": ids[of]}
        assert client.get(reverse("evidence:new"), asked).status_code == 404
        assert client.post(reverse("evidence:download"), asked | OCCASION).status_code == 404
    assert not AccessEvent.objects.filter(action="evidence.export").exists()


def test_an_auditor_gives_a_reason_for_messages_and_none_for_histories(
    browser_of: Callable[[str], Client], person: Callable[[str], User], letta: LettaDatabase,
    download: Download, ids: dict[str, str],
) -> None:  # fmt: skip
    client = browser_of("auditor")
    assert download(client, kind="block", id=ids["block_id"]).entries("history")
    answer = client.get(reverse("evidence:new"), {"kind": "agent", "id": ids["agent_id"]})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:open"))
    sent = client.post(
        reverse("evidence:download"), {"kind": "agent", "id": ids["agent_id"]} | OCCASION
    )
    assert sent["Location"] == f"{reverse('evidence:new')}?kind=agent&id={ids['agent_id']}"
    organization = letta.rows(OWNER, [ids["agent_id"]])[0][0]
    Opening.objects.create(
        user=person("auditor"),
        category="audit",
        reason="An audit of it",
        organization_id=organization,
    )
    assert download(client, kind="agent", id=ids["agent_id"]).entries("messages")


def test_only_rows_in_scope_get_into_a_bundle_while_it_streams(
    browser_of: Callable[[str], Client], person: Callable[[str], User], letta: LettaDatabase,
    ids: dict[str, str], download: Download,
) -> None:  # fmt: skip
    client = browser_of("support")
    organization = letta.rows(OWNER, [ids["agent_id"]])[0][0]
    Assignment.objects.filter(user=person("support")).update(value=organization)
    found = download(client, kind="agent", id=ids["agent_id"])
    assert {one["organization_id"] for one in found.entries()} == {organization}
