"""What the page of a map shows: one scope, one space, one projection, one colouring."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents_app.embeddings.clouds import Cloud, Scope, clouds, comparable, fingerprint
from agents_app.embeddings.gathering import gather
from agents_app.embeddings.map.colouring import NAMES, Colouring, colour
from agents_app.embeddings.map.drawing import (
    AT_ONCE,
    Drawing,
    draw_at_once,
    keep,
    known,
)
from agents_app.embeddings.map.forms import MapForm
from agents_app.embeddings.map.points import Point, Rows, has_files, points, rows_of
from agents_app.embeddings.store import exists


@dataclass(frozen=True)
class MapPage:
    """`cloud` is None when nothing can be compared, `drawing` when the worker has to make it first."""

    scope: Scope
    found: list[Cloud]
    form: MapForm
    cloud: Cloud | None = None
    drawing: Drawing | None = None
    has_neighbours: bool = False
    points: list[Point] | None = None
    colouring: Colouring | None = None

    @property
    def others(self) -> list[Cloud]:
        """Passages that are not on this map: another model, or none."""
        return [cloud for cloud in self.found if cloud is not self.cloud]

    @property
    def without_vector(self) -> int:
        """Passages of this map's model that have no vector."""
        return self.cloud.rows - self.cloud.vectors if self.cloud else 0

    @property
    def left_out(self) -> int:
        """Passages with a direction that were not placed, as there were too many."""
        if self.drawing is None:
            return 0
        return max(0, self.drawing.vectors - self.drawing.zero - self.drawing.projected)

    @property
    def is_partial(self) -> bool:
        """Whether some of the scope's passages are not on this map."""
        sampled = self.drawing is not None and self.drawing.is_sample
        return bool(sampled or self.others or self.without_vector)

    @property
    def kept_percent(self) -> int:
        return round(100 * self.drawing.kept) if self.drawing else 0

    @property
    def colour_name(self) -> str:
        return NAMES[self.colouring.name].lower() if self.colouring else ""

    def listed(self, number: int) -> list[str]:
        """Ids of the passages in one category, in the order of the drawing."""
        if self.colouring is None or self.points is None:
            return []
        pairs = zip(self.points, self.colouring.of, strict=True)
        return [point.id for point, of in pairs if of == number and not point.gone]


def map_page(scope: Scope, asked: Mapping[str, Any], *, content: bool) -> MapPage:
    """Draws at once what is cheap; finds what the worker has made."""
    found = clouds(scope)
    first = MapForm(asked, spaces=found, colours=[*NAMES])
    cloud = comparable(found, first.chosen("space") if "space" in first.fields else "")
    colours = _colours(cloud, content=content)
    form = MapForm(asked, spaces=found, colours=colours)
    if cloud is None:
        return MapPage(scope, found, form)
    has_neighbours = exists("neighbours", fingerprint(cloud, of="neighbours"))
    method = form.chosen("by", "neighbours" if has_neighbours else "components")
    colour_by = form.chosen("colour", "cluster")
    chosen = {"by": method, "colour": colour_by, "space": cloud.key}
    form = MapForm(chosen, spaces=found, colours=colours)
    drawing, rows = _drawn(cloud, method, content=content)
    if drawing is None:
        return MapPage(scope, found, form, cloud, has_neighbours=has_neighbours)
    placed = points(drawing, rows)
    colouring = colour(placed, colour_by, content=content)
    return MapPage(scope, found, form, cloud, drawing, has_neighbours, placed, colouring)


def _drawn(cloud: Cloud, method: str, *, content: bool) -> tuple[Drawing | None, Rows]:
    """Letta is asked first and the numbers are worked out then, as the time to wait for Letta is limited."""
    drawing = known(cloud, method)
    if drawing is not None:
        return drawing, rows_of(cloud, drawing.ids, drawing.parts, content=content)
    if method != "components" or cloud.vectors > AT_ONCE:
        return None, {}
    made = fingerprint(cloud, of=method)
    gathered = gather(cloud, tell=lambda done: None)
    rows = rows_of(cloud, gathered.ids, gathered.parts, content=content)
    drawing = draw_at_once(cloud, gathered)
    keep(cloud, drawing, made)
    return drawing, rows


def _colours(cloud: Cloud | None, *, content: bool) -> list[str]:
    """Those that this scope's passages and this reader's rights have something for."""
    hidden = set() if content else {"tag"}
    if cloud is not None and not has_files(cloud):
        hidden.add("file")
    return [name for name in NAMES if name not in hidden]


def as_json(page: MapPage) -> dict[str, Any]:
    """The points and all that the page says about them; texts are never in it."""
    drawing, colouring = page.drawing, page.colouring
    space = page.cloud.space if page.cloud else None
    return {
        "scope": {"kind": page.scope.kind, "id": page.scope.id},
        "space": {"model": space.model, "dimension": space.dimension} if space else None,
        "projection": _projection(drawing) if drawing else None,
        "coloured_by": colouring.name if colouring else None,
        "categories": list(colouring.categories) if colouring else [],
        "points": [
            _point(point, of)
            for point, of in zip(page.points or [], colouring.of if colouring else [], strict=True)
        ],
    }


def _projection(drawing: Drawing) -> dict[str, Any]:
    return {
        "method": drawing.method,
        "vectors": drawing.vectors,
        "zero_vectors": drawing.zero,
        "projected": drawing.projected,
        "drawn": len(drawing),
        "most_of_a_square": drawing.square_limit or None,
        "trustworthiness": round(drawing.trustworthiness, 4),
        "neighbours_kept": round(drawing.kept, 4),
        "of_neighbours": drawing.neighbours,
    }


def _point(point: Point, category: int) -> dict[str, Any]:
    return {
        "id": point.id,
        "x": round(point.x, 5),
        "y": round(point.y, 5),
        "created_at": point.created_at,
        "tags": point.tags,
        "category": category,
    }
