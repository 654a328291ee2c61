"""The JSON of this feature's pages; null where the reader lacks the right."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from agents_app.embeddings.containers import ContainerRow
from agents_app.embeddings.neighbors import NeighborRow
from agents_app.embeddings.passages import PassageRow
from agents_app.embeddings.queries import parent_ids
from agents_app.embeddings.searching import Outcome
from agents_app.ui.listing import Fields
from agents_app.ui.paging import Page
from agents_app.ui.sections import Section
from agents_app.ui.values import embedding, reference, safely, stored

_CONTAINER: Fields[ContainerRow] = {
    "id": lambda one: one.row.pk,
    "name": lambda one: one.row.name,
    "vector_db_provider": lambda one: one.row.vector_db_provider,
    "embedding_model": lambda one: one.space.model if one.space else None,
    "embedding_dim": lambda one: one.space.dimension if one.space else None,
    "organization_id": lambda one: one.row.organization_id,
    "created_at": lambda one: one.row.created_at,
    "updated_at": lambda one: one.row.updated_at,
    "agents": lambda one: one.agents,
}
# Counted up to 1,001, which stands for "more than 1,000".
ARCHIVE: Fields[ContainerRow] = {**_CONTAINER, "passages": lambda one: one.items}
SOURCE: Fields[ContainerRow] = {**_CONTAINER, "files": lambda one: one.items}

PASSAGE: Fields[PassageRow] = {
    "id": lambda one: one.passage.pk,
    "created_at": lambda one: one.passage.created_at,
    "characters": lambda one: one.passage.characters,
    "excerpt": lambda one: one.text,
    "tags": lambda one: one.tags if one.content else None,
    "embedding_model": lambda one: one.space.model if one.space else None,
    "embedding_dim": lambda one: one.space.dimension if one.space else None,
    "has_vector": lambda one: one.has_vector,
    "created_by_id": lambda one: one.passage.created_by_id,
}
# A text of more than 65,536 characters is cut; `characters` is its true length.
EXPORTED: Fields[PassageRow] = {
    ("text" if name == "excerpt" else name): get for name, get in PASSAGE.items()
}


def in_stretches(
    rows: Iterable[Any], complete: Callable[[list[Any]], list[ContainerRow]]
) -> Iterator[ContainerRow]:
    """Rows of an export, completed 200 at a time."""
    remaining = iter(rows)
    while stretch := list(islice(remaining, 200)):
        yield from complete(stretch)


def passages(found: Section[Any]) -> dict[str, Any]:
    """A page of passages; `excerpt` holds 300 characters, null without the right to read content."""
    return found.as_json(lambda listed: _page(listed.page, _passage)) or {
        "results": [],
        "next": None,
    }


def agent(found: Any, archive: Any, listed: Section[Any]) -> dict[str, Any]:
    return {
        "agent": reference(found.pk, found.name),
        "archive": reference(archive.pk, archive.name) if archive else None,
        "passages": listed.as_json(lambda one: _page(one.page, _passage)),
    }


def file_fields(*, content: bool) -> Fields[Any]:
    """The fields of an export of files; without the right to content their names stay empty."""
    names = ("id", "name", "file_type", "file_size", "processing_status", "total_chunks",
             "chunks_embedded", "created_at")  # fmt: skip
    return {name: lambda row, name=name: _file(row, content=content)[name] for name in names}  # type: ignore[misc]


def archive(
    found: Any, agents: Section[Any], passages: Section[Any], *, content: bool, prompt: bool
) -> dict[str, Any]:
    return _container(found, agents, content=content, prompt=prompt) | {
        "passages": passages.as_json(lambda listed: _page(listed.page, _passage))
    }


def source(
    found: Any, agents: Section[Any], files: Section[Any], *, content: bool, prompt: bool
) -> dict[str, Any]:
    return _container(found, agents, content=content, prompt=prompt) | {
        "instructions": found.instructions if prompt else None,
        "files": files.as_json(lambda page: _page(page, lambda row: _file(row, content=content))),
    }


def file(
    found: Any,
    text: Section[Any] | None,
    passages: Section[Any],
    *,
    agents: Section[Any],
    content: bool,
) -> dict[str, Any]:
    body = text.value if text else None
    return _file(found, content=content) | {
        "source_id": found.source_id,
        "organization_id": found.organization_id,
        "error_message": found.error_message if content else None,
        "updated_at": found.updated_at,
        "text": body.text if body else None,
        "text_characters": body.characters if body else None,
        "passages": passages.as_json(lambda listed: _page(listed.page, _passage)),
        "agents": agents.as_json(lambda value: [_opening(link, agent) for link, agent in value]),
    }


def passage(
    found: Any, agents: Section[Any], *, has_vector: bool, content: bool, prompt: bool
) -> dict[str, Any]:
    return {
        "id": found.pk,
        "text": found.text if content else None,
        "characters": found.characters,
        "tags": stored(found.tags) if content else None,
        "metadata": safely(found.metadata) if content and prompt else None,
        "embedding": embedding(found.embedding_config),
        "has_vector": has_vector,
        **parent_ids(found),
        "organization_id": found.organization_id,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "created_by_id": found.created_by_id,
        "agents": agents.as_json(_agents),
    }


def _container(found: Any, agents: Section[Any], *, content: bool, prompt: bool) -> dict[str, Any]:
    return {
        "id": found.pk,
        "name": found.name,
        "description": found.description if content else None,
        "vector_db_provider": found.vector_db_provider,
        "embedding": embedding(found.embedding_config),
        "metadata": safely(found.metadata) if prompt else None,
        "organization_id": found.organization_id,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "agents": agents.as_json(_agents),
    }


def _agents(found: Any) -> dict[str, Any]:
    return {"results": [reference(row.pk, row.name) for row in found], "more": found.more}


def _page(page: Page[Any], render: Any) -> dict[str, Any]:
    return {"results": [render(row) for row in page], "next": page.next_url}


def _passage(row: PassageRow) -> dict[str, Any]:
    return {name: get(row) for name, get in PASSAGE.items()}


def _file(row: Any, *, content: bool) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": (row.original_file_name or row.file_name) if content else None,
        "file_type": row.file_type,
        "file_size": row.file_size,
        "processing_status": row.processing_status,
        "total_chunks": row.total_chunks,
        "chunks_embedded": row.chunks_embedded,
        "created_at": row.created_at,
    }


def _opening(link: Any, agent: Any) -> dict[str, Any]:
    return {
        "agent": reference(link.agent_id, agent.name if agent else None),
        "is_open": link.is_open,
        "start_line": link.start_line,
        "end_line": link.end_line,
        "last_accessed_at": link.last_accessed_at,
    }


def near_json(
    found: Any, scope: Any, began: Any, *, outcome: Outcome, rows: list[NeighborRow]
) -> dict[str, Any]:
    """`searched` counts the vectors compared; `complete` says that the scope holds no other comparable one."""
    return {
        "passage": found.pk,
        "scope": scope.name,
        "agent_id": scope.agent_id,
        "embedding_model": began.query.space.model if began.query else None,
        "embedding_dim": began.query.space.dimension if began.query else None,
        "why_none": began.why or outcome.refusal or None,
        "searched": outcome.searched,
        "complete": outcome.is_complete and not began.why,
        "back_to": outcome.back_to,
        "neighbors": [neighbor_json(one) for one in rows],
    }


def neighbor_json(one: NeighborRow) -> dict[str, Any]:
    """`text` holds 1,200 characters; null without the right to read content."""
    return {
        "id": one.near.id,
        "distance": one.near.distance,
        "similarity": one.similarity,
        "text": one.text,
        "tags": one.tags if one.content else None,
        "created_at": one.passage.created_at if one.passage else None,
        **one.parents,
    }
