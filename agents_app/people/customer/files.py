"""Files that a customer's agents may read: through the sources attached to them, and those open in their context."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents_app.letta.models import AgentSource, File, FileAgent, Source

MOST_SOURCES: Final = 100
MOST_FILES: Final = 100
NAMES: Final = ("file_name", "original_file_name", "file_path", "error_message")


@dataclass(frozen=True)
class CustomerFile:
    """`file` is without its names unless the reader may see content; `open_in` are the agents that show it."""

    file: File
    source: str | None
    open_in: Sequence[tuple[str, str | None]]


@dataclass(frozen=True)
class Files:
    files: Sequence[CustomerFile]
    sources: int
    more: bool


def files(agents: Mapping[str, str | None], *, content: bool) -> Files:
    """The newest 100 files. Four queries, by index each."""
    linked = AgentSource.objects.here().filter(agent_id__in=list(agents))
    ids = sorted(set(linked.values_list("source_id", flat=True)[: MOST_SOURCES * 4]))[:MOST_SOURCES]
    sources = dict(Source.objects.here().filter(pk__in=ids).values_list("pk", "name"))
    queryset = File.objects.here().filter(source_id__in=ids).exclude(is_deleted=True)
    if not content:
        queryset = queryset.defer(*NAMES)
    rows = list(queryset.order_by("-created_at", "-pk")[: MOST_FILES + 1])
    opened = _opened(list(agents))
    found = [
        CustomerFile(row, sources.get(row.source_id or ""), _named(opened.get(row.pk, ()), agents))
        for row in rows[:MOST_FILES]
    ]
    return Files(found, len(sources), more=len(rows) > MOST_FILES)


def _opened(agent_ids: Sequence[str]) -> dict[str, list[str]]:
    """By file, the customer's agents that have it open now."""
    links = FileAgent.objects.here().filter(agent_id__in=agent_ids, is_open=True)
    found: dict[str, list[str]] = {}
    for file_id, agent_id in links.exclude(is_deleted=True).values_list("file_id", "agent_id")[
        :500
    ]:
        found.setdefault(file_id, []).append(agent_id)
    return found


def _named(ids: Sequence[str], agents: Mapping[str, str | None]) -> list[tuple[str, Any]]:
    return [(one, agents.get(one)) for one in ids]
