"""Nothing that is masked leaves by any page, in any format, for any role but a superuser's."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.accounts.access.models import Opening
from tests.crawl import Visitor, addresses
from tests.lettadb import LettaDatabase

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
LEAK = re.compile(
    rb"zq\.mail|leak-example|4929.1700|6543.?2107|1512.?9876|9876501|ZQLEAK|sk-ant-api03|zq%2Email|49291700"
)


@pytest.mark.parametrize("role", ["support", "auditor", "ops"])
def test_no_page_in_no_format_shows_what_is_masked(
    role: str,
    leaky: LettaDatabase,
    browser_of: Callable[[str], Client],
    person: Callable[[str], User],
) -> None:
    visitor = Visitor(browser_of(role))
    for (organization_id,) in leaky.rows("SELECT id FROM organizations"):
        Opening.objects.create(
            user=person(role),
            organization_id=organization_id,
            category="request",
            reason="a test of ours",
        )
    leaks, masked = {}, 0
    for address in addresses(leaky, each=2):
        response = visitor.get(address.url)
        body = response.all_bytes
        assert response.status_code < 500, address.url
        masked += body.count("‹e-mail›".encode()) + body.count(b'class="masked"')
        if found := LEAK.search(body):
            leaks[address.url] = body[max(0, found.start() - 150) : found.end() + 40]
    assert not leaks, "\n".join(f"{url}: {text!r}" for url, text in leaks.items())
    assert masked > 100


def test_a_superuser_sees_everything(leaky: LettaDatabase, superuser: Client) -> None:
    visitor = Visitor(superuser)
    bodies = b"".join(visitor.get(one.url).all_bytes for one in addresses(leaky, queries=False))
    assert b"zq.mailbox@leak-example.com" in bodies
    assert b'class="masked"' not in bodies
