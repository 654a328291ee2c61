"""The URLconf against the declared table: every door, ten kinds of people, reading and sending."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.urls import reverse

from tests.canaries import Canaries
from tests.integration.gates import table
from tests.integration.gates.walking import People, arguments, doors, met

pytestmark = pytest.mark.django_db


@pytest.fixture
def values(world: Canaries) -> dict[str, Any]:
    return arguments(world, User.objects.create(username="bystander"))


@pytest.fixture
def people(world: Canaries, settings: Any) -> People:
    settings.INSPECTOR_REQUIRE_SECOND_FACTOR = True
    cache.clear()
    return People(world)


def test_every_door_is_declared_and_nothing_else_is() -> None:
    names = {door.name for door in doors()}
    assert names == set(table.GET) == set(table.POST)


@pytest.mark.parametrize("kind", table.KINDS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_door_answers_as_declared(
    method: str, kind: str, people: People, values: dict[str, Any]
) -> None:
    rows = table.GET if method == "get" else table.POST
    declared = {name: row.split()[table.KINDS.index(kind)] for name, row in rows.items()}
    found = met(kind, method, people=people, values=values)
    wrong = {
        name: (found[name], declared.get(name))
        for name in found
        if found[name] != declared.get(name)
    }
    assert wrong == {}, "found, declared"


def test_a_form_of_another_site_is_refused_everywhere(
    people: People, values: dict[str, Any]
) -> None:
    client = people.client("superuser")
    client.handler.enforce_csrf_checks = True
    statuses = {}
    for door in doors():
        url = reverse(door.name, kwargs={name: values[name] for name in door.parameters})
        statuses[door.name] = client.post(url).status_code
    assert {name: status for name, status in statuses.items() if status not in {403, 405}} == {}
