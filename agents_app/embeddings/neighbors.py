"""The neighbours of a passage as rows to show: text with shared words, tags, age, origin."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from django.db.models.functions import Left, Length

from agents_app.embeddings.passages import PARENTS, PASSAGE_TABLES, parent_columns, tags_of
from agents_app.embeddings.placing import SmallMap, place
from agents_app.embeddings.searching import Outcome, Query, search
from agents_app.embeddings.words import Piece, pieces, telling_words
from agents_app.letta.estimates import estimate
from agents_app.letta.models import Archive, File
from agents_app.letta.vectors import (
    Extent,
    Group,
    Near,
    Space,
    StoredVector,
    groups,
    read_vectors,
    space_of,
    unreadable,
    vector_of,
    why_no_space,
)
from agents_app.text.masking import policy

SHOWN_CHARACTERS: Final = 1_200
COMPARED_CHARACTERS: Final = 20_000
_COLUMNS = ("id", "created_at", "embedding_config", "tags", "is_deleted", "organization_id")


@dataclass(frozen=True)
class Start:
    """The vector to start from, or the sentence why there is none."""

    query: Query | None
    why: str = ""


@dataclass(frozen=True)
class NeighborRow:
    """One neighbour; `passage` is None when its row vanished meanwhile."""

    rank: int
    near: Near
    passage: Any
    origin_name: str | None
    content: bool
    words: frozenset[str]

    @property
    def similarity(self) -> float:
        """Cosine, 1 to -1."""
        return 1 - self.near.distance

    @property
    def width(self) -> float:
        """Of the bar, 0 to 100; opposites have none."""
        return round(max(0.0, min(1.0, self.similarity)) * 100, 1)

    @property
    def text(self) -> str | None:
        return self.passage.excerpt if self.content and self.passage else None

    @cached_property
    def pieces(self) -> list[Piece]:
        text = self.text or ""
        return pieces(text, self.words & telling_words(text))

    @cached_property
    def tags(self) -> list[str]:
        return tags_of(self.passage.tags) if self.content and self.passage else []

    @property
    def parents(self) -> dict[str, str | None]:
        return {name: getattr(self.passage, name, None) for name in PARENTS}


def start(found: Any, *, most: int) -> Start:
    """The passage's own vector as a query; without a usable one, the reason."""
    table = found._meta.db_table
    if refusal := unreadable(table):
        return Start(None, refusal)
    stored = vector_of(table, found.pk) or StoredVector(None)
    if stored.values is None:
        return Start(
            None, "It has no embedding, so nothing can be near it: only its text can be searched."
        )
    if stored.is_zero:
        return Start(
            None,
            "Its vector is all zeros: it points nowhere, so nothing is near it or far from it.",
        )
    space = space_of(found.embedding_config)
    if space is None:
        return Start(None, why_no_space(found.embedding_config))
    return Start(Query(stored.values, space, most, itself=found.pk))


def find(query: Query, extents: Sequence[Extent]) -> Outcome:
    """What is near, in these extents."""
    return search(extents, query)


def rows(near: Sequence[Near], *, words: frozenset[str], content: bool) -> list[NeighborRow]:
    """The neighbours with what is shown of them; three questions for each table they are in."""
    passages: dict[str, Any] = {}
    for table, ids in _by_table(near).items():
        passages |= _passages(table, ids, content=content)
    names = _origin_names(passages.values(), content=content)
    found = []
    for rank, one in enumerate(near, start=1):
        passage = passages.get(one.id)
        origin = names.get(_origin(passage))
        found.append(NeighborRow(rank, one, passage, origin, content, words))
    return found


def small_map(query: Query, near: Sequence[Near], *, width: int) -> SmallMap | None:
    """The passage and its neighbours on a plane; vectors come cut to `width` numbers."""
    vectors: dict[str, Any] = {}
    for table, ids in _by_table(near).items():
        extent = Extent(table)
        for group in groups(extent, ids=ids):
            if group.space == query.space:
                vectors |= _read(extent, group, ids)
    here = [one for one in near if one.id in vectors]
    stacked = np.vstack([query.vector[:width], *(vectors[one.id][:width] for one in here)])
    return place([one.id for one in here], [one.distance for one in here], stacked)


def _read(extent: Extent, group: Group, ids: list[str]) -> dict[str, Any]:
    batches = read_vectors(extent, group, ids=ids)
    return {
        one: row for batch in batches for one, row in zip(batch.ids, batch.vectors, strict=True)
    }


def coverage(outcome: Outcome, extents: Sequence[Extent]) -> int | None:
    """About how many passages the scope's whole tables hold; None where all were counted."""
    if outcome.stored is not None:
        return None
    return sum(estimate(extent.table) or 0 for extent in extents) or None


def spaces_left_out(outcome: Outcome) -> list[tuple[Space | None, int]]:
    """Other models with how many vectors of each were left out, most first."""
    return sorted(outcome.others.items(), key=lambda one: -one[1])


def text_words(table: str, passage_id: str) -> frozenset[str]:
    """The words of a passage that its neighbours are compared with: of its first 20,000 characters."""
    model = model_of(table)
    beginning = (
        model.objects.here()
        .filter(pk=passage_id)
        .annotate(beginning=Left("text", COMPARED_CHARACTERS))
    )
    return telling_words(beginning.values_list("beginning", flat=True).first() or "")


def _by_table(near: Iterable[Near]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in near:
        found[one.table].append(one.id)
    return found


def model_of(table: str) -> Any:
    """The model of a passage table."""
    return next(one for one in PASSAGE_TABLES if one._meta.db_table == table)


def _passages(table: str, ids: list[str], *, content: bool) -> dict[str, Any]:
    model = model_of(table)
    here = parent_columns(model)
    queryset = model.objects.here().filter(pk__in=ids).annotate(characters=Length("text"))
    if content:
        ahead = SHOWN_CHARACTERS + policy.AHEAD
        queryset = queryset.annotate(excerpt=Left("text", ahead))
    found = {row.pk: row for row in queryset.only(*_COLUMNS, *here)}
    for row in found.values() if content else ():
        row.excerpt = policy.beginning(row.excerpt or "", SHOWN_CHARACTERS)[0]
    return found


def _origin(passage: Any) -> str | None:
    return getattr(passage, "file_id", None) or getattr(passage, "archive_id", None)


def _origin_names(passages: Iterable[Any], *, content: bool) -> dict[str | None, str | None]:
    ids = {_origin(passage) for passage in passages} - {None}
    names: dict[str | None, str | None] = {}
    if ids:
        names |= dict(Archive.objects.here().filter(pk__in=ids).values_list("pk", "name"))
    if ids - names.keys() and content:
        names |= dict(File.objects.here().filter(pk__in=ids).values_list("pk", "file_name"))
    return names
