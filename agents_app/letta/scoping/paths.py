"""How a row of each table belongs to an organization, and to an agent: the only list of both.

From Letta's foreign keys and link tables (0.5 to 0.16.8). A table without a way is in no narrowed
scope, so one that is added here by mistake only is missed, never shown.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Way(NamedTuple):
    """A row belongs where `column` is among `key` of the rows of `table` that belong."""

    column: str
    table: str
    key: str = "id"


_AGENT = Way("agent_id", "agents")
_BLOCK = Way("block_id", "block")
_USER = Way("user_id", "users")

# Tables without organization_id, or whose older releases lack it: the first way that exists is taken.
TO_ORGANIZATION: Mapping[str, tuple[Way, ...]] = MappingProxyType(
    {
        "agents_tags": (_AGENT,),
        "archives_agents": (_AGENT,),
        "blocks_agents": (_AGENT,),
        "blocks_conversations": (_BLOCK,),
        "blocks_tags": (_BLOCK,),
        "file_contents": (Way("file_id", "files"),),
        "groups_agents": (_AGENT,),
        "groups_blocks": (_BLOCK,),
        "identities_agents": (_AGENT,),
        "identities_blocks": (_BLOCK,),
        "job_messages": (Way("message_id", "messages"),),
        "provider_trace_metadata": (Way("step_id", "steps"),),
        "provider_traces": (Way("step_id", "steps"),),
        "run_metrics": (_AGENT,),
        "sources_agents": (_AGENT,),
        "step_metrics": (_AGENT,),
        "tools_agents": (_AGENT,),
        **dict.fromkeys(("agents", "block", "files", "jobs", "passages", "sources", "tools"), (_USER,)),
        "messages": (_USER, _AGENT),
    }
)  # fmt: skip

# Any of these ways will do. Tables with an agent_id of their own need no entry.
TO_AGENT: Mapping[str, tuple[Way, ...]] = MappingProxyType(
    {
        "archival_passages": (Way("archive_id", "archives"),),
        "archives": (Way("id", "archives_agents", "archive_id"),),
        "block": (
            Way("id", "blocks_agents", "block_id"),
            Way("id", "identities_blocks", "block_id"),
            Way("id", "blocks_conversations", "block_id"),
        ),
        "block_history": (_BLOCK,),
        "blocks_conversations": (Way("conversation_id", "conversations"),),
        "blocks_tags": (_BLOCK,),
        "file_contents": (Way("file_id", "files"),),
        "files": (Way("source_id", "sources"),),
        "groups": (Way("id", "groups_agents", "group_id"), Way("manager_agent_id", "agents")),
        "groups_blocks": (Way("group_id", "groups"),),
        "identities_blocks": (Way("identity_id", "identities"),),
        "job_messages": (Way("message_id", "messages"),),
        "passage_tags": (Way("archive_id", "archives"),),
        "provider_traces": (Way("step_id", "steps"),),
        "provider_trace_metadata": (Way("step_id", "steps"),),
        "source_passages": (Way("source_id", "sources"),),
        "sources": (Way("id", "sources_agents", "source_id"),),
        "tools": (Way("id", "tools_agents", "tool_id"),),
    }
)

# Shared by everybody of an organization: no agent stands behind them.
OF_ORGANIZATION = frozenset({"organizations", "provider_models", "providers", "users"})
