"""Samples stored as messages, blocks and passages: none of their secrets reaches a masked reader by any output."""

import html
import json
import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from agents_app.demo.load import fill
from agents_app.text.masking.finding import mask
from tests.cluster import Cluster
from tests.crawl import Visitor
from tests.lettadb import UNTIL, LettaDatabase, new_database, pointed_at
from tests.masking_samples.positives import positives
from tests.masking_samples.reading import NUMBERS, readable, reduced
from tests.masking_samples.sample import Positive

pytestmark = pytest.mark.django_db
STORED = 330
MASKED = re.compile(
    "‹(?:secret|e-mail|card number|IBAN|IP address|phone number)".encode()
    + b'|class="masked"|\\\\u2039'
)
ENOUGH = 8  # characters of a hidden part that can be looked for in a whole page


@pytest.fixture(scope="module")
def samples() -> list[Positive]:
    """Some of every kind that masking finds in the text itself."""
    known = [one for one in positives() if one.kind != "address" and searched_for(one)]
    return [one for one in known[:: len(known) // STORED] if readable(one, mask(one.text)) is None]


@pytest.fixture(scope="module")
def holding(cluster: Cluster, samples: list[Positive]) -> Iterator[LettaDatabase]:
    database = new_database(cluster, "0.16.8")
    fill(database.owner, "0.16.8", agents=4, messages=1200, passages=60, hostile=False, seed=3, until=UNTIL,
         schema=database.schema)  # fmt: skip
    store(database, samples)
    database.provision()
    with pointed_at(database.uri()):
        yield database


def store(database: LettaDatabase, samples: list[Positive]) -> None:
    """Each sample once as somebody's message; blocks and passages in turn."""
    texts = [one.text for one in samples]
    contents = [json.dumps([{"type": "text", "text": text}]) for text in texts]
    agent = busiest(database)
    database.execute(
        "UPDATE messages SET content = drawn.content::json, text = NULL FROM (SELECT * FROM unnest(%s::text[])"
        " WITH ORDINALITY AS given (content, place) JOIN (SELECT id, row_number() OVER (ORDER BY sequence_id DESC)"
        " AS place FROM messages WHERE agent_id = %s AND role = 'user') AS rows USING (place)) AS drawn"
        " WHERE messages.id = drawn.id", [contents, agent])  # fmt: skip
    for table, column in (("block", "value"), ("archival_passages", "text")):
        database.execute(
            f"UPDATE {table} SET {column} = (%s::text[])[1 + place %% %s] FROM (SELECT id AS row, row_number()"
            f" OVER (ORDER BY id) AS place FROM {table}) AS rows WHERE id = row",
            [texts, len(texts)],
        )


def busiest(database: LettaDatabase) -> str:
    sql = "SELECT agent_id FROM messages WHERE role = 'user' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    return str(database.rows(sql)[0][0])


def searched_for(sample: Positive) -> list[str]:
    """What of a sample can be told from a page's other text."""
    parts = [reduced(part, numbers=sample.kind in NUMBERS) for part in sample.hidden]
    return [part for part in parts if len(part) >= ENOUGH]


def leaks(body: bytes, samples: list[Positive]) -> list[str]:
    text = html.unescape(re.sub(r"<[^>]*>", "", body.decode()))
    forms = [reduced(form, numbers=n) for form in (text, body.decode()) for n in (False, True)]
    return [
        f"{part!r} of {one.kind} {one.format}: {one.text[:200]!r}"
        for one in samples
        for part in searched_for(one)
        if any(part in form for form in forms)
    ]


def pages(database: LettaDatabase) -> dict[str, list[str]]:
    agent = busiest(database)
    users = database.rows(
        "SELECT id FROM messages WHERE agent_id = %s AND role = 'user' ORDER BY sequence_id DESC LIMIT 12", [agent])  # fmt: skip
    blocks = database.rows("SELECT id FROM block ORDER BY id LIMIT 12")
    passages = database.rows("SELECT id FROM archival_passages ORDER BY id LIMIT 12")
    thread = f"/agents/{agent}/messages/?thread=all&limit=200"
    return {
        "transcript": [f"{thread}&role=user", f"{thread}&role=user&edge=first", f"{thread}&view=full"],
        "transcript as JSON": [f"{thread}&role=user&format=json", f"{thread}&view=full&format=json"],
        "transcript as CSV": [f"{thread}&role=user&format=csv"],
        "search hits": [f"{thread}&q={word}" for word in ("please", "bitte", "value", "thanks", "token")],
        "message": [f"/messages/{row[0]}/{tail}" for row in users for tail in ("", "raw/", "?format=json")],
        "memory": [f"/agents/{agent}/memory/", *(f"/blocks/{row[0]}/{tail}" for row in blocks
                   for tail in ("", "?format=json", "history/", "blame/"))],
        "listings": ["/blocks/", "/blocks/?format=json", "/blocks/?format=csv", "/conversations/"],
        "passages": ["/passages/", "/passages/?format=json", "/passages/?format=csv",
                     *(f"/passages/{row[0]}/" for row in passages)],
    }  # fmt: skip


def test_no_output_tells_a_masked_reader_what_a_sample_hides(
    holding: LettaDatabase, samples: list[Positive], browser_of: Callable[[str], Client]
) -> None:
    visitor = Visitor(browser_of("support"))
    told: list[str] = []
    for output, urls in pages(holding).items():
        masked = 0
        for url in urls:
            response = visitor.get(url)
            assert response.status_code == 200, (output, url, response.status_code)
            masked += len(MASKED.findall(response.all_bytes))
            told += [f"{output} {url}: {leak}" for leak in leaks(response.all_bytes, samples)]
        assert masked, f"nothing is masked in {output}"
    assert not told, "\n".join(told[:30])


def test_a_superuser_reads_the_samples_in_the_same_outputs(
    holding: LettaDatabase, samples: list[Positive], superuser: Client
) -> None:
    visitor = Visitor(superuser)
    for output, urls in pages(holding).items():
        if output != "listings":
            bodies = b"".join(visitor.get(url).all_bytes for url in urls)
            assert leaks(bodies, samples), output
