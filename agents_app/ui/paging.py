"""Keyset pages: no count, no OFFSET; a signed cursor in the URL says where to go on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict

from agents_app.letta.keyset import newest_first

T = TypeVar("T")
Key = tuple[str | None, ...]
DEFAULT_LIMIT, HIGHEST_LIMIT = 50, 200
CURSOR_PARAMETERS = ("after", "before")


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: the key of the row beside it, as texts that PostgreSQL reads back exactly."""

    key: Key | None
    backwards: bool
    limit: int

    @property
    def is_start(self) -> bool:
        return self.key is None


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows in reading order, with the URLs of what is beside them (None where there is nothing)."""

    rows: Sequence[T]
    older_url: str | None
    newer_url: str | None
    newest_url: str | None
    next_url: str | None
    note: str = ""

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def read_cursor(request: HttpRequest, *, default: int = DEFAULT_LIMIT) -> Cursor:
    """The cursor and limit of the request; a forged or foreign cursor is a 400."""
    for name in CURSOR_PARAMETERS:
        if text := request.GET.get(name):
            return Cursor(
                _open(text, request.path),
                backwards=name == "before",
                limit=_limit(request, default),
            )
    return Cursor(None, backwards=False, limit=_limit(request, default))


def make_page(
    request: HttpRequest,
    cursor: Cursor,
    rows: Sequence[T],
    *,
    key: Callable[[T], Key],
    note: str = "",
    reached: Key | None = None,
) -> Page[T]:
    """Cuts `rows` (up to limit + 1 of them, in walking order) to a page with its links.

    Walking order is the listing's order, or its reverse when the cursor goes backwards. `reached` is
    the key looked at last by a search that paused before its end: the link goes on from there.
    """
    more, shown = len(rows) > cursor.limit, list(rows[: cursor.limit])
    if cursor.backwards:
        shown.reverse()
    follows = more if not cursor.backwards else True
    precedes = more if cursor.backwards else not cursor.is_start
    older = _url(request, after=key(shown[-1])) if shown and follows else None
    newer = _url(request, before=key(shown[0])) if shown and precedes else None
    if reached is not None and cursor.backwards:
        newer = _url(request, before=reached)
    elif reached is not None:
        older = _url(request, after=reached)
    newest = None if cursor.is_start else _url(request)
    absolute = request.build_absolute_uri(older) if older else None
    return Page(shown, older, newer, newest, absolute, note)


def walk(
    fetch: Callable[[Cursor], Sequence[T]], *, key: Callable[[T], Key], chunk: int = 200
) -> Iterator[T]:
    """Every row of a listing, chunk by chunk; for exports."""
    cursor = Cursor(None, backwards=False, limit=chunk)
    while True:
        rows = fetch(cursor)
        yield from rows[:chunk]
        if len(rows) <= chunk:
            return
        cursor = Cursor(key(rows[chunk - 1]), backwards=False, limit=chunk)


def _limit(request: HttpRequest, default: int) -> int:
    text = request.GET.get("limit", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return default
    return max(1, min(int(text), HIGHEST_LIMIT))


def _url(request: HttpRequest, **cursor: Key) -> str:
    query: QueryDict = request.GET.copy()
    for name in CURSOR_PARAMETERS:
        query.pop(name, None)
    for name, key in cursor.items():
        query[name] = seal(key, request.path)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def seal(key: Key, path: str) -> str:
    """A signed cursor that only the page at `path` accepts."""
    return signing.dumps(list(key), salt=f"cursor {path}")


def _open(text: str, path: str) -> Key:
    try:
        return tuple(signing.loads(text, salt=f"cursor {path}"))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise BadRequest(
            "This page link is not valid here. Open the list again from its start."
        ) from error


def keyset(queryset: Any, cursor: Cursor, *, time: str = "created_at") -> list[Any]:
    """Up to limit + 1 objects of `queryset` in walking order, newest first by (time, id), as Letta's indexes are."""
    return newest_first(
        queryset, cursor.key, backwards=cursor.backwards, time=time, count=cursor.limit + 1
    )


def time_key(row: Any, time: str = "created_at") -> Key:
    """The key of a row listed by (time, id)."""
    moment = getattr(row, time)
    return (None if moment is None else str(moment), str(row.pk))
