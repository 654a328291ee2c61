"""No request crashes the console: ids, cursors, filters, dates and sort fields of every shape, over all pages."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.crawl import QUERIES, addresses
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db

# Raw, as they stand in an address.
VALUES = (
    "", "%00", "a%00b", "%ED%A0%80", "%C0%AF", "%", "%zz", "%25", "%E2%80%AE", "%F3%A0%81%A1",
    "-1", "0", "1", "10" * 20, "1e9", "NaN", "Infinity", "-Infinity", "%D9%A3", "0x10", "1_000", " 5", "5%0A",
    "true", "null", "undefined", "[]", "{}", "%5B%22a%22%5D", "__proto__", "constructor",
    "%25", "_", "%5C", "%25_%5C" * 50, "%27", "%22", "%27%20OR%201=1--", ";%20DROP%20TABLE%20messages", "$1", "%25s",
    "%7B%7B7*7%7D%7D", "^(a%2B)%2B$", "(", "*", "%5B", "a" * 4000,
    "password", "organization__providers__api_key", "_connector", "__class__", "id%29%3B--", "created_at",
    "infinity", "-infinity", "20000-01-01", "0044-03-15%20BC", "0001-01-01", "0000-00-00", "2026-02-30",
    "2026-11-20T23:59:60Z", "2026-11-20T14:30%2B99:00", "9999-12-31T23:59:59Z", "1", "-62135596801", "now", "today",
    "agent-", "agent-..%2F", "AGENT-1", "agent-" + "0" * 200, "message-%00", "run-1", "..%2F..%2Fetc%2Fpasswd",
    "eyJhIjoxfQ", "WyIxIiwiMiJd:1abc:def", "a:b:c", "W10:1uVwXy:" + "A" * 43, "json", "csv", "JSON", "xml",
)  # fmt: skip
NAMES = (
    "q", "limit", "after", "before", "at", "on", "since", "until", "role", "tool", "errors", "thread", "deleted",
    "view", "order", "edge", "format", "status", "stop_reason", "agent", "conversation", "organization", "type",
    "model", "tag", "hidden", "panel", "trace", "above", "download", "sort", "page", "fields", "id", "%00", "__class__",
)  # fmt: skip
ANY_TEXT = st.text(max_size=30).map(lambda text: quote(text.encode("utf-8", "surrogatepass")))
QUERY = st.lists(
    st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), ANY_TEXT)),
    min_size=1,
    max_size=4,
).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))


@pytest.fixture
def paths(letta: LettaDatabase) -> list[str]:
    return sorted(
        {
            address.url.partition("?")[0]
            for address in addresses(letta, formats=("",), queries=False)
        }
    )


def status_of(client: Client, path: str, query: str, **headers: Any) -> int:
    response = client.get(path, QUERY_STRING=query, **headers)
    if response.streaming:
        b"".join(response.streaming_content)
    return int(response.status_code)


@pytest.mark.parametrize("part", range(6))
def test_every_value_meets_every_parameter_and_no_page_crashes(
    part: int, letta: LettaDatabase, superuser: Client, paths: list[str]
) -> None:
    asked = {
        name for queries in QUERIES.values() for query in queries for name in [query.split("=")[0]]
    }
    names = sorted(asked | {"after", "before", "format"})
    bad = []
    for index, path in list(enumerate(paths))[part::6]:
        for turn, value in list(enumerate(VALUES))[index % 4 :: 4]:
            query = "&".join(f"{name}={value}" for name in names[(index + turn) % 3 :: 3])
            if (status := status_of(superuser, path, query)) >= 500:
                bad.append((status, path, query))
    assert bad == []


@settings(
    max_examples=250, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(place=st.integers(0, 10_000), query=QUERY, partial=st.booleans())
def test_no_query_crashes_any_page(
    letta: LettaDatabase, superuser: Client, paths: list[str], place: int, query: str, partial: bool
) -> None:
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "results"} if partial else {}
    assert status_of(superuser, paths[place % len(paths)], query, **headers) < 500


IDS = ("", " ", ".", "..", "%2e%2e", "agent-../", "agent-%00", "AGENT-1", "a" * 101, "a" * 5000, "agent-1'--", "ü", "%ED%A0%80",
       "agent-1%0A", "-", "_", "agent-1;", "%F0%9F%98%80", "null", "0", "agent-1/", "1e309")  # fmt: skip


@pytest.mark.parametrize("wrong", IDS, ids=ascii)
def test_an_id_of_any_shape_is_at_most_not_found(
    wrong: str, letta: LettaDatabase, superuser: Client
) -> None:
    for start in ("agents", "messages", "conversations", "runs", "steps", "tools", "identities", "blocks", "passages",
                  "archives", "sources", "files", "groups", "users", "organizations", "traces", "jobs"):  # fmt: skip
        assert superuser.get(f"/{start}/{wrong}/").status_code in {200, 301, 302, 400, 404, 414}


def test_parameters_repeated_or_by_the_thousand_are_refused_or_ignored(
    letta: LettaDatabase, superuser: Client, paths: list[str]
) -> None:
    for path in paths:
        assert status_of(superuser, path, "limit=1&limit=2&q=a&q=b&format=json&format=html") < 500
        assert status_of(superuser, path, "&".join(f"a{n}=1" for n in range(1_200))) in {400, 414}


@pytest.mark.parametrize(
    "cookie", ["inspector_times", "inspector_zone", "inspector_theme", "session", "csrf"]
)
@pytest.mark.parametrize(
    "value", ["", "x" * 4000, "../../etc/passwd", "Mars/Base", "<script>", "\\000", "a;b"]
)
def test_a_cookie_of_any_shape_is_ignored(
    cookie: str, value: str, letta: LettaDatabase, superuser: Client
) -> None:
    if cookie != "session":
        superuser.cookies[cookie] = value
    else:
        superuser.cookies[cookie].set(cookie, value, value)
    assert superuser.get("/agents/").status_code in {200, 302}


def test_a_cursor_of_another_page_or_another_console_is_a_400(
    letta: LettaDatabase, superuser: Client
) -> None:
    next_url = superuser.get("/agents/?format=json&limit=2").json()["next"]
    cursor = next_url.partition("after=")[2]
    assert superuser.get(f"/agents/?after={cursor}").status_code == 200
    for path in ("/conversations/", "/runs/", "/identities/", "/tools/"):
        assert superuser.get(f"{path}?after={cursor}").status_code == 400
    for forged in (cursor[:-1], "x" + cursor, cursor.upper(), urlencode({"": cursor})[1:] + "A"):
        assert superuser.get(f"/agents/?after={forged}").status_code == 400
