"""Cursors are signed, belong to one page, and links appear only where there is something."""

import pytest
from django.core.exceptions import BadRequest
from django.test import RequestFactory

from agents_app.ui.paging import Cursor, make_page, read_cursor, seal, walk

FACTORY = RequestFactory()


def key(row: int) -> tuple[str]:
    return (str(row),)


def rows_after(cursor: Cursor) -> list[int]:
    """A listing of 10 … 1."""
    if cursor.key is None:
        found = list(range(10, 0, -1))
    elif cursor.backwards:
        found = list(range(int(str(cursor.key[0])) + 1, 11))
    else:
        found = list(range(int(str(cursor.key[0])) - 1, 0, -1))
    return found[: cursor.limit + 1]


def test_forwards_and_back_again_gives_the_same_page() -> None:
    request = FACTORY.get("/things/", {"limit": "4"})
    first = make_page(request, read_cursor(request), rows_after(read_cursor(request)), key=key)
    assert first.rows == [10, 9, 8, 7]
    assert first.newer_url is None
    request = FACTORY.get(first.older_url or "")
    second = make_page(request, read_cursor(request), rows_after(read_cursor(request)), key=key)
    assert second.rows == [6, 5, 4, 3]
    request = FACTORY.get(second.newer_url or "")
    back = make_page(request, read_cursor(request), rows_after(read_cursor(request)), key=key)
    assert back.rows == first.rows
    assert back.newer_url is None


def test_the_last_page_has_no_older_link() -> None:
    request = FACTORY.get("/things/", {"limit": "200"})
    page = make_page(request, read_cursor(request), rows_after(read_cursor(request)), key=key)
    assert page.older_url is None
    assert page.next_url is None


@pytest.mark.parametrize("text", ["x", "WyIxIl0:1:2", "1" * 5000])
def test_a_forged_cursor_is_a_bad_request(text: str) -> None:
    with pytest.raises(BadRequest):
        read_cursor(FACTORY.get("/things/", {"after": text}))


def test_a_cursor_of_another_page_is_a_bad_request() -> None:
    with pytest.raises(BadRequest):
        read_cursor(FACTORY.get("/things/", {"after": seal(("1",), "/others/")}))


@pytest.mark.parametrize(
    ("text", "limit"), [("0", 1), ("9" * 30, 50), ("1000", 200), ("-1", 50), ("٣", 50)]
)
def test_limits_are_kept_in_bounds(text: str, limit: int) -> None:
    assert read_cursor(FACTORY.get("/things/", {"limit": text})).limit == limit


def test_walking_gives_every_row_once() -> None:
    assert list(walk(rows_after, key=key, chunk=3)) == list(range(10, 0, -1))
