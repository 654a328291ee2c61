"""Archives whose vectors a test has chosen, in a Letta database of 0.16.8."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
from django.db.models import QuerySet
from numpy.typing import NDArray
from pgvector.psycopg import register_vector
from psycopg.types.json import Json

from agents_app.accounts.models import AccessEvent, Outcome
from tests.lettadb import LettaDatabase

WIDTH = 4096
MODEL = "text-embedding-3-small"
ORGANIZATION = "org-7ec70000-0000-4000-8000-000000000000"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_TYPES = ("varchar", "text", "vector", "json", "json", "json", "varchar", "varchar", "timestamptz",
          "timestamptz", "bool")  # fmt: skip
_COPY = """
COPY archival_passages (id, text, embedding, embedding_config, metadata_, tags, archive_id, organization_id,
  created_at, updated_at, is_deleted) FROM STDIN (FORMAT BINARY)
"""
_ARCHIVE = """
INSERT INTO archives (id, name, vector_db_provider, embedding_config, organization_id, created_at, updated_at,
  is_deleted) VALUES (%(id)s, %(name)s, 'NATIVE', '{}', %(organization)s, %(begin)s, %(begin)s, false)
"""


def passage_id(archive: str, number: int) -> str:
    """The id of the n-th passage of an archive made here."""
    return f"passage-{archive[-4:]}0000-0000-4000-8000-{number:012d}"


def new_archive(
    database: LettaDatabase,
    vectors: Sequence[NDArray[Any] | None] | NDArray[Any],
    *,
    number: int = 1,
    texts: Sequence[str] = (),
    tags: Sequence[Sequence[str]] = (),
    dimension: int | None = None,
    model: str = MODEL,
) -> str:
    """The id of an archive with one passage for each vector, padded to 4,096; None is a passage without one."""
    archive = f"archive-7ec70000-0000-4000-8000-00000000{number:04d}"
    width = dimension or max(len(one) for one in vectors if one is not None)
    with psycopg.connect(database.owner) as connection:
        connection.execute(f"SET search_path = {database.schema}, public")
        connection.execute(
            "INSERT INTO organizations (id, name, privileged_tools, is_deleted)"
            " VALUES (%s, 'Vectors', false, false) ON CONFLICT DO NOTHING",
            [ORGANIZATION],
        )
        names = {"id": archive, "name": f"Archive {number}", "organization": ORGANIZATION}
        connection.execute(_ARCHIVE, names | {"begin": BEGIN})
        register_vector(connection)
        with connection.cursor().copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for row in _rows(archive, vectors, texts, tags, config=_config(model, width)):
                copy.write_row(row)
    return archive


def _config(model: str, dimension: int) -> dict[str, Any]:
    return {
        "embedding_model": model,
        "embedding_dim": dimension,
        "embedding_endpoint_type": "openai",
    }


def _rows(
    archive: str,
    vectors: Any,
    texts: Sequence[str],
    tags: Sequence[Sequence[str]],
    *,
    config: dict[str, Any],
) -> Iterator[tuple[Any, ...]]:
    for number, vector in enumerate(vectors):
        at = BEGIN + timedelta(hours=number)
        padded = None
        if vector is not None:
            padded = np.zeros(WIDTH, dtype=np.float32)
            padded[: len(vector)] = vector
        yield (
            passage_id(archive, number),
            texts[number] if texts else f"Note {number} about an order.",
            padded,
            Json(config),
            Json({}),
            Json(list(tags[number]) if tags else []),
            archive,
            ORGANIZATION,
            at,
            at,
            False,
        )


def content_events() -> QuerySet[AccessEvent]:
    """What went on record about maps and passages that were really shown."""
    return AccessEvent.objects.filter(
        action__regex=r"^(map|passage)\.", outcome=Outcome.SUCCESS
    ).order_by("pk")
