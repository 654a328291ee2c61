"""Which tables and indexes each page stands on."""

from collections.abc import Mapping
from types import MappingProxyType

# Page: alternatives of tables; it works when all tables of one alternative are readable.
PAGES: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "agents": (("agents",),),
        "default conversations": (("agents", "messages"),),
        "named conversations": (("conversations", "conversation_messages", "messages"),),
        "memory blocks": (("block", "blocks_agents"),),
        "block history": (("block_history",),),
        "runs": (("runs",), ("jobs",)),
        "steps": (("steps",),),
        "model requests and responses": (("provider_traces",),),
        "archival memory": (("archives", "archival_passages"), ("agent_passages",), ("passages",)),
        "files and folders": (("sources", "files"),),
        "passages of files": (("source_passages",), ("passages",)),
        "tools": (("tools", "tools_agents"),),
        "identities": (("identities", "identities_agents"),),
        "groups": (("groups", "groups_agents"),),
        "organizations and users": (("organizations", "users"),),
        "tags": (("agents_tags",),),
    }
)

# Table, leading columns, and what is slow (and refused, where tables are large) without the index.
INDEXES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("messages", ("agent_id", "sequence_id"), "an agent's transcript"),
    ("messages", ("agent_id", "created_at"), "jumping to a date"),
    ("messages", ("created_at", "id"), "recent activity"),
    ("messages", ("conversation_id",), "a named conversation"),
    ("messages", ("run_id",), "the messages of a run"),
    ("messages", ("step_id",), "the messages of a step"),
    ("conversations", ("agent_id",), "an agent's conversations"),
    ("conversation_messages", ("conversation_id", "position"), "a named conversation"),
    ("conversation_messages", ("message_id",), "the conversations of a message"),
    ("runs", ("created_at", "id"), "the list of runs"),
    ("runs", ("agent_id",), "an agent's runs"),
    ("steps", ("run_id",), "the steps of a run"),
    ("provider_traces", ("step_id",), "the model request of a step"),
    ("block_history", ("block_id", "sequence_number"), "the history of a block"),
    ("blocks_agents", ("agent_id",), "an agent's blocks"),
    ("blocks_agents", ("block_id",), "the agents that share a block"),
    ("tools_agents", ("agent_id",), "an agent's tools"),
    ("agents_tags", ("agent_id",), "an agent's tags"),
    ("archives_agents", ("agent_id",), "an agent's archive"),
    ("archival_passages", ("archive_id",), "the passages of an archive"),
    ("source_passages", ("file_id",), "the passages of a file"),
)
