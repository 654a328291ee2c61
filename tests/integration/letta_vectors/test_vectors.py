"""Vectors of a real PostgreSQL against NumPy: what is comparable, what is nearest, what arrives."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from agents_app.letta import vectors
from agents_app.letta.vectors import Extent, Space, space_of
from agents_app.text.jsontext import parse
from tests.lettadb import LettaDatabase

PARENTS = {
    "archival_passages": "archive_id",
    "agent_passages": "agent_id",
    "source_passages": "file_id",
}
Stored = dict[str, Any]


def by_space(database: LettaDatabase) -> Iterator[tuple[Extent, Space, Stored]]:
    """Every usable vector of the database as the owner reads it, by parent and space."""
    for table, column in PARENTS.items():
        if not database.rows("SELECT to_regclass(%s)", [table])[0][0]:
            continue
        found: dict[tuple[str, Space], Stored] = defaultdict(dict)
        sql = f"SELECT id, {column}, embedding_config::text, embedding::text FROM {table}"
        for pk, parent, config, text in database.rows(sql):
            space = space_of(parse(config))
            vector = np.array(json.loads(text)) if text else np.zeros(1)
            if space and vector.any():
                found[parent, space][pk] = vector / np.linalg.norm(vector)
        for (parent, space), stored in found.items():
            yield Extent(table, column, (parent,)), space, stored


def test_the_nearest_are_those_of_numpy(letta_of_each_release: LettaDatabase) -> None:
    asked = 0
    for extent, space, stored in by_space(letta_of_each_release):
        group = vectors.group_of(extent, space)
        assert group is not None
        ids, matrix = list(stored), np.array(list(stored.values()))
        for place, pk in enumerate(ids):
            query = vectors.vector_of(extent.table, pk)
            assert query is not None
            assert query.values is not None
            true = dict(zip(ids, 1 - matrix @ matrix[place], strict=True))
            found = vectors.nearest(extent, group, query.values, most=20)
            assert [one.distance for one in found] == pytest.approx(
                sorted(true.values())[:20], abs=1e-5
            )
            assert [true[one.id] for one in found] == pytest.approx(
                [one.distance for one in found], abs=1e-5
            )
            asked += 1
    assert asked > 30


def test_what_is_read_is_what_is_stored_cut_to_the_true_dimension(letta: LettaDatabase) -> None:
    for extent, space, stored in by_space(letta):
        group = vectors.group_of(extent, space)
        assert group is not None
        read = list(vectors.read_vectors(extent, group, rows=7))
        ids = [pk for batch in read for pk in batch.ids]
        rows = np.concatenate([batch.vectors for batch in read])
        assert ids == sorted(ids)
        assert rows.shape[1] == space.dimension
        for pk, row in zip(ids, rows, strict=True):
            if pk in stored:
                scaled = row.astype(float) / np.linalg.norm(row.astype(float))
                assert scaled == pytest.approx(stored[pk][: space.dimension], abs=1e-6)


def test_an_old_pgvector_gives_the_same_by_the_padded_vector(
    letta: LettaDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    extent, space, _ = next(by_space(letta))
    group = vectors.group_of(extent, space)
    assert group is not None
    new = [batch.vectors for batch in vectors.read_vectors(extent, group)]
    nearest = vectors.nearest(extent, group, new[0][0], most=5)
    monkeypatch.setattr("agents_app.letta.vectors.support.version", lambda: (0, 5, 1))
    old = [batch.vectors for batch in vectors.read_vectors(extent, group)]
    assert np.array_equal(np.concatenate(new), np.concatenate(old))
    again = vectors.nearest(extent, group, new[0][0], most=5)
    assert [one.id for one in again] == [one.id for one in nearest]


def test_models_are_counted_apart_and_vectors_without_one_have_no_space(
    letta: LettaDatabase,
) -> None:
    archive_id = letta.rows(
        "SELECT archive_id FROM archival_passages WHERE embedding IS NULL LIMIT 1"
    )[0][0]
    extent = Extent("archival_passages", "archive_id", (archive_id,))
    found = {group.space: group for group in vectors.groups(extent)}
    total = letta.rows(
        "SELECT count(*), count(embedding) FROM archival_passages WHERE archive_id = %s",
        [archive_id],
    )[0]
    assert sum(group.rows for group in found.values()) == total[0]
    assert sum(group.vectors for group in found.values()) == total[1]
    assert None in found


def test_an_agent_reaches_its_archive_and_the_files_of_its_folders(letta: LettaDatabase) -> None:
    agent_id = letta.rows(
        "SELECT s.agent_id FROM sources_agents s JOIN archives_agents a USING (agent_id)"
        " JOIN files f USING (source_id) LIMIT 1"
    )[0][0]
    found = vectors.extents_of_agent(agent_id)
    assert {extent.table for extent in found} == {"archival_passages", "source_passages"}
    assert all(extent.indexed for extent in found)
