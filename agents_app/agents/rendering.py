"""The JSON of this feature's pages: names that stay, whole ids, null where the reader lacks the right."""

from collections.abc import Mapping
from typing import Any

from agents_app.agents.detail import Context, HeldBlock, HeldGroup, Recent, RecentRun, Thread
from agents_app.agents.listing import AgentRow
from agents_app.letta.links import Some
from agents_app.letta.models import Agent, Group, Organization, Tool, User
from agents_app.text.masking.trees import masked
from agents_app.ui.listing import Fields
from agents_app.ui.values import (
    COMPACTION_KEYS,
    LLM_KEYS,
    chosen,
    embedding,
    reference,
    safely,
    stored,
)

AGENT_ROW: Fields[AgentRow] = {
    "id": lambda row: row.agent.pk,
    "name": lambda row: row.agent.name,
    "agent_type": lambda row: row.agent.agent_type,
    "model": lambda row: row.model,
    "organization_id": lambda row: row.agent.organization_id,
    "organization": lambda row: row.organization,
    "tags": lambda row: list(row.tags),
    "last_activity": lambda row: row.last_activity,
    "blocks": lambda row: row.blocks,
    "last_stop_reason": lambda row: row.agent.last_stop_reason,
    "hidden": lambda row: bool(row.agent.hidden),
    "created_at": lambda row: row.agent.created_at,
}
TOOL: Fields[Tool] = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "tool_type": lambda row: row.tool_type,
    "source_type": lambda row: row.source_type,
    "organization_id": lambda row: row.organization_id,
    "default_requires_approval": lambda row: row.default_requires_approval,
    "created_at": lambda row: row.created_at,
}
GROUP: Fields[Group] = {
    "id": lambda row: row.pk,
    "manager_type": lambda row: row.manager_type,
    "manager_agent_id": lambda row: row.manager_agent_id,
    "agent_ids": lambda row: stored(row.agent_ids),
    "sleeptime_agent_frequency": lambda row: row.sleeptime_agent_frequency,
    "turns_counter": lambda row: row.turns_counter,
    "organization_id": lambda row: row.organization_id,
    "created_at": lambda row: row.created_at,
}
ORGANIZATION: Fields[Organization] = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "privileged_tools": lambda row: row.privileged_tools,
    "created_at": lambda row: row.created_at,
}
USER: Fields[User] = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "organization_id": lambda row: row.organization_id,
    "created_at": lambda row: row.created_at,
}


def row_json(fields: Mapping[str, Any], row: Any) -> dict[str, Any]:
    return {name: get(row) for name, get in fields.items()}


def links(found: Some[Any]) -> dict[str, Any]:
    """`{results, more}` of rows that have a name."""
    return {
        "results": [reference(row.pk, getattr(row, "name", None)) for row in found],
        "more": found.more,
    }


def people(pairs: Any) -> list[dict[str, Any] | None]:
    """References for (id, agent or None) pairs."""
    return [reference(one, agent.name if agent else None) for one, agent in pairs]


def agent_json(agent: Agent, *, prompt: bool, content: bool) -> dict[str, Any]:
    """The columns of an agent; configurations are cut to known keys, for others may hold keys and addresses."""
    plain = ("name", "agent_type", "organization_id", "project_id", "timezone", "hidden", "enable_sleeptime",
             "message_buffer_autoclear", "last_stop_reason", "last_run_completion", "last_run_duration_ms",
             "created_at", "updated_at", "created_by_id", "last_updated_by_id")  # fmt: skip
    return {
        "id": agent.pk,
        **{name: getattr(agent, name) for name in plain},
        "description": agent.description if content else None,
        "model": chosen(agent.llm_config, LLM_KEYS),
        "embedding": embedding(agent.embedding_config),
        "compaction_settings": chosen(agent.compaction_settings, COMPACTION_KEYS),
        "tool_rules": stored(agent.tool_rules) if prompt else None,
        "response_format": stored(agent.response_format) if prompt else None,
        "metadata": safely(agent.metadata) if prompt else None,
        "system": agent.system if prompt else None,
    }


def context_json(found: Context, seen: Recent | None) -> dict[str, Any]:
    return {
        "messages": found.listed,
        "dangling": found.dangling,
        "checked": found.checked,
        "prompt_tokens": seen.step.prompt_tokens if seen and seen.step else None,
        "step_id": seen.step.pk if seen and seen.step else None,
    }


def block_json(held: HeldBlock, *, content: bool) -> dict[str, Any]:
    block = held.block
    return {
        "id": block.pk,
        "label": block.label,
        "characters": held.characters,
        "limit": block.limit,
        "read_only": block.read_only,
        "version": block.version,
        "updated_at": block.updated_at,
        "value": block.value if content else None,
        "shared_with": [reference(one, name) for one, name in held.sharers],
        "conversation_id": held.conversation_id,
    }


def group_json(held: HeldGroup) -> dict[str, Any]:
    return {
        "id": held.group.pk,
        "manager_type": held.group.manager_type,
        "role": held.role,
        "others": people(held.members),
    }


def thread_json(thread: Thread, *, content: bool) -> dict[str, Any]:
    one = thread.conversation
    return {
        "id": one.pk,
        "summary": one.summary if content else None,
        "last_activity": thread.last_activity,
        "created_at": one.created_at,
        "is_deleted": bool(one.is_deleted),
    }


def run_json(recent: RecentRun) -> dict[str, Any]:
    run = recent.run
    return {
        "id": run.pk,
        "status": run.status,
        "stop_reason": run.stop_reason,
        "created_at": run.created_at,
        "completed_at": run.completed_at,
        "duration_ns": recent.duration_ns,
        "steps": recent.steps,
        "total_tokens": recent.total_tokens,
        "error_types": list(recent.error_types),
    }


TOOL_LINK: Fields[Tool] = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "tool_type": lambda row: row.tool_type,
    "default_requires_approval": lambda row: row.default_requires_approval,
}


def archive_json(archive: Any, is_owner: bool | None) -> dict[str, Any]:  # noqa: FBT001 - a pair of a link row
    return {
        "id": archive.pk,
        "name": archive.name,
        "is_owner": is_owner,
        "embedding": embedding(archive.embedding_config),
    }


def file_json(link: Any, *, content: bool) -> dict[str, Any]:
    return {
        "id": link.file_id,
        "name": link.file_name if content else None,
        "source_id": link.source_id,
        "is_open": link.is_open,
        "last_accessed_at": link.last_accessed_at,
    }


def tool_json(tool: Tool, agents: Any, *, prompt: bool, content: bool) -> dict[str, Any]:
    return {
        **row_json(TOOL, tool),
        "description": tool.description if content else None,
        "return_char_limit": tool.return_char_limit,
        "tags": stored(tool.tags),
        "pip_requirements": stored(tool.pip_requirements),
        "npm_requirements": stored(tool.npm_requirements),
        "enable_parallel_execution": tool.enable_parallel_execution,
        "updated_at": tool.updated_at,
        "source_code": masked(tool.source_code) if prompt else None,
        "json_schema": safely(tool.json_schema) if prompt else None,
        "args_json_schema": safely(tool.args_json_schema) if prompt else None,
        "agents": agents.as_json(links),
    }


def group_page_json(
    group: Group, members: Any, blocks: Any, *, last: Any, content: bool
) -> dict[str, Any]:
    message = last.value
    return {
        **row_json(GROUP, group),
        "description": group.description if content else None,
        "max_turns": group.max_turns,
        "min_message_buffer_length": group.min_message_buffer_length,
        "max_message_buffer_length": group.max_message_buffer_length,
        "hidden": group.hidden,
        "updated_at": group.updated_at,
        "manager": members.as_json(
            lambda value: people([value.manager])[0] if value.manager else None
        ),
        "members": members.as_json(lambda value: people(value.members)),
        "shared_blocks": blocks.as_json(
            lambda value: [{"id": one.pk, "label": one.label} for one in value]
        ),
        "last_processed_message_id": group.last_processed_message_id,
        "last_processed_at": message.created_at if message else None,
    }


def counts_json(counts: Any) -> dict[str, Any]:
    """`{table: {count, more}}`, counted up to a bound."""
    return {one.table: {"count": one.number, "more": one.more} for one in counts}
