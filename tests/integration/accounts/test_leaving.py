"""What was opened and revealed ends with the sessions of the person, whoever ends them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.accounts.access import openings, reveals
from agents_app.accounts.access.models import Reveal
from agents_app.accounts.models import AccessEvent
from tests.openings import opened

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
Person = Callable[[str], User]


@pytest.fixture
def auditor(person: Person) -> User:
    """Somebody to whom an organization is open and a message revealed."""
    user = person("auditor")
    opened(user)
    Reveal.objects.create(
        user=user, object_kind="message", object_id="message-1", category="audit", reason="Complaint 12"
    )  # fmt: skip
    return user


def held(user: User) -> tuple[int, bool]:
    """How many organizations are open to the user, and whether the message is revealed."""
    revealed = reveals.revealed(user, [("message", "message-1")])
    return len(openings.openings(user)), revealed is not None


@pytest.mark.parametrize(
    "form", [{"do": "password"}, {"do": "factor"}, {"do": "sessions"}, {"do": "save", "role": "auditor"}]
)  # fmt: skip
def test_an_administrator_who_ends_sessions_ends_what_was_open_in_them(
    form: dict[str, str], auditor: User, browser_of: Browser
) -> None:
    assert held(auditor) == (1, True)
    browser_of("admin").post(f"/accounts/{auditor.pk}/", form)
    assert held(auditor) == (0, False)
    ended = AccessEvent.objects.filter(action__in=("organization.close", "object.conceal"))
    assert {(one.user_name, one.reason) for one in ended} == {("admin", "sessions of auditor ended")}  # fmt: skip
    assert sorted(one.object_ids[0] for one in ended) == ["message-1", "org-b"]


def test_signing_out_ends_what_was_revealed(auditor: User, browser_of: Browser) -> None:
    browser_of("auditor").post("/account/logout/")
    assert held(auditor) == (0, False)
    event = AccessEvent.objects.get(action="object.conceal")
    assert (event.user_name, event.object_kind, event.object_ids) == ("auditor", "message", ["message-1"])  # fmt: skip


def test_others_keep_what_they_opened(auditor: User, browser_of: Browser, person: Person) -> None:
    browser_of("admin").post(f"/accounts/{person('support').pk}/", {"do": "sessions"})
    browser_of("support").post("/account/logout/")
    assert held(auditor) == (1, True)
