"""Every page opens to people who see part of the database only, and says no more of the rest than of nothing."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.accounts.models import Assignment
from tests.conftest import assign
from tests.crawl import Address, addresses, visiting
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
ORGANIZATIONS = "SELECT organization_id FROM agents GROUP BY 1 ORDER BY count(*) DESC, 1"
GONE = frozenset({403, 404, 405})


@pytest.fixture
def narrowed(person: Callable[[str], User]) -> Callable[..., Client]:
    """`narrowed("organization", ids…)`: a client signed in as support with only that assigned."""

    def make(kind: str, *values: str) -> Client:
        user = person("support")
        Assignment.objects.filter(user=user).delete()
        if kind != "organization":
            assign(user, "organization", "*", "own")
        for value in values:
            assign(user, kind, value, "own" if kind == "organization" else "")
        client = Client(raise_request_exception=False)
        client.force_login(user)
        return client

    return make


def _scopes(letta: LettaDatabase) -> list[tuple[str, list[str]]]:
    """The largest organization; two identities and the two commonest tags where the release has them."""
    tables = {
        name
        for (name,) in letta.rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", [letta.schema]
        )
    }
    found = [("organization", [letta.rows(ORGANIZATIONS)[0][0]])]
    if "identities_agents" in tables:
        rows = letta.rows("SELECT DISTINCT identity_id FROM identities_agents ORDER BY 1 LIMIT 2")
        found.append(("identity", [one for (one,) in rows]))
    rows = letta.rows("SELECT tag FROM agents_tags GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 2")
    return [*found, ("tag", [one for (one,) in rows])]


def test_every_page_of_every_release_opens_in_a_narrower_scope(
    letta_of_each_release: LettaDatabase, narrowed: Callable[..., Client]
) -> None:
    for kind, values in _scopes(letta_of_each_release):
        with visiting(narrowed(kind, *values)) as visitor:
            for address in addresses(letta_of_each_release, each=2):
                visitor.is_well(address, also=GONE)
            assert not visitor.troubles, f"{kind}: " + "\n".join(visitor.troubles)


def test_a_foreign_object_answers_as_an_absent_one(
    letta: LettaDatabase, narrowed: Callable[..., Client]
) -> None:
    client = narrowed("organization", "org-00000000-0000-4000-8000-00000000dead")
    for address in addresses(letta, each=2, formats=("", "json"), queries=False):
        if _is_about_an_object(address):
            assert client.get(address.url).status_code in GONE, address.url


def _is_about_an_object(address: Address) -> bool:
    return any(
        f"{kind}-" in address.url
        for kind in ("agent", "message", "block", "run", "conv", "org", "archive")
    )
