"""Where an id leads: one look-up by primary key, then the page that shows the row."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agents_app.accounts.roles import Right
from agents_app.converters import LettaId
from agents_app.letta import access
from agents_app.letta.catalogue import current
from agents_app.letta.models import (
    Agent,
    AgentPassage,
    ArchivalPassage,
    Archive,
    Block,
    BlockHistory,
    Conversation,
    ConversationMessage,
    File,
    FileAgent,
    Group,
    Identity,
    Job,
    Message,
    OldPassage,
    Organization,
    Provider,
    ProviderTrace,
    Run,
    Source,
    SourcePassage,
    Step,
    Tool,
    User,
)
from agents_app.letta.reading.ids import Kind
from agents_app.ui.links import link


@dataclass(frozen=True)
class Landing:
    """`url` is the page of the row; empty where the row exists but has no page, and `note` says why."""

    kind: Kind
    id: str
    url: str
    note: str = ""


Resolver = Callable[[str], str | None]

NEEDS: dict[Kind, Right] = {Kind.IDENTITY: Right.PERSONAL, Kind.PROVIDER_TRACE: Right.PROMPT}
"""Kinds of which an id without the right to them looks as if it did not exist."""

SECRET_KINDS = {
    Kind.SANDBOX: "A sandbox configuration often holds secrets, so this console never reads it.",
    Kind.SANDBOX_VARIABLE: "A sandbox's environment variable holds a secret, so this console never reads it.",
    Kind.AGENT_VARIABLE: "An agent's environment variable holds a secret, so this console never reads it.",
    Kind.MCP_SERVER: "An MCP server's registration holds credentials, so it has no page here.",
    Kind.MODEL: "A model of Letta's catalogue has no page here; the agents that use it are listed by model.",
    Kind.FILE_CONTENT: "Letta has no index from this id to its file. Open the file itself by its file- id.",
}
"""What is said of ids that lead nowhere by design, whether or not such a row exists."""

# Tables without a model: which column, if any, leads on.
_PASSAGE_OF_TAG = "SELECT passage_id FROM passage_tags WHERE id = %(id)s"
_TOOL_OF_MAPPING = "SELECT tool_id FROM mcp_tools WHERE id = %(id)s"
_JOB_OF_BATCH = "SELECT letta_batch_job_id FROM llm_batch_job WHERE id = %(id)s"
_STEP_OF_METADATA = "SELECT step_id FROM provider_trace_metadata WHERE id = %(id)s"
_AGENT_OF_ITEM = "SELECT agent_id FROM llm_batch_items WHERE id = %(id)s"


def _exists(model: Any, url_name: str) -> Resolver:
    def resolve(identifier: str) -> str | None:
        found = model.objects.here().filter(pk=identifier).values_list("pk", flat=True).first()
        return link(url_name, identifier) if found else None

    return resolve


def _leads(model: Any, column: str, url_name: str) -> Resolver:
    """The page of the row that `column` names."""

    def resolve(identifier: str) -> str | None:
        row = model.objects.here().filter(pk=identifier).values_list("pk", column).first()
        return link(url_name, row[1]) if row else None

    return resolve


def _selects(sql: str, table: str, column: str, url_name: str) -> Resolver:
    """The same for a table without a model."""

    def resolve(identifier: str) -> str | None:
        if not current().has_column(table, column) or not current().has_column(table, "id"):
            return None
        rows = access.rows(sql, {"id": identifier})
        return link(url_name, rows[0][0]) if rows else None

    return resolve


def _passage(identifier: str) -> str | None:
    """One of four tables, by release; a database has two of them at most."""
    for model in (ArchivalPassage, AgentPassage, SourcePassage, OldPassage):
        if model.objects.here().filter(pk=identifier).values_list("pk", flat=True).first():
            return link("embeddings:passage", identifier)
    return None


def _run(identifier: str) -> str | None:
    """Runs of before 0.12 are jobs."""
    return _exists(Run, "runs:run")(identifier) or _job(identifier)


def _job(identifier: str) -> str | None:
    row = Job.objects.here().filter(pk=identifier).values_list("pk", "job_type").first()
    return link("runs:run" if row[1] == "run" else "runs:job", identifier) if row else None


def _trace(identifier: str) -> str | None:
    """Its step, opened at it; the trace alone where the step is gone."""
    row = ProviderTrace.objects.here().filter(pk=identifier).values_list("pk", "step_id").first()
    if row is None:
        return _selects(_STEP_OF_METADATA, "provider_trace_metadata", "step_id", "runs:step")(
            identifier
        )
    if row[1] and Step.objects.here().filter(pk=row[1]).values_list("pk", flat=True).first():
        return link("runs:step", row[1], trace=identifier)
    return link("runs:trace", identifier)


def _conversation_message(identifier: str) -> str | None:
    """The conversation at that message; rows without a conversation belong to the default thread."""
    columns = ("conversation_id", "agent_id", "message_id")
    row = ConversationMessage.objects.here().filter(pk=identifier).values_list(*columns).first()
    if row is None:
        return None
    conversation_id, agent_id, message_id = row
    if conversation_id:
        return link("conversations:conversation", conversation_id, at=message_id or "")
    return link("conversations:default_thread", agent_id, at=message_id or "")


RESOLVERS: dict[Kind, Resolver] = {
    Kind.AGENT: _exists(Agent, "agents:agent"),
    Kind.MESSAGE: _exists(Message, "conversations:message"),
    Kind.CONVERSATION: _exists(Conversation, "conversations:conversation"),
    Kind.CONVERSATION_MESSAGE: _conversation_message,
    Kind.BLOCK: _exists(Block, "memory:block"),
    Kind.BLOCK_HISTORY: _leads(BlockHistory, "block_id", "memory:block"),
    Kind.RUN: _run,
    Kind.JOB: _job,
    Kind.STEP: _exists(Step, "runs:step"),
    Kind.PROVIDER_TRACE: _trace,
    Kind.IDENTITY: _exists(Identity, "people:identity"),
    Kind.PASSAGE: _passage,
    Kind.PASSAGE_TAG: _selects(_PASSAGE_OF_TAG, "passage_tags", "passage_id", "embeddings:passage"),
    Kind.ARCHIVE: _exists(Archive, "embeddings:archive"),
    Kind.SOURCE: _exists(Source, "embeddings:source"),
    Kind.FILE: _exists(File, "embeddings:file"),
    Kind.FILE_AGENT: _leads(FileAgent, "file_id", "embeddings:file"),
    Kind.TOOL: _exists(Tool, "agents:tool"),
    Kind.MCP_TOOL: _selects(_TOOL_OF_MAPPING, "mcp_tools", "tool_id", "agents:tool"),
    Kind.GROUP: _exists(Group, "agents:group"),
    Kind.ORGANIZATION: _exists(Organization, "agents:organization"),
    Kind.USER: _exists(User, "agents:user"),
    Kind.BATCH_REQUEST: _selects(_JOB_OF_BATCH, "llm_batch_job", "letta_batch_job_id", "runs:job"),
    Kind.BATCH_ITEM: _selects(_AGENT_OF_ITEM, "llm_batch_items", "agent_id", "agents:agent"),
}

BARE_UUID = (
    Kind.AGENT, Kind.MESSAGE, Kind.CONVERSATION, Kind.RUN, Kind.STEP, Kind.IDENTITY, Kind.BLOCK,
    Kind.PASSAGE, Kind.FILE, Kind.SOURCE, Kind.TOOL, Kind.GROUP, Kind.USER, Kind.ORGANIZATION, Kind.ARCHIVE,
)  # fmt: skip


def land(kind: Kind, identifier: str, rights: frozenset[Right]) -> Landing | None:
    """The page of this id; None where there is no such row, or none that the reader may see."""
    if kind in SECRET_KINDS:
        return Landing(kind, identifier, "", SECRET_KINDS[kind])
    if kind is Kind.PROVIDER:
        return _provider(identifier)
    if kind is Kind.UUID:
        return _bare(identifier, rights)
    if kind not in RESOLVERS or NEEDS.get(kind, Right.METADATA) not in rights:
        return None
    url = RESOLVERS[kind](identifier)
    if url is None:
        return None
    return Landing(kind, identifier, url, "" if url else _why_without_page(identifier))


def _why_without_page(identifier: str) -> str:
    if re.fullmatch(LettaId.regex, identifier):
        return "It exists; your role does not include its page. Ask an administrator."
    return "This id holds characters that no address can carry."


def _bare(uuid: str, rights: frozenset[Right]) -> Landing | None:
    """An id whose prefix was lost in copying: the kinds that people look for, one after the other."""
    found = (land(kind, f"{kind.value}-{uuid.lower()}", rights) for kind in BARE_UUID)
    return next((landing for landing in found if landing is not None), None)


def _provider(identifier: str) -> Landing | None:
    row = Provider.objects.here().filter(pk=identifier).values_list("name", "provider_type").first()
    if row is None:
        return None
    name, kind = row
    note = (
        f"This is the model provider {name or 'without a name'} ({kind or 'of unknown type'}). "
        "Its row holds keys, so it has no page."
    )
    return Landing(Kind.PROVIDER, identifier, "", note)
