"""Which organization and agent a row belongs to, told from the names and values of a page's address."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from agents_app.letta import catalogue, models
from agents_app.letta.reading.ids import is_storable

# In the order in which an address is read: its first object decides.
_TABLES: Mapping[str, tuple[type[Model], ...]] = {
    "agent_id": (models.Agent,),
    "conversation_id": (models.Conversation,),
    "message_id": (models.Message,),
    "run_id": (models.Run, models.Job),
    "step_id": (models.Step,),
    "trace_id": (models.ProviderTrace,),
    "job_id": (models.Job,),
    "block_id": (models.Block,),
    "archive_id": (models.Archive,),
    "passage_id": (
        models.ArchivalPassage, models.AgentPassage, models.SourcePassage, models.OldPassage,
    ),
    "source_id": (models.Source,),
    "file_id": (models.File,),
    "identity_id": (models.Identity,),
    "tool_id": (models.Tool,),
    "group_id": (models.Group,),
    "organization_id": (models.Organization,),
    "user_id": (models.User,),
}  # fmt: skip


_THEMSELVES = {(models.Organization, "organization_id"), (models.Agent, "agent_id")}


def organization_of(objects: Mapping[str, Any]) -> str | None:
    """The organization of the first object that is in scope; None where there is none. One query or few."""
    return _told(objects, "organization_id")


def agent_of(objects: Mapping[str, Any]) -> str | None:
    """The agent that the row of the first object names, if it is in scope and names one. One query or few."""
    return _told(objects, "agent_id")


def exists(name: str, value: str) -> bool:
    """Whether what an address calls `name` (`agent_id`) is a row in scope. One query or few."""
    if not is_storable(value):
        return False
    tables: Any = _TABLES.get(name, ())
    return any(table.objects.here().filter(pk=value).exists() for table in tables)


def _told(objects: Mapping[str, Any], column: str) -> str | None:
    for name, tables in _TABLES.items():
        value = objects.get(name)
        if isinstance(value, str) and is_storable(value):
            return next(filter(None, (_owner(table, value, column) for table in tables)), None)
    return None


def _owner(table: Any, row_id: str, column: str) -> str | None:
    rows = table.objects.here().filter(pk=row_id)
    if (table, column) in _THEMSELVES:
        return rows.values_list("pk", flat=True).first()  # type: ignore[no-any-return]
    if column not in {field.name for field in table._meta.fields}:
        return None
    if not catalogue.current().has_column(table._meta.db_table, column):
        return None
    return rows.values_list(column, flat=True).first()  # type: ignore[no-any-return]
