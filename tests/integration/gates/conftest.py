"""Three organizations with tokens in every column, and readers of every role who may see some of them."""

import logging
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from agents_app.accounts.access.models import Opening
from agents_app.ui.logs import JsonLine
from tests import canaries
from tests.canaries import Canaries
from tests.cluster import Cluster
from tests.conftest import assign
from tests.integration.gates.readers import READERS, Reader
from tests.lettadb import pointed_at


@pytest.fixture(scope="session")
def _canaries(cluster: Cluster) -> Canaries:
    return canaries.made(cluster)


@pytest.fixture
def world(_canaries: Canaries) -> Iterator[Canaries]:
    """Alias `letta` leads to the three organizations."""
    with pointed_at(_canaries.database.uri()):
        yield _canaries


@pytest.fixture
def reader_of(db: None, world: Canaries) -> Callable[[str], Client]:
    """`reader_of("support")`: a client signed in as that reader of READERS."""

    def make(name: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(account_of(READERS[name], world))
        return client

    return make


def account_of(reader: Reader, world: Canaries) -> User:
    """The reader's account with role, assignments and openings."""
    user, _ = User.objects.get_or_create(
        username=reader.name, defaults={"is_superuser": reader.role == "superuser"}
    )
    if reader.role not in ("superuser", ""):
        user.groups.set([Group.objects.get_or_create(name=reader.role)[0]])
    for letter, level in reader.assigned.items():
        assign(user, "organization", world.organizations[letter], level)
    for letter in reader.opened:
        key = world.organizations[letter]
        Opening.objects.create(
            user=user, organization_id=key, category="request", reason="a ticket of ours"
        )
    return user


class Lines(logging.Handler):
    """All that any logger says, as it would be written and as it was given."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLine())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {record.getMessage()} {record.__dict__}")


@pytest.fixture
def log() -> Iterator[list[str]]:
    handler, root = Lines(), logging.getLogger()
    root.addHandler(handler)
    yield handler.lines
    root.removeHandler(handler)
