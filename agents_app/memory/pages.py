"""Pages of revisions, and the history as JSON: every revision, oldest first, streamed.

A history that is not kept and too long for one page load is read while it is sent; what is kept of
it then makes the next page quick.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from agents_app.accounts.audit import record
from agents_app.letta.errors import LettaError
from agents_app.memory import queries
from agents_app.memory.narrowing import Narrowed, Pair, kept, occurrences
from agents_app.memory.reading import Told, told_of_vanished, told_whole
from agents_app.memory.telling import OTHER_SIDE, as_json, counts_json
from agents_app.revisions.cache.building import build
from agents_app.revisions.cache.skeleton import Outdated, forget, load
from agents_app.revisions.causes import with_causes
from agents_app.revisions.collect import gather, subject
from agents_app.revisions.evidence import Subject
from agents_app.revisions.revision import Revision
from agents_app.ui.http import Request
from agents_app.ui.jsonout import encode
from agents_app.ui.paging import Cursor, Key, Page, make_page, read_cursor

logger = logging.getLogger(__name__)
AT_ONCE: Final = 10
MOST_AT_ONCE: Final = 2_000_000  # characters that are sent in one piece
JSON: Final = "application/json"
CHANGED: Final = "This history has changed. Open it again from its start."


def make_revision_page(request: HttpRequest, cursor: Cursor, pairs: Sequence[Pair]) -> Page[Pair]:
    """A page of revisions in their given order."""
    rows = list(pairs)
    if cursor.key is not None:
        place = _found(cursor.key, rows)
        rows = rows[:place][::-1] if cursor.backwards else rows[place + 1 :]
    places = {pair[0].id: n for n, pair in enumerate(pairs)}
    return make_page(
        request,
        cursor,
        rows[: cursor.limit + 1],
        key=lambda pair: (pair[0].id, str(places[pair[0].id])),
    )


def _found(key: Key, rows: Sequence[Pair]) -> int:
    """Where the revision of a cursor stands now; a later one may have been written since."""
    place = next((n for n, pair in enumerate(rows) if pair[0].id == key[0]), None)
    if place is None:
        raise BadRequest(CHANGED)
    return place


def record_reading(
    request: Request,
    block_id: str,
    block: Subject,
    count: int,
    *,
    about: Iterable[str | None],
    terms: str,
) -> None:
    """One event for a page of a history; `about` are the agents that wrote it."""
    record(
        request, "memory.history", kind="block", ids=[block_id], count=max(count, 1),
        organization_id=block.organization_id, about=dict.fromkeys(about), terms=terms,
    )  # fmt: skip


def answer_json(
    request: Request, block_id: str, asked: Mapping[str, Any], narrowed: Narrowed
) -> HttpResponseBase:
    """`{results, next, writes, explained, gaps, complete, searched}`; what was asked about parts is ignored."""
    cursor, block = read_cursor(request), subject(block_id)
    found = told_whole(block) if block else _vanished(asked)
    if found is not None:
        pairs = kept(found, narrowed).pairs
        record_reading(
            request, block_id, found.block, len(pairs),
            about=[asked["agent"], *(one.agent_id for one in found.revisions)], terms=narrowed.q,
        )  # fmt: skip
        page = make_revision_page(request, cursor, pairs)
        pieces = _told_json(found, page)
        if sum(_size(one) for one, _ in page) <= MOST_AT_ONCE:
            return HttpResponse("".join(_opened(pieces)), content_type=JSON)
    elif block is not None:
        holders = queries.holder_ids(block_id)
        record_reading(
            request, block_id, block, block.version or 1, about=holders, terms=narrowed.q
        )
        pieces = _built_json(request, block, cursor, narrowed)
    else:
        raise Http404
    return StreamingHttpResponse(_sent(pieces, block_id), content_type=JSON)


def _size(one: Revision) -> int:
    return one.size or len(one.value or "")


def _opened(pieces: Iterator[str]) -> Iterator[str]:
    yield '{"results": ['
    yield from pieces


def _vanished(asked: Mapping[str, Any]) -> Told | None:
    named = asked["agent"] and asked["label"]
    return told_of_vanished(asked["agent"], asked["label"]) if named else None


def _sent(pieces: Iterator[str], block_id: str) -> Iterator[bytes]:
    """An answer that breaks off says so in a key of its own, and stays JSON."""
    try:
        for piece in _opened(pieces):
            yield piece.encode()
    except (LettaError, Outdated) as error:
        forget(block_id)
        logger.warning("history stopped", extra={"cause": type(error).__name__})
        words = "The answer stopped here and is not complete. Ask again."
        yield f'], "next": null, "complete": false, "error": {encode(words)}}}'.encode()


def _told_json(found: Told, page: Page[Pair]) -> Iterator[str]:
    numbers = [number for one, _ in page if (number := found.index(one.id)) is not None]
    values = found.values(numbers[0], numbers[-1] + 1) if numbers else iter(())
    wanted = set(numbers)
    rows = (replace(found.revisions[n], value=value) for n, value in values if n in wanted)
    yield from _results(rows)
    yield _ending(page.next_url, counts_json(found), found.searched)


def _results(revisions: Iterator[Revision]) -> Iterator[str]:
    """Objects with commas between them, a few at a time."""
    comma = ""
    while portion := list(islice(revisions, AT_ONCE)):
        for one in with_causes(portion):
            yield comma + encode(as_json(one))
            comma = ",\n"


def _ending(next_url: str | None, counts: Mapping[str, object], searched: str) -> str:
    rest = {"next": next_url, **counts, "complete": True, "searched": searched}
    return "], " + encode(rest)[1:]


def _built_json(
    request: Request, block: Subject, cursor: Cursor, narrowed: Narrowed
) -> Iterator[str]:
    """Reads the whole history while it sends a page of it."""
    walk = _Walk(cursor, narrowed)
    yield from _results(walk.page(one for _, one in build(gather(block))))
    if cursor.key is not None and not walk.begun:
        yield f'], "next": null, "complete": false, "error": {encode(CHANGED)}}}'
        return
    now_kept = load(block)
    counts = None if now_kept is None else now_kept.completeness
    page = Told(block, (), counts)
    yield _ending(walk.next_url(request), counts_json(page), "index")


class _Walk:
    """Goes through revisions, oldest first: a page of them after the cursor, the rest only counted."""

    def __init__(self, cursor: Cursor, narrowed: Narrowed) -> None:
        self.cursor, self.narrowed = cursor, narrowed
        self.begun, self.more = cursor.key is None, False
        self.last: tuple[str, int] | None = None
        self.number = self.count = -1
        self.occurrences = 0

    def page(self, revisions: Iterator[Revision]) -> Iterator[Revision]:
        for one in revisions:
            meets = self._meets(one)
            self.number += meets
            if self.begun and meets:
                self.count += 1
                if self.count < self.cursor.limit:
                    self.last = (one.id, self.number)
                    yield one
                else:
                    self.more = True
            if self.cursor.key is not None and one.id == self.cursor.key[0]:
                self.begun = True

    def _meets(self, one: Revision) -> bool:
        changed = True
        if self.narrowed.q and one.value is not None:
            count = occurrences(one.value, self.narrowed.q.casefold())
            changed = count != self.occurrences
            if not one.id.endswith(OTHER_SIDE):
                self.occurrences = count
        sought = not self.narrowed.q or (changed and one.value is not None)
        return sought and self.narrowed.keeps((one, None))

    def next_url(self, request: Request) -> str | None:
        if not self.more or self.last is None:
            return None
        place = self.last[1]
        page = make_page(
            request, replace(self.cursor, limit=1), [self.last, self.last],
            key=lambda pair: (pair[0], str(place)),
        )  # fmt: skip
        return page.next_url
