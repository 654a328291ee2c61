"""Points sorted into at most ten categories: by cluster, tag, time, file or writer."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agents_app.embeddings.map.points import Point, file_names
from agents_app.text.marks import name_label

NAMES = {
    "cluster": "Cluster",
    "tag": "Tag",
    "time": "Time",
    "file": "File",
    "writer": "Written by",
}
_MOST = 9
_SPANS = 8


@dataclass(frozen=True)
class Category:
    """`series` picks the colour and shape: "1" to "9", "t1" to "t8" for times, "other", "none"."""

    label: str
    series: str
    count: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Colouring:
    """`of[i]` is the number of the category of point i."""

    name: str
    categories: Sequence[Category]
    of: Sequence[int]


def colour(points: Sequence[Point], by: str, *, content: bool) -> Colouring:
    """Sorts by one of NAMES; labels are marked so that nothing in them is hidden."""
    keys, labels, series = _BY[by](points, content=content)
    order = {key: number for number, key in enumerate(labels)}
    counts = Counter(keys)
    categories = [
        Category(label, series[key], counts[key], *_span(points, keys, key))
        for key, label in labels.items()
    ]
    return Colouring(by, categories, [order[key] for key in keys])


Sorted = tuple[list[str], dict[str, str], dict[str, str]]


def _clusters(points: Sequence[Point], *, content: bool) -> Sorted:
    keys = [str(point.cluster + 1) for point in points]
    found = sorted(set(keys), key=int)
    return (
        keys,
        {key: f"Cluster {key}" for key in found},
        {key: key if int(key) <= _MOST else "other" for key in found},
    )


def _tags(points: Sequence[Point], *, content: bool) -> Sorted:
    """By the commonest tag of each passage, of those that tell it from at least half of the others."""
    counts = Counter(tag for point in points for tag in set(point.tags))

    def worth(tag: str) -> tuple[bool, int, str]:
        return counts[tag] * 2 <= len(points), counts[tag], tag

    chosen = [max(point.tags, key=worth, default="") for point in points]
    return _commonest(chosen, name_label, none="No tag")


def _files(points: Sequence[Point], *, content: bool) -> Sorted:
    keys = [point.file_id or "" for point in points]
    common = [key for key, _ in Counter(keys).most_common(_MOST + 1) if key]
    names: Mapping[str, str] = file_names(common) if content else {}
    return _commonest(keys, lambda key: name_label(names.get(key, key)), none="Archival memory")


def _writers(points: Sequence[Point], *, content: bool) -> Sorted:
    keys = [point.created_by_id or "" for point in points]
    return _commonest(keys, name_label, none="Not stored")


def _times(points: Sequence[Point], *, content: bool) -> Sorted:
    """Eight stretches with about as many passages each."""
    known = sorted(point.time for point in points if point.time)
    edges = [known[len(known) * number // _SPANS] for number in range(_SPANS)] if known else []
    keys = [_stretch(point.time, edges) for point in points]
    found = sorted(set(keys))
    labels = {key: _stretch_label(key, points, keys) for key in found}
    return keys, labels, {key: key if key != "~" else "none" for key in found}


def _stretch(time: datetime | None, edges: Sequence[datetime]) -> str:
    if time is None:
        return "~"
    return f"t{max(1, sum(edge <= time for edge in edges))}"


def _stretch_label(key: str, points: Sequence[Point], keys: Sequence[str]) -> str:
    first, last = _span(points, keys, key)
    if first is None or last is None:
        return "No time"
    begin, end = f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"
    return begin if begin == end else f"{begin} to {end}"


_BY: dict[str, Callable[..., Sorted]] = {
    "cluster": _clusters,
    "tag": _tags,
    "time": _times,
    "file": _files,
    "writer": _writers,
}


def _commonest(values: Iterable[str], label: Callable[[str], str], *, none: str) -> Sorted:
    """The nine commonest values, all others together, and what has none."""
    listed = list(values)
    common = [key for key, _ in Counter(filter(None, listed)).most_common(_MOST)]
    keys = [key if key in common else "\x00none" if not key else "\x00other" for key in listed]
    labels = {key: label(key) for key in common}
    series = {key: str(number) for number, key in enumerate(common, 1)}
    for key, words, name in (("\x00other", "All others", "other"), ("\x00none", none, "none")):
        if key in keys:
            labels[key], series[key] = words, name
    return keys, labels, series


def _span(
    points: Sequence[Point], keys: Sequence[str], key: str
) -> tuple[datetime | None, datetime | None]:
    times = [point.time for point, of in zip(points, keys, strict=True) if of == key and point.time]
    return (min(times), max(times)) if times else (None, None)
