"""What a point carries: when its passage was made, by whom, of which file, and its tags. Never its text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents_app.embeddings.clouds import Cloud, Part
from agents_app.embeddings.map.drawing import Drawing
from agents_app.embeddings.passages import PASSAGE_TABLES, tags_of
from agents_app.letta import catalogue
from agents_app.letta.models import File

_CHUNK = 2_500
_MODELS = {model._meta.db_table: model for model in PASSAGE_TABLES}


@dataclass(frozen=True)
class Point:
    """A place on the map. `tags` are empty without the right to content; `gone` when the row is no more."""

    id: str
    x: float
    y: float
    cluster: int
    created_at: Any = None
    created_by_id: str | None = None
    file_id: str | None = None
    tags: tuple[str, ...] = ()
    gone: bool = False

    @property
    def time(self) -> datetime | None:
        """None too for a time that no calendar holds."""
        return self.created_at if isinstance(self.created_at, datetime) else None


Rows = dict[str, dict[str, Any]]


def rows_of(cloud: Cloud, ids: Sequence[str], parts: NDArray[np.int8], *, content: bool) -> Rows:
    """What is stored of these passages, by id; one question for each 2,500."""
    found: Rows = {}
    for number, part in enumerate(cloud.parts):
        here = (one for one, of in zip(ids, parts, strict=True) if of == number)
        found |= {row["id"]: row for row in _rows(part, here, content=content)}
    return found


def points(drawing: Drawing, rows: Rows) -> list[Point]:
    """In the order of the drawing."""
    return [
        _point(one, place, int(cluster), rows.get(one))
        for one, place, cluster in zip(
            drawing.ids, drawing.places.tolist(), drawing.clusters, strict=True
        )
    ]


def model_of(part: Part) -> Any:
    """The model of the part's table."""
    return _MODELS[part.extent.table]


def has_files(cloud: Cloud) -> bool:
    """Whether any of its passages may be a chunk of a file."""
    known = catalogue.current()
    return any(known.has_column(part.extent.table, "file_id") for part in cloud.parts)


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """Names of files, which are content."""
    rows = (
        File.objects.here().filter(pk__in=list(ids)).only("id", "file_name", "original_file_name")
    )
    return {row.pk: row.original_file_name or row.file_name or row.pk for row in rows}


def _rows(part: Part, ids: Iterator[str], *, content: bool) -> Iterator[dict[str, Any]]:
    model = model_of(part)
    columns = ["id", "created_at", "created_by_id", *(["tags"] if content else [])]
    if hasattr(model, "file_id"):
        columns.append("file_id")
    while chunk := list(islice(ids, _CHUNK)):
        yield from model.objects.here().filter(pk__in=chunk).values(*columns)


def _point(one: str, place: list[float], cluster: int, row: dict[str, Any] | None) -> Point:
    x, y = place
    if row is None:
        return Point(one, x, y, cluster, gone=True)
    tags = tuple(tags_of(row["tags"])) if "tags" in row else ()
    return Point(
        one, x, y, cluster, row["created_at"], row["created_by_id"], row.get("file_id"), tags
    )
