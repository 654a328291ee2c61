"""Hostile rows among good ones: every page that shows them answers, shows the neighbours, and stays inert."""

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NoReturn

import pytest
from django.test import Client
from django.urls import reverse

from agents_app.demo.hostile import HostileRow, good_text, hostile_rows
from tests.crawl import Address, Visitor, addresses, visiting
from tests.inert import findings
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db

PAGES = {
    "messages": ("conversations:message", "conversations:raw"),
    "agents": ("agents:agent", "conversations:default_thread"),
    "block": ("memory:block",),
    "archives": ("embeddings:archive",),
    "archival_passages": ("embeddings:passage",),
    "sources": ("embeddings:source",),
    "files": ("embeddings:file",),
    "identities": (
        "people:identity", "people:conversations", "people:memory", "people:changes",
        "people:passages", "people:files", "people:footprint",
    ),
    "groups": ("agents:group",),
    "runs": ("runs:run",),
    "steps": ("runs:step",),
    "provider_traces": ("runs:trace",),
}  # fmt: skip
HERE = [row for row in hostile_rows() if row.table in PAGES]
THREADS = {
    number: list(rows)
    for number, rows in groupby((r for r in HERE if r.table == "messages"), key=lambda r: r.number)
}
NUMBER = re.compile(r"-?\d+(\.\d+)?")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@pytest.fixture
def visitor(letta: LettaDatabase, superuser: Client) -> Iterator[Visitor]:
    with visiting(superuser) as found:
        yield found
    assert not found.troubles, "\n".join(found.troubles)


def strict(body: bytes) -> Any:
    """Parsed as a browser would: no NaN, no Infinity, ASCII only."""

    def refuse(word: str) -> NoReturn:
        raise AssertionError(f"{word} in JSON")

    return json.loads(body.decode("ascii"), parse_constant=refuse)


def page(visitor: Visitor, url: str) -> str:
    """The HTML of a page that answers and is inert."""
    response = visitor.get(url)
    html = response.all_bytes.decode()
    assert response.status_code == 200, (url, response.status_code, html[:300])
    assert findings(html) == [], url
    assert len(html) < 3_000_000, (url, len(html))
    return html


def data(visitor: Visitor, url: str) -> Any:
    """The JSON of it."""
    response = visitor.get(url)
    assert response.status_code == 200, (url, response.status_code)
    assert response["Content-Type"] == "application/json"
    return strict(response.all_bytes)


@pytest.mark.parametrize("number", THREADS)
def test_a_hostile_row_stands_among_its_49_neighbours(number: int, visitor: Visitor) -> None:
    rows = THREADS[number]
    url = reverse("conversations:default_thread", args=[rows[0].agent_id])
    html = page(visitor, f"{url}?view=full&limit=200")
    found = {row["id"] for row in data(visitor, f"{url}?format=json&limit=200")["results"]}
    everybody = {*rows[0].neighbours, *(row.id for row in rows)}
    assert everybody <= found
    assert {one for one in everybody if one not in html} == set()
    assert {n for n in range(49) if good_text(number, n) not in html} == set()


@pytest.mark.parametrize("row", HERE, ids=lambda row: f"{row.number}-{row.table}-{row.id[-6:]}")
def test_every_page_of_a_hostile_row_answers(row: HostileRow, visitor: Visitor) -> None:
    for name in PAGES[row.table]:
        url = reverse(name, args=[row.id])
        if name == "conversations:raw":
            assert visitor.get(url).status_code == 200
        else:
            page(visitor, url)
            data(visitor, f"{url}?format=json")


def listed(visitor: Visitor, url: str) -> set[str]:
    """Ids of all pages of a listing, as HTML shows them and as JSON gives them."""
    ids: set[str] = set()
    while url:
        page(visitor, url.replace("format=json&", ""))
        answer = data(visitor, url)
        ids |= {row["id"] for row in answer["results"]}
        url = answer["next"] or ""
    return ids


def test_the_agents_page_lists_hostile_agents_beside_good_ones(visitor: Visitor) -> None:
    ids = listed(visitor, f"{reverse('agents:list')}?format=json&limit=25")
    agents = {row.id for row in HERE if row.table == "agents"} | {row.agent_id for row in HERE}
    assert agents <= ids
    assert any(not key.startswith(("agent-bad", "agent-900d")) for key in ids)


def test_identities_and_runs_list_hostile_rows_too(visitor: Visitor) -> None:
    for name, table in (("people:identities", "identities"), ("runs:list", "runs")):
        wanted = {row.id for row in HERE if row.table == table}
        assert wanted <= listed(visitor, f"{reverse(name)}?format=json&limit=50")


@pytest.mark.parametrize("name", ["agents:list", "conversations:list", "people:identities", "runs:list",
                                  "agents:tools", "agents:users", "agents:organizations", "agents:groups"])  # fmt: skip
def test_exports_are_whole_and_inert(name: str, visitor: Visitor) -> None:
    response = visitor.get(f"{reverse(name)}?format=csv")
    rows = list(csv.reader(io.StringIO(response.all_bytes.decode(), newline=""), strict=True))
    assert response["Content-Type"].startswith("text/csv")
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}
    formulas = [cell for row in rows for cell in row if cell.startswith(FORMULA)]
    assert [cell for cell in formulas if not NUMBER.fullmatch(cell)] == []


TEXTS = ("<script>", "' OR 1=1 --", "%", "_", "\\", "%_\\" * 60, "\u202e", "\u200b", "{{7*7}}", "[" * 200,
         "\u0410cme", "ﷺ", "İ", "x" * 200, "; DROP TABLE messages; --", "^(a+)+$", "\ud7ff\ue000", "e\u0301")  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_searching_for_hostile_text_answers(
    text: str, letta: LettaDatabase, superuser: Client
) -> None:
    thread = reverse("conversations:default_thread", args=[THREADS[1][0].agent_id])
    for url in (
        reverse("search:jump"),
        reverse("agents:list"),
        reverse("people:identities"),
        thread,
    ):
        response = superuser.get(url, {"q": text})
        assert response.status_code == 200, url
        assert findings(response.content.decode()) == []


def test_every_page_of_the_world_is_inert(letta: LettaDatabase, visitor: Visitor) -> None:
    def is_page(address: Address) -> bool:
        return not address.may_be_absent and address.route not in {
            "conversations:raw",
            "runs:trace",
        }

    for address in filter(is_page, addresses(letta, each=1, formats=("",))):
        response = visitor.get(address.url)
        if response["Content-Type"].startswith("text/html"):
            assert findings(response.all_bytes.decode()) == [], address.url


def test_what_looks_for_inertness_would_find_something() -> None:
    bad = ("<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "<a href='javascript:x'>", "<p style='x'>",
           "<a href='java\tscript:x'>", "<img src='//evil.example'>", "<meta http-equiv=Refresh content=0>")  # fmt: skip
    assert all(findings(one) for one in bad)
    assert findings("<a href='/agents/'>x</a><script src='/static/js/keys.js'></script>") == []
