"""Lists of passages: found by index or window by window, then completed; no vector is ever read."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any, Final

from django.db.models import Q
from django.db.models.functions import Left, Length

from agents_app.embeddings.filters import Wanted
from agents_app.letta import access, catalogue
from agents_app.letta.models import (
    AgentPassage,
    ArchivalPassage,
    OldPassage,
    PassageTag,
    SourcePassage,
)
from agents_app.letta.vectors import Space, space_of, why_no_space, without_vector
from agents_app.text.jsontext import Parsed
from agents_app.text.masking import policy
from agents_app.text.search import contains, needle_regex
from agents_app.ui.paging import Cursor, Key, keyset, time_key
from agents_app.ui.values import stored

PASSAGE_TABLES = (ArchivalPassage, SourcePassage, AgentPassage, OldPassage)
EXCERPT_CHARACTERS: Final = 300
EXPORTED_CHARACTERS: Final = 65_536
WINDOW: Final = 2_000
LONGEST_SEARCH_S: Final = 1.5
MOST_TAGS: Final = 50
LONGEST_TAG: Final = 200
_EXPORT_CHUNK = 50
PARENTS: Final = ("archive_id", "agent_id", "source_id", "file_id")
_COLUMNS = (
    "id", "created_at", "updated_at", "embedding_config", "is_deleted", "created_by_id", "organization_id",
)  # fmt: skip
_TAGS_OF_ARCHIVE = """
SELECT tag FROM passage_tags WHERE organization_id = %(organization)s AND archive_id = %(archive)s
 GROUP BY tag ORDER BY count(*) DESC, tag LIMIT %(most)s
"""


@dataclass(frozen=True)
class PassageRow:
    """One passage of a list. `text` is its beginning, None without the right to content, as are `tags`."""

    passage: Any
    has_vector: bool
    content: bool

    @cached_property
    def text(self) -> str | None:
        return self.passage.excerpt if self.content else None

    @cached_property
    def tags(self) -> list[str]:
        return tags_of(self.passage.tags) if self.content else []

    @property
    def space(self) -> Space | None:
        return space_of(self.passage.embedding_config)

    @property
    def problem(self) -> str:
        """Why it is nowhere near anything: a sentence, or nothing."""
        if not self.has_vector:
            return "It has no embedding: only a search for its text finds it."
        return why_no_space(self.passage.embedding_config)


@dataclass(frozen=True)
class Found:
    """Rows in walking order; `reached` is the key looked at last when the search paused."""

    rows: list[PassageRow]
    looked_at: int = 0
    reached: Key | None = None

    @property
    def note(self) -> str:
        return f"Looked at {self.looked_at:,} passages so far." if self.reached else ""


def tags_of(parsed: Parsed) -> list[str]:
    """Tags as Letta stores them, a list of texts; whatever else a row holds is shown as JSON."""
    value = stored(parsed)
    if value is None:
        return []
    listed = value if isinstance(value, list) else [value]
    shown = [one if isinstance(one, str) else json.dumps(one) for one in listed[:MOST_TAGS]]
    left = len(listed) - len(shown)
    cut = [policy.beginning(tag, LONGEST_TAG)[0] for tag in shown]
    return [*cut, f"and {left:,} more"] if left else cut


def find(base: Any, wanted: Wanted, cursor: Cursor, *, content: bool) -> Found:
    """Up to limit + 1 passages of `base` beside the cursor, newest first; looks for 1.5 s at most."""
    if not wanted.is_narrow:
        rows = keyset(_timed(base, wanted).only("id", "created_at"), cursor)
        return Found(complete(base.model, rows, content=content))
    gives_up, matches, looked_at = time.monotonic() + LONGEST_SEARCH_S, [], 0
    for window in _windows(base, wanted, cursor):
        looked_at += len(window)
        matches += _kept(base.model, wanted, window)
        if len(matches) > cursor.limit:
            break
        if len(window) == WINDOW and time.monotonic() > gives_up:
            found = complete(base.model, matches, content=content)
            return Found(found, looked_at, time_key(window[-1]))
    return Found(complete(base.model, matches[: cursor.limit + 1], content=content), looked_at)


def every(base: Any, wanted: Wanted) -> Iterator[PassageRow]:
    """All passages asked for, with up to 65,536 characters of each text; for exports."""
    start = Cursor(None, backwards=False, limit=WINDOW - 1)
    windows = _windows(base, wanted, start)
    found = (row for window in windows for row in _kept(base.model, wanted, window))
    while chunk := list(islice(found, _EXPORT_CHUNK)):
        yield from complete(base.model, chunk, content=True, characters=EXPORTED_CHARACTERS)


def _windows(base: Any, wanted: Wanted, cursor: Cursor) -> Iterator[list[Any]]:
    queryset, place = (
        _timed(base, wanted).only("id", "created_at"),
        replace(cursor, limit=WINDOW - 1),
    )
    while rows := keyset(queryset, place):
        yield rows
        if len(rows) < WINDOW:
            return
        place = replace(place, key=time_key(rows[-1]))


def _timed(base: Any, wanted: Wanted) -> Any:
    if wanted.since:
        base = base.filter(created_at__gte=wanted.since)
    return base.filter(created_at__lt=wanted.until) if wanted.until else base


def _kept(model: Any, wanted: Wanted, window: list[Any]) -> list[Any]:
    """Those of the window with the text and the tag; SQL finds candidates, Python decides."""
    if not wanted.is_narrow:
        return window
    kept = set(_candidates(model, wanted, [row.pk for row in window]))
    return [row for row in window if row.pk in kept]


def _candidates(model: Any, wanted: Wanted, ids: list[str]) -> Iterator[str]:
    queryset, columns = model.objects.here().filter(pk__in=ids), ["id"]
    tagged: set[str] = set()
    if wanted.q:
        queryset, columns = queryset.filter(text__regex=needle_regex(wanted.q)), [*columns, "text"]
    if wanted.tag:
        rows = PassageTag.objects.here().filter(tag=wanted.tag, passage_id__in=ids)
        tagged = set(rows.values_list("passage_id", flat=True))
        spelled = Q(tags__contains=json.dumps(wanted.tag)) | Q(
            tags__contains=json.dumps(wanted.tag, ensure_ascii=False)
        )
        queryset, columns = queryset.filter(spelled | Q(pk__in=tagged)), [*columns, "tags"]
    for row in queryset.only(*columns):
        has_text = not wanted.q or contains(policy.searchable(row.text or ""), wanted.q)
        if has_text and (not wanted.tag or row.pk in tagged or _has_tag(row.tags, wanted.tag)):
            yield row.pk


def _has_tag(parsed: Parsed, tag: str) -> bool:
    value = parsed.value
    return tag in value if isinstance(value, list) else value == tag


def complete(
    model: Any, found: Sequence[Any], *, content: bool, characters: int = EXCERPT_CHARACTERS
) -> list[PassageRow]:
    """The rows with sizes and, given the right, texts and tags: two questions, however many rows."""
    ids = [row.pk for row in found]
    if not ids:
        return []
    queryset = model.objects.here().filter(pk__in=ids).annotate(characters=Length("text"))
    columns = (*_COLUMNS, *parent_columns(model))
    if content:
        ahead = characters + policy.AHEAD
        queryset = queryset.annotate(excerpt=Left("text", ahead)).only(*columns, "tags")
    else:
        queryset = queryset.only(*columns)
    rows = {row.pk: row for row in queryset}
    for row in rows.values() if content else ():
        row.excerpt = policy.beginning(row.excerpt or "", characters)[0]
    bare = without_vector(model._meta.db_table, ids)
    return [PassageRow(rows[one], one not in bare, content) for one in ids if one in rows]


def parent_columns(model: Any) -> list[str]:
    """Which of a passage's possible parents this table names."""
    here = {field.name for field in model._meta.fields}
    return [name for name in PARENTS if name in here]


def owners(passage: Any) -> list[str]:
    """Ids of what a passage that was read belongs to, for the trail."""
    return [owner for name in PARENTS if (owner := vars(passage).get(name))]


def _readable(table: str, columns: Sequence[str]) -> bool:
    return all(catalogue.current().has_column(table, column) for column in columns)


def archive_tags(archive_id: str, organization_id: str | None, most: int = 100) -> list[str]:
    """The most used tags of an archive, to choose from; by the index on (organization, archive)."""
    needed = ("tag", "organization_id", "archive_id")
    if not organization_id or not _readable("passage_tags", needed):
        return []
    values = {"organization": organization_id, "archive": archive_id, "most": most}
    return [row[0][:LONGEST_TAG] for row in access.rows(_TAGS_OF_ARCHIVE, values) if row[0]]
