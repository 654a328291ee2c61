"""An empty list tells somebody who sees a part of the database nothing about the whole of it."""

from collections.abc import Callable

import pytest
from django.test import Client

from agents_app.accounts.models import Assignment
from tests.lettadb import LettaDatabase

PAGES = ("/agents/", "/identities/", "/groups/", "/tools/", "/archives/", "/sources/", "/blocks/")


@pytest.mark.parametrize("path", PAGES)
def test_who_has_nothing_assigned_is_told_of_their_reach(
    path: str, browser_of: Callable[[str], Client], letta: LettaDatabase
) -> None:
    support = browser_of("support")
    Assignment.objects.all().delete()
    page = support.get(path).content.decode()
    assert "Nothing here that you may see." in page
    assert "This Letta database has no" not in page
