"""Every routed page: it answers, to signed-in people only, to safe methods only, and declares its right."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.accounts.roles import rights_of
from tests.lettadb import LettaDatabase
from tests.routes import OURS, POSTS, PUBLIC, Route, routes, samples

PAGES = [route for route in routes() if route.name not in PUBLIC | POSTS]
pytestmark = pytest.mark.django_db


def ids(route: Route) -> str:
    return route.name


@pytest.mark.parametrize("route", PAGES, ids=ids)
def test_a_superuser_gets_every_page(route: Route, letta: LettaDatabase, superuser: Client) -> None:
    response = superuser.get(route.url(samples(letta)))
    assert response.status_code in {200, 204, 302, 404, 405}, response.content[:500]
    if response.status_code in {404, 405}:
        assert OURS & set(route.parameters)


@pytest.mark.parametrize("route", PAGES, ids=ids)
def test_strangers_are_sent_to_sign_in(route: Route, letta: LettaDatabase, client: Client) -> None:
    response = client.get(route.url(samples(letta)))
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("route", PAGES, ids=ids)
def test_every_view_declares_its_rights(route: Route) -> None:
    assert hasattr(route.view, "rights") or route.name == "letta_state"


@pytest.mark.parametrize("route", PAGES, ids=ids)
@pytest.mark.parametrize("role", ["support", "auditor", "ops", "admin"])
def test_a_role_without_the_right_is_refused(
    role: str, route: Route, letta: LettaDatabase,
    browser_of: Callable[[str], Client], person: Callable[[str], User],
) -> None:  # fmt: skip
    status = browser_of(role).get(route.url(samples(letta))).status_code
    needed = set(getattr(route.view, "rights", ()))
    if needed <= rights_of(person(role)):
        assert status != 403
    else:
        assert status == 403


@pytest.mark.parametrize(
    "route", [page for page in PAGES if "work_id" not in page.parameters], ids=ids
)
def test_reading_pages_refuse_to_be_written_to(
    route: Route, letta: LettaDatabase, superuser: Client
) -> None:
    if not getattr(route.view, "starts_work", False):
        assert superuser.post(route.url(samples(letta))).status_code == 405


@pytest.mark.parametrize("route", [page for page in PAGES if page.parameters], ids=ids)
def test_an_absent_id_is_a_404(route: Route, letta: LettaDatabase, superuser: Client) -> None:
    absent = dict.fromkeys(route.parameters, "agent-00000000-dead-4000-8000-000000000000")
    absent |= {name: samples(letta)[name] for name in OURS & set(route.parameters)}
    assert superuser.get(route.url(absent)).status_code in {404, 405}
