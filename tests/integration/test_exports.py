"""Every export there is: no cell that a spreadsheet takes for a formula, and one door that writes them all."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.accounts import audit
from tests.crawl import Visitor, addresses
from tests.integration.accounts.test_record import request_of
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db
APP = Path(__file__).parents[2] / "agents_app"
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
FORMULAS = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "=cmd|'/c calc'!A1",
    "＝1",
    "\u200b=1",
    "%0A=1",
)


def test_every_export_of_every_page_is_inert(
    letta: LettaDatabase, superuser: Client, person: Callable[[str], User]
) -> None:
    for formula in FORMULAS:
        audit.record(
            request_of(person("support")), "x.read", kind=formula, ids=[formula], reason=formula,  # type: ignore[arg-type]
            agent_id=formula, organization_id=formula,
        )  # fmt: skip
    visitor, exports = Visitor(superuser), 0
    for page in addresses(letta, formats=("",), queries=False):
        response = visitor.get(f"{page.url}?format=csv")
        if not response.headers.get("Content-Type", "").startswith("text/csv"):
            continue
        exports += 1
        text = response.all_bytes.decode()
        assert all(line.startswith('"') for line in text.splitlines()[:1]), page.url
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        cells = {cell for row in rows for cell in row if cell.startswith(RISKY)}
        assert {cell for cell in cells if not NUMBER.fullmatch(cell)} == set(), page.url
    assert exports >= 18


def test_one_place_writes_csv() -> None:
    writers = {
        path.name
        for path in APP.rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)", path.read_text())
    }
    assert writers == {"listing.py"}
