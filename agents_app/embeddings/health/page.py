"""What the page of an archive's health shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents_app.embeddings.clouds import Cloud, Scope, clouds, comparable, fingerprint
from agents_app.embeddings.geometry.duplicates import THRESHOLDS
from agents_app.embeddings.geometry.histogram import Bar
from agents_app.embeddings.health import findings
from agents_app.embeddings.health.charts import Chart, chart
from agents_app.embeddings.health.differences import MOST_CHARACTERS, Difference, difference
from agents_app.embeddings.health.findings import DEFAULT_LEVEL, Findings, Near
from agents_app.embeddings.health.growth import Growth
from agents_app.embeddings.map.selection import ShownPassage, excerpts

MOST_GROUPS, MOST_LISTED, MOST_MEMBERS = 50, 12, 8
MOST_PAIRS, MOST_SHOWN_PAIRS = 150, 50


@dataclass(frozen=True)
class Group:
    """Near-duplicates that belong together; `members` are the first ids."""

    number: int
    size: int
    members: Sequence[str]


@dataclass(frozen=True)
class Contradiction:
    """Two near passages, the earlier first, and in what they differ."""

    earlier: ShownPassage
    later: ShownPassage
    similarity: float
    difference: Difference


@dataclass(frozen=True)
class HealthPage:
    """`found` is the last scan of `cloud`, or None before the first; `level` a place in THRESHOLDS."""

    scope: Scope
    clouds: list[Cloud]
    cloud: Cloud | None
    found: Findings | None
    level: int
    is_stale: bool

    @property
    def threshold(self) -> float:
        return THRESHOLDS[self.level]

    @property
    def rows(self) -> int:
        return sum(cloud.rows for cloud in self.clouds)

    @property
    def without_vector(self) -> int:
        return sum(cloud.rows - cloud.vectors for cloud in self.clouds)

    @property
    def models(self) -> int:
        return sum(cloud.space is not None for cloud in self.clouds)

    @property
    def counts(self) -> list[tuple[float, int, int]]:
        """Threshold, groups and passages in them, for every threshold."""
        levels = enumerate(THRESHOLDS) if self.found else ()
        return [(value, *self.found.in_groups(level)) for level, value in levels if self.found]

    @property
    def groups(self) -> list[Group]:
        found = self.found.groups(self.level) if self.found else []
        return [
            Group(number, len(ids), ids[:MOST_MEMBERS])
            for number, ids in enumerate(found[:MOST_GROUPS])
        ]

    def members(self, number: int) -> list[str]:
        """Ids of all passages of one of `groups`."""
        found = self.found.groups(self.level)[:MOST_GROUPS] if self.found else []
        return found[number] if number < len(found) else []

    @property
    def lonely(self) -> list[Near]:
        return self.found.lonely(MOST_LISTED) if self.found else []

    @property
    def unusual(self) -> list[tuple[str, float]]:
        return self.found.unusual[:MOST_LISTED] if self.found else []


def health_page(scope: Scope, asked: Mapping[str, Any]) -> HealthPage:
    """Counts by model, and the newest scan of the vectors that compare."""
    known = clouds(scope)
    cloud = comparable(known, str(asked.get("space", "")))
    found = findings.latest(cloud) if cloud else None
    stale = bool(cloud and found and fingerprint(cloud, of=findings.KIND) != found.fingerprint)
    return HealthPage(scope, known, cloud, found, _level(asked), is_stale=stale)


def _level(asked: Mapping[str, Any]) -> int:
    text = str(asked.get("level", ""))
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) < len(THRESHOLDS):
        return int(text)
    return DEFAULT_LEVEL


def contradictions(page: HealthPage) -> tuple[list[Contradiction], list[str]]:
    """Candidates in order of time, newest change first, and the ids of all passages that were read for it."""
    pairs = page.found.very_near(MOST_PAIRS) if page.found else []
    ids = list(dict.fromkeys(one for pair in pairs for one in (pair.id, pair.nearest) if one))
    shown = {one.id: one for one in excerpts(page.scope, ids, characters=MOST_CHARACTERS)}
    found = []
    for pair in pairs:
        both = [shown[one] for one in (pair.id, pair.nearest) if one in shown]
        if len(both) == 2:
            earlier, later = sorted(both, key=_moment)
            if told := difference(earlier.text, later.text):
                found.append(Contradiction(earlier, later, pair.similarity, told))
    found.sort(key=lambda one: _moment(one.later), reverse=True)
    return found[:MOST_SHOWN_PAIRS], list(shown)


def _moment(passage: ShownPassage) -> tuple[float, str]:
    at = passage.created_at
    return (at.timestamp() if isinstance(at, datetime) else 0.0), passage.id


def growth_chart(grown: Growth | None) -> Chart | None:
    """Passages made in each stretch of time."""
    if grown is None:
        return None
    pairs = zip(grown.starts, grown.counts, strict=True)
    titles = [f"{grown.unit.capitalize()} of {start}: {count:,}" for start, count in pairs]
    ends = (str(grown.starts[0]), str(grown.starts[-1]))
    return chart(grown.counts, titles, ends=ends)


def bar_chart(bars: Sequence[Bar], *, digits: int = 3) -> Chart | None:
    """A distribution."""
    if not bars:
        return None
    titles = [f"{bar.low:.{digits}f} to {bar.high:.{digits}f}: {bar.count:,}" for bar in bars]
    ends = (f"{bars[0].low:.{digits}f}", f"{bars[-1].high:.{digits}f}")
    return chart([bar.count for bar in bars], titles, ends=ends)


def as_json(page: HealthPage) -> dict[str, Any]:
    """The same for programs; ids and numbers."""
    found = page.found
    return {
        "scope": {"kind": page.scope.kind, "id": page.scope.id},
        "models": [
            {
                "model": cloud.space.model if cloud.space else None,
                "dimension": cloud.space.dimension if cloud.space else None,
                "passages": cloud.rows,
                "vectors": cloud.vectors,
            }
            for cloud in page.clouds
        ],
        "scan": _scan(page, found) if found else None,
    }


def _scan(page: HealthPage, found: Findings) -> dict[str, Any]:
    return {
        "made_at": found.made_at,
        "is_stale": page.is_stale,
        "looked_at": len(found.ids),
        "left_out": found.left_out,
        "zero_vectors": list(found.zero),
        "threshold": page.threshold,
        "by_threshold": [
            {"threshold": value, "groups": groups, "passages": passages}
            for value, groups, passages in page.counts
        ],
        "groups": [
            {"size": len(ids), "ids": ids} for ids in found.groups(page.level)[:MOST_GROUPS]
        ],
        "lonely": page.lonely,
        "unusual_lengths": [{"id": one, "length": length} for one, length in page.unusual],
    }
