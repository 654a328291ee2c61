"""What a scan of all vectors found: who is near to whom, in groups at each threshold. Ids and numbers only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents_app.embeddings import store
from agents_app.embeddings.clouds import Cloud
from agents_app.embeddings.gathering import Gathered
from agents_app.embeddings.geometry.duplicates import THRESHOLDS, Likeness
from agents_app.embeddings.geometry.histogram import Bar, bars, unusual
from agents_app.embeddings.models import VectorFinding

KIND = "scan"
DEFAULT_LEVEL = THRESHOLDS.index(0.95)
_VERY_NEAR, _SAME = 0.85, 1 - 1e-6


@dataclass(frozen=True)
class Near:
    """A passage and the one most like it, with their cosine similarity."""

    id: str
    nearest: str | None
    similarity: float


@dataclass(frozen=True)
class Findings:
    """Row i is passage `ids[i]`; `labels[t][i]` its group at THRESHOLDS[t].

    `left_out` passages did not fit into the memory of one piece of work.
    """

    ids: list[str]
    similarity: NDArray[np.float32]
    nearest: NDArray[np.intp]
    lengths: NDArray[np.float64]
    labels: NDArray[np.int32]
    zero: Sequence[str]
    left_out: int
    fingerprint: str
    made_at: datetime

    def groups(self, level: int) -> list[list[str]]:
        """Ids of near-duplicates that belong together at THRESHOLDS[level], the largest group first."""
        labels = self.labels[level]
        order = np.argsort(labels, kind="stable")
        ends = np.flatnonzero(np.diff(labels[order])) + 1
        found = [part for part in np.split(order, ends) if len(part) > 1]
        return [
            [self.ids[int(row)] for row in part] for part in sorted(found, key=len, reverse=True)
        ]

    def in_groups(self, level: int) -> tuple[int, int]:
        """How many groups there are, and how many passages are in them."""
        sizes = np.bincount(self.labels[level]) if len(self.ids) else np.zeros(0, dtype=np.intp)
        return int((sizes > 1).sum()), int(sizes[sizes > 1].sum())

    def lonely(self, most: int) -> list[Near]:
        """Passages that nothing is near, the loneliest first."""
        return [self._near(row) for row in np.argsort(self.similarity, kind="stable")[:most]]

    @cached_property
    def unusual(self) -> list[tuple[str, float]]:
        """Passages whose vector is much longer or shorter than the others, with its length."""
        rows = np.flatnonzero(unusual(self.lengths))
        return [(self.ids[int(row)], float(self.lengths[row])) for row in rows]

    @cached_property
    def length_bars(self) -> list[Bar]:
        return bars(self.lengths)

    @cached_property
    def similarity_bars(self) -> list[Bar]:
        """How like each passage its nearest is."""
        known = self.similarity[np.isfinite(self.similarity)]
        return bars(known.astype(np.float64))

    def very_near(self, most: int) -> list[Near]:
        """Pairs that are near but not the same, nearest first; each once."""
        near = (self.similarity >= _VERY_NEAR) & (self.similarity < _SAME)
        rows = np.flatnonzero(near)
        ordered = rows[np.argsort(-self.similarity[rows], kind="stable")]
        return list(self._once(ordered, most))

    def _once(self, rows: NDArray[np.intp], most: int) -> Iterator[Near]:
        seen: set[frozenset[int]] = set()
        for row in rows:
            pair = frozenset((int(row), int(self.nearest[row])))
            if pair not in seen and len(seen) < most:
                seen.add(pair)
                yield self._near(row)

    def _near(self, row: Any) -> Near:
        other = int(self.nearest[row])
        return Near(
            self.ids[row], self.ids[other] if other >= 0 else None, float(self.similarity[row])
        )


def keep(cloud: Cloud, gathered: Gathered, likeness: Likeness, made: str) -> None:
    """Stores what a scan found under the fingerprint `made`."""
    found = {
        "ids": np.array(gathered.ids, dtype=np.str_),
        "similarity": likeness.similarity,
        "nearest": likeness.nearest.astype(np.int32),
        "lengths": gathered.lengths,
        "labels": np.stack(likeness.groups),
        "zero": np.array(gathered.zero, dtype=np.str_),
        "left_out": np.array([gathered.left_out]),
    }
    store.keep(KIND, made, scope=_scope(cloud), found=found)


def latest(cloud: Cloud) -> Findings | None:
    """The newest scan of this cloud, whether its passages have changed since or not."""
    found = store.latest(KIND, _scope(cloud))
    return None if found is None else _unpacked(found)


def _scope(cloud: Cloud) -> str:
    return f"{cloud.scope.name} {cloud.key}"


def _unpacked(finding: VectorFinding) -> Findings:
    found = store.arrays(finding)
    return Findings(
        ids=found["ids"].tolist(),
        similarity=found["similarity"],
        nearest=found["nearest"].astype(np.intp),
        lengths=found["lengths"],
        labels=found["labels"],
        zero=found["zero"].tolist(),
        left_out=int(found["left_out"][0]),
        fingerprint=finding.fingerprint,
        made_at=finding.made_at,
    )
