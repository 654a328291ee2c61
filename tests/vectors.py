"""Usable vectors as the owner of a database reads them, and their neighbours by NumPy."""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents_app.letta.vectors import Space, space_of
from agents_app.text.jsontext import parse
from tests.lettadb import LettaDatabase

PARENTS = {
    "archival_passages": "archive_id",
    "agent_passages": "agent_id",
    "source_passages": "source_id",
}


@dataclass(frozen=True)
class Usable:
    """A passage whose vector may be compared; `vector` has length one."""

    id: str
    table: str
    parent: str
    space: Space
    vector: NDArray[np.float64]


def usable(database: LettaDatabase) -> list[Usable]:
    """Every passage with a vector that is not zero and a config that names its space."""
    found = []
    for table, column in PARENTS.items():
        if not database.rows("SELECT to_regclass(%s)", [table])[0][0]:
            continue
        sql = f"SELECT id, {column}, embedding_config::text, embedding::text FROM {table}"
        for pk, parent, config, text in database.rows(sql):
            space, vector = space_of(parse(config)), np.array(json.loads(text or "[0]"), float)
            if space and vector.any():
                found.append(Usable(pk, table, parent, space, vector / np.linalg.norm(vector)))
    return found


def distances(passages: list[Usable]) -> dict[str, dict[str, float]]:
    """For each passage, the cosine distance of every other one of its parent and space."""
    together: dict[Any, list[Usable]] = defaultdict(list)
    for one in passages:
        together[one.table, one.parent, one.space].append(one)
    found: dict[str, dict[str, float]] = {}
    for group in together.values():
        matrix = np.array([one.vector for one in group])
        apart = 1 - matrix @ matrix.T
        for one, row in zip(group, apart, strict=True):
            pairs = zip(group, row, strict=True)
            found[one.id] = {other.id: float(far) for other, far in pairs if other is not one}
    return found


def is_right(neighbors: list[dict[str, Any]], true: dict[str, float], *, most: int = 20) -> bool:
    """Whether distances agree by rank to 1e-5 and each neighbour is as far as it says; ties may swap."""
    given = [one["distance"] for one in neighbors]
    wanted = sorted(true.values())[:most]
    near = len(given) == len(wanted) and np.allclose(given, wanted, rtol=0, atol=1e-5)
    return near and all(abs(true.get(one["id"], 9) - one["distance"]) < 1e-5 for one in neighbors)
