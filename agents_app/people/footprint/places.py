"""Which tables a footprint reads, by which link, and what it cannot reach: the only list of both.

From Letta's foreign keys and link tables (0.5 to 0.16.8). A table is read through an index only;
where this database lacks it the report says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal[
    "identity",
    "agent",
    "conversation",
    "block",
    "archive",
    "passage",
    "source",
    "file",
    "run",
    "step",
]
"""What an id names that rows are looked up by."""


@dataclass(frozen=True)
class Place:
    """Rows of `table` whose `link` is an id of kind `of`.

    `gives` names the kinds of ids that its rows lead to, by column. `texts` are searched for terms.
    `order` is the column that windows of one id follow; without it a batch of ids is read at once,
    each of which has few rows. `within` adds the organization to the condition, for the index.
    `prompts` are those texts that only the right to prompts may search.
    """

    table: str
    link: str
    of: Kind
    texts: tuple[str, ...] = ()
    gives: Mapping[str, Kind] = field(default_factory=dict)
    order: str = ""
    without: str = ""
    within: bool = False
    batch: int = 100
    prompts: tuple[str, ...] = ()

    def searched(self, *, prompts: bool) -> tuple[str, ...]:
        """The texts that are searched for terms."""
        return tuple(name for name in self.texts if prompts or name not in self.prompts)


AGENT: Final[Kind] = "agent"

PLACES: Final[tuple[Place, ...]] = (
    Place("identities", "id", "identity", ("identifier_key", "name", "properties")),
    Place("identities_agents", "identity_id", "identity", gives={"agent_id": "agent"}),
    Place("identities_blocks", "identity_id", "identity", gives={"block_id": "block"}),
    Place(
        "agents", "id", AGENT, ("name", "description", "system", "metadata_"), prompts=("system",)
    ),
    Place("agents_tags", "agent_id", AGENT, ("tag",)),
    Place("agent_environment_variables", "agent_id", AGENT, ("key", "description")),
    Place("blocks_agents", "agent_id", AGENT, gives={"block_id": "block"}),
    Place("archives_agents", "agent_id", AGENT, gives={"archive_id": "archive"}),
    Place("sources_agents", "agent_id", AGENT, gives={"source_id": "source"}),
    Place("conversations", "agent_id", AGENT, ("summary",), {"id": "conversation"}, order="id"),
    Place("conversation_messages", "conversation_id", "conversation", order="id"),
    Place(
        "messages", "agent_id", AGENT,
        ("content", "text", "tool_calls", "tool_returns", "approvals", "name", "denial_reason"),
        {"step_id": "step"}, order="sequence_id",
    ),
    Place("blocks_conversations", "conversation_id", "conversation", gives={"block_id": "block"}),
    Place("block", "id", "block", ("label", "value", "description", "metadata_")),
    Place("block_history", "block_id", "block", ("value", "description", "metadata_"), order="id"),
    Place("blocks_tags", "block_id", "block", ("tag",)),
    Place("archives", "id", "archive", ("name", "description", "metadata_")),
    Place(
        "archival_passages", "archive_id", "archive", ("text", "metadata_", "tags"),
        {"id": "passage"}, order="id",
    ),
    Place("passage_tags", "passage_id", "passage", ("tag",), batch=500),
    Place("agent_passages", "agent_id", AGENT, ("text", "metadata_"), order="id", within=True),
    Place("passages", "agent_id", AGENT, ("text", "metadata_"), order="id"),
    Place("sources", "id", "source", ("name", "description", "instructions", "metadata_")),
    Place(
        "files", "source_id", "source", ("file_name", "original_file_name", "file_path"),
        {"id": "file"}, order="id",
    ),
    Place("file_contents", "file_id", "file", ("text",), batch=20),
    Place("source_passages", "file_id", "file", ("text", "metadata_"), order="id"),
    Place("files_agents", "agent_id", AGENT, ("file_name", "visible_content"), order="id"),
    Place("runs", "agent_id", AGENT, ("metadata_", "request_config"), {"id": "run"}, order="id"),
    Place("run_metrics", "id", "run", batch=500),
    Place("steps", "run_id", "run", ("error_data",), {"id": "step"}, batch=200),
    Place("steps", "id", "step", ("error_data",), without="run_id", batch=500),
    Place("step_metrics", "id", "step", batch=500),
    Place(
        "provider_traces", "step_id", "step", ("request_json", "response_json"), batch=25,
        prompts=("request_json", "response_json"),
    ),
    Place("provider_trace_metadata", "step_id", "step", batch=500),
    Place(
        "llm_batch_items", "agent_id", AGENT, ("batch_request_result", "step_state"), order="id",
        prompts=("batch_request_result",),
    ),
)  # fmt: skip

MEANINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "identities": "The identity itself: name, external key, properties",
        "identities_agents": "Which agents are tied to it",
        "identities_blocks": "Which blocks are tied to it",
        "agents": "The agents: names, base prompts, settings",
        "agents_tags": "Tags of these agents",
        "agent_environment_variables": "Secrets of these agents; their values are never read",
        "blocks_agents": "Which blocks these agents hold",
        "archives_agents": "Which archives these agents use",
        "sources_agents": "Which sources these agents may read",
        "conversations": "Named conversations of these agents",
        "conversation_messages": "Which messages belong to them",
        "messages": "Messages of these agents, deleted ones included",
        "blocks_conversations": "Private copies of blocks in those conversations",
        "block": "Memory blocks",
        "block_history": "Checkpoints of those blocks",
        "blocks_tags": "Tags of those blocks",
        "archives": "Archives of these agents",
        "archival_passages": "Passages in those archives",
        "passage_tags": "Tags of those passages",
        "agent_passages": "Passages of these agents (before 0.11)",
        "passages": "Passages of these agents (before 0.6.5)",
        "sources": "Sources attached to these agents",
        "files": "Files of those sources",
        "file_contents": "Texts of those files",
        "source_passages": "Chunks of those files",
        "files_agents": "Files that these agents have had open, with what they saw of them",
        "runs": "Runs of these agents; some hold whole responses",
        "run_metrics": "Times of those runs",
        "steps": "Steps of those runs and messages",
        "step_metrics": "Times of those steps",
        "provider_traces": "Whole model requests and responses of those steps",
        "provider_trace_metadata": "Facts about requests whose bodies were not kept",
        "llm_batch_items": "Requests of these agents in batches",
    }
)

UNREACHED: Final = (
    "Messages of agents that are not tied to this identity, even where they name it as their sender:"
    " no index leads from a person to messages.",
    "Model requests and responses whose step is gone, as of agents that were deleted and of messages"
    " that were reset: their traces stay, and only the step leads to a trace.",
    "Jobs, and runs from before 0.12, which may hold copies of requests and responses: they name the"
    " API user only.",
    "Blocks, archives and sources that were detached, and those of deleted agents: Letta keeps the rows,"
    " and nothing names the person any more.",
    "What other agents, files and passages say of this person without being linked to them.",
    "Everything outside of this database: vector databases and object stores beside it, backups, logs,"
    " the model providers.",
)
"""Said on every report, whatever was found."""
