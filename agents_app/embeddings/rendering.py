"""The JSON of this feature's pages; null where the reader lacks the right."""

from typing import Any

from agents_app.embeddings.queries import parent_ids
from agents_app.ui.paging import Page
from agents_app.ui.sections import Section
from agents_app.ui.values import embedding, reference, safely, stored


def archive(
    found: Any, agents: Section[Any], passages: Section[Any], *, content: bool, prompt: bool
) -> dict[str, Any]:
    return _container(found, agents, content=content, prompt=prompt) | {
        "passages": passages.as_json(lambda page: _page(page, _excerpt))
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
        "passages": passages.as_json(lambda page: _page(page, _excerpt)),
        "agents": agents.as_json(lambda value: [_opening(link, agent) for link, agent in value]),
    }


def passage(found: Any, agents: Section[Any], *, content: bool, prompt: bool) -> dict[str, Any]:
    return {
        "id": found.pk,
        "text": found.text if content else None,
        "characters": found.characters,
        "tags": stored(found.tags) if content else None,
        "metadata": safely(found.metadata) if content and prompt else None,
        "embedding": embedding(found.embedding_config),
        **parent_ids(found),
        "organization_id": found.organization_id,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
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


def _excerpt(row: Any) -> dict[str, Any]:
    """`excerpt` holds the first 300 characters; null without the right to read content."""
    return {
        "id": row.pk,
        "created_at": row.created_at,
        "characters": row.characters,
        "excerpt": getattr(row, "excerpt", None),
    }


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
