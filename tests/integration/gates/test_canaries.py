"""Nobody ever reads a foreign or a forbidden byte, whatever they ask for: tokens in every column tell."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable

import psycopg
import pytest
from django.test import Client

from agents_app.letta.secrets import SECRETS
from tests.canaries import TOKEN, Canaries
from tests.integration.gates.readers import READERS, Reader
from tests.integration.gates.wandering import ABSENT, ROUTES, Asked, Wanderer, answer
from tests.integration.test_secrets import dump_of_ours
from tests.integration.work.test_work import run_worker
from tests.routes import POSTS

__all__ = ["dump_of_ours"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(7200)]
# A release's run asks 5,000 times as each reader: `make canary`.
REQUESTS = int(os.environ.get("CANARY_REQUESTS", "200"))
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
FINE = {200, 204, 302, 400, 403, 404, 405, 409, 414, 422, 429}


def leaks(reader: Reader, world: Canaries, asked: Asked, text: str) -> set[str]:
    """What of the text this reader may not see and has not said."""
    said = set(TOKEN.findall(asked.said))
    found = set()
    for token in set(TOKEN.findall(text)) - said:
        place = world.places.get(token[3:])
        if place is None or not reader.may_see(place, path=asked.url.split("?")[0]):
            found.add(f"token of {place}")
        elif reader.masked and token.startswith("mny"):
            found.add(f"unmasked e-mail of {place}")
    return found | foreign_ids(reader, world, asked, text)


def foreign_ids(reader: Reader, world: Canaries, asked: Asked, text: str) -> set[str]:
    """Ids of rows of organizations that the reader does not reach."""
    hidden = {
        one for letter, ids in world.ids.items() if letter not in reader.letters for one in ids
    }
    known = {UUID.search(one)[0]: one for one in hidden}  # type: ignore[index]
    return {
        f"id {known[one]}"
        for one in set(UUID.findall(text)) - set(UUID.findall(asked.said))
        if one in known
    }


def wander(
    reader: Reader, world: Canaries, client: Client, *, requests: int
) -> tuple[Counter[str], Counter[int]]:
    """What leaked, by what and where, and how often each status came."""
    wanderer = Wanderer(world, sum(map(ord, reader.name)))
    leaked: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    for number in range(requests):
        asked = wanderer.next()
        status, body, headers = answer(client, asked)
        statuses[status] += 1
        if status not in FINE:
            leaked[f"{status} {asked.method} {asked.url} {asked.data}"] += 1
        for what in leaks(reader, world, asked, f"{headers}\n{body}"):
            route = re.sub(r"[\w-]*" + UUID.pattern, "<id>", asked.url.split("?")[0])
            leaked[f"{what} | {route} | {asked.url}"] += 1
        wanderer.learn(body)
        if number in (requests // 3, requests * 2 // 3):
            run_worker()
    return leaked, statuses


@pytest.mark.parametrize("name", READERS)
def test_a_reader_sees_no_token_that_is_not_theirs(
    name: str,
    world: Canaries,
    reader_of: Callable[[str], Client],
    log: list[str],
    dump_of_ours: Callable[[], str],
) -> None:
    leaked, statuses = wander(READERS[name], world, reader_of(name), requests=REQUESTS)
    if leaked:
        pytest.fail("\n".join(sorted(leaked)[:60]))
    assert name in ("admin", "nobody") or statuses[200] > REQUESTS // 4
    logged = {
        f"{world.places.get(token[3:])} | {line[:200]}"
        for line in log
        for token in TOKEN.findall(line)
    }
    if logged:
        pytest.fail("\n".join(sorted(logged)[:20]))
    kept = {world.places[token[3:]] for token in TOKEN.findall(dump_of_ours())}
    assert {f"{place.table}.{place.column}" for place in kept} <= {"agents.name"}


def test_every_column_holds_a_token_of_each_organization(world: Canaries) -> None:
    columns = {(place.table, place.column) for place in world.places.values()}
    assert len(columns) > 120
    for letter in "abc":
        mine = {(p.table, p.column) for p in world.places.values() if p.organization == letter}
        assert columns - mine <= {("prompts", "prompt")}, columns - mine


@pytest.mark.parametrize("table", SECRETS)
def test_secret_columns_cannot_even_be_selected(table: str, world: Canaries) -> None:
    with psycopg.connect(world.database.uri(), autocommit=True) as connection:
        for column in SECRETS[table]:
            for sql in (f'SELECT "{column}" FROM letta."{table}"', f'SELECT * FROM letta."{table}"',
                        f'SELECT count(*) FROM letta."{table}" WHERE "{column}" IS NOT NULL',
                        f'SELECT row_to_json(t) FROM letta."{table}" t', f'COPY letta."{table}" TO STDOUT',
                        f'SELECT 1 FROM letta."{table}" ORDER BY "{column}"::text'):  # fmt: skip
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(sql.encode())


def test_a_foreign_id_answers_as_an_absent_one(
    world: Canaries, reader_of: Callable[[str], Client]
) -> None:
    client, wanderer = reader_of("support"), Wanderer(world, 1)
    for route in ROUTES:
        kinds = [one for one in route.parameters if wanderer.pools["b"].get(one)]
        if not kinds:
            continue
        for form in ("", "?format=json", "?format=csv"):
            answers = []
            plain = {one: wanderer.argument(one) for one in route.parameters}
            for foreign in (True, False):
                values = plain | {
                    kind: _one(wanderer.pools["b"][kind][0], is_absent=not foreign)
                    for kind in kinds
                }
                method = "post" if route.name in POSTS else "get"
                asked = Asked(method, route.url(values) + form)
                status, body, headers = answer(client, asked)
                for text in (
                    *_written(values[kind] for kind in kinds),
                    *re.findall(r"X-Request-ID: (\w+)", headers),
                ):
                    body, headers = body.replace(text, "…"), headers.replace(text, "…")
                answers.append(
                    (status, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body), headers)
                )
            assert answers[0] == answers[1], (route.name, form, answers[0][0], answers[1][0])


def _written(keys: Iterable[str]) -> list[str]:
    """Ids as pages write them: whole, and their beginning."""
    return [text for key in keys for text in (key, UUID.sub(lambda found: found[0][:8], key))]


def _one(key: str, *, is_absent: bool) -> str:
    """The id, or one of its shape that nothing has."""
    return f"{key.rsplit('-', 5)[0]}-{ABSENT}" if is_absent else key
