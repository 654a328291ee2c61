"""What one agent is and holds; every function is one section of its page, with a bounded number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Length

from agents_app.letta import catalogue
from agents_app.letta.links import Some, agent_names, agents_in_order, message_order, some
from agents_app.letta.models import (
    Agent,
    AgentArchive,
    AgentBlock,
    AgentGroup,
    AgentIdentity,
    AgentSource,
    AgentTool,
    Archive,
    Block,
    Conversation,
    ConversationBlock,
    FileAgent,
    Group,
    Identity,
    Job,
    Message,
    Run,
    Source,
    Step,
    Tool,
)
from agents_app.letta.reading.context import context_ids

MOST_BLOCKS, MOST_SHARES, MOST_TOOLS, MOST_FILES, MOST_GROUPS, MOST_MEMBERS = (
    100,
    300,
    300,
    50,
    20,
    20,
)
RECENT_CONVERSATIONS, RECENT_RUNS, RECENT_MESSAGES = 10, 10, 50
MOST_CONTEXT_IDS = 2_000
MOST_ISOLATED, CONVERSATIONS_FOR_ISOLATED = 50, 500


@dataclass(frozen=True)
class Recent:
    """The newest messages of an agent, without their bodies, and the step of the newest that has one."""

    messages: Sequence[Message]
    step: Step | None

    @property
    def newest(self) -> Message | None:
        return self.messages[0] if self.messages else None


def recent(agent: Agent) -> Recent:
    """Two queries by index: newest messages of the agent, then one step."""
    columns = ("id", "created_at", "sequence_id", "step_id", "run_id", "conversation_id")
    live = Message.objects.here().filter(agent_id=agent.pk).exclude(is_deleted=True).only(*columns)
    messages = list(live.order_by(*message_order())[:RECENT_MESSAGES])
    step_id = next((message.step_id for message in messages if message.step_id), None)
    steps = Step.objects.here().filter(pk=step_id) if step_id else ()
    return Recent(messages, next(iter(steps), None))


@dataclass(frozen=True)
class Context:
    """The context window of the default thread: how many ids it lists, and how many of those exist no more."""

    listed: int
    dangling: int
    checked: int
    problem: str | None

    @property
    def cut(self) -> bool:
        return self.checked < self.listed


def context(agent: Agent) -> Context:
    """Counts `message_ids`; at most 2,000 of them are looked up."""
    window = context_ids(agent.message_ids)
    checked = window.ids[:MOST_CONTEXT_IDS]
    there = (
        set(Message.objects.here().filter(pk__in=checked).values_list("pk", flat=True))
        if checked
        else set()
    )
    dangling = sum(one not in there for one in checked)
    return Context(len(window.ids), dangling, len(checked), window.problem)


@dataclass(frozen=True)
class HeldBlock:
    """A block of the agent; `characters` is the length of its value, `sharers` are other agents that hold it."""

    block: Block
    characters: int | None
    sharers: Sequence[tuple[str, str | None]]
    conversation_id: str | None = None


def blocks(agent: Agent, *, content: bool) -> Some[HeldBlock]:
    """Blocks by label with their sharers; the value is fetched only with the right to read content."""
    held = AgentBlock.objects.here().filter(agent_id=agent.pk).values("block_id")
    found = some(measured(content=content).filter(pk__in=held).order_by("label", "pk"), MOST_BLOCKS)
    sharers = _sharers([block.pk for block in found], agent.pk)
    return Some(
        [HeldBlock(block, block.characters, sharers.get(block.pk, ())) for block in found],
        found.more,
    )


def measured(*, content: bool) -> Any:
    """Blocks with the length of their value, and the value itself only where it may be read."""
    queryset = Block.objects.here().annotate(characters=Length("value")).defer("metadata")
    return queryset if content else queryset.defer("metadata", "value", "description")


def _sharers(block_ids: Sequence[str], agent_id: str) -> dict[str, list[tuple[str, str | None]]]:
    links = AgentBlock.objects.here().filter(block_id__in=block_ids).exclude(agent_id=agent_id)
    pairs = list(
        links.order_by("block_id", "agent_id").values_list("block_id", "agent_id")[:MOST_SHARES]
    )
    names = agent_names(other for _, other in pairs)
    found: dict[str, list[tuple[str, str | None]]] = {}
    for block_id, other in pairs:
        found.setdefault(block_id, []).append((other, names.get(other)))
    return found


def isolated_blocks(agent: Agent, *, content: bool) -> Some[HeldBlock]:
    """Private copies of blocks in the agent's newest conversations (0.16.4+)."""
    newest = (
        Conversation.objects.here()
        .filter(agent_id=agent.pk)
        .order_by("-created_at", "-pk")
        .values("pk")
    )
    links = ConversationBlock.objects.here().filter(
        conversation_id__in=newest[:CONVERSATIONS_FOR_ISOLATED]
    )
    owner = dict(links.values_list("block_id", "conversation_id")[: MOST_ISOLATED + 1])
    found = some(
        measured(content=content).filter(pk__in=list(owner)).order_by("label", "pk"), MOST_ISOLATED
    )
    rows = [HeldBlock(block, block.characters, (), owner.get(block.pk)) for block in found]
    return Some(rows, more=found.more)


def identities(agent: Agent) -> Some[Identity]:
    """End users tied to the agent."""
    held = AgentIdentity.objects.here().filter(agent_id=agent.pk).values("identity_id")
    return some(
        Identity.objects.here().filter(pk__in=held).defer("properties").order_by("name", "pk"),
        MOST_FILES,
    )


def tools(agent: Agent) -> Some[Tool]:
    """Tools by name, without their source."""
    held = AgentTool.objects.here().filter(agent_id=agent.pk).values("tool_id")
    columns = ("id", "name", "tool_type", "default_requires_approval", "return_char_limit")
    return some(
        Tool.objects.here().filter(pk__in=held).only(*columns).order_by("name", "pk"), MOST_TOOLS
    )


def archives(agent: Agent) -> list[tuple[Archive, bool | None]]:
    """The agent's archive, at most one in Letta, with whether the agent owns it."""
    links = dict(
        AgentArchive.objects.here()
        .filter(agent_id=agent.pk)
        .values_list("archive_id", "is_owner")[:20]
    )
    found = Archive.objects.here().filter(pk__in=list(links)).order_by("name", "pk")
    return [(archive, links.get(archive.pk)) for archive in found]


def sources(agent: Agent) -> Some[Source]:
    """Folders attached to the agent."""
    held = AgentSource.objects.here().filter(agent_id=agent.pk).values("source_id")
    return some(Source.objects.here().filter(pk__in=held).order_by("name", "pk"), MOST_FILES)


def files(agent: Agent) -> Some[FileAgent]:
    """Files the agent has seen, open ones first, then by last use; what it sees of them is not fetched."""
    held = (
        FileAgent.objects.here()
        .filter(agent_id=agent.pk)
        .exclude(is_deleted=True)
        .defer("visible_content")
    )
    return some(
        held.order_by(
            F("is_open").desc(nulls_last=True), F("last_accessed_at").desc(nulls_last=True), "pk"
        ),
        MOST_FILES,
    )


@dataclass(frozen=True)
class HeldGroup:
    """A group with its manager and members; `role` is what this agent is in it."""

    group: Group
    role: str
    members: Sequence[tuple[str, Agent | None]]


def groups(agent: Agent) -> Some[HeldGroup]:
    """Groups the agent manages or is a member of; a sleeptime partner is the other side of such a group."""
    member = AgentGroup.objects.here().filter(agent_id=agent.pk).values("group_id")
    queryset = (
        Group.objects.here()
        .filter(Q(manager_agent_id=agent.pk) | Q(pk__in=member))
        .defer("description")
    )
    found = some(queryset.order_by("pk"), MOST_GROUPS)
    people = dict(agents_in_order([one for group in found for one in group_ids(group)]))
    return Some([_held_group(group, agent.pk, people) for group in found], found.more)


def group_ids(group: Group) -> list[str]:
    """Manager and the first members of a group, each once, in their order."""
    stored = group.agent_ids.value if isinstance(group.agent_ids.value, list) else []
    everyone = (group.manager_agent_id, *stored[:MOST_MEMBERS])
    return list(dict.fromkeys(one for one in everyone if isinstance(one, str) and one))


def _held_group(group: Group, agent_id: str, people: dict[str, Agent | None]) -> HeldGroup:
    others = [one for one in group_ids(group) if one != agent_id]
    role = "manager" if group.manager_agent_id == agent_id else "member"
    return HeldGroup(group, role, [(one, people.get(one)) for one in others])


@dataclass(frozen=True)
class Thread:
    """A named conversation with the time of its newest message, as far as an index tells."""

    conversation: Conversation
    last_activity: Any


def conversations(agent: Agent, *, content: bool) -> Some[Thread]:
    """Named conversations, newest first; soft-deleted ones are marked, not left out."""
    queryset = Conversation.objects.here().filter(agent_id=agent.pk).defer("model_settings")
    if not content:
        queryset = queryset.defer("model_settings", "summary")
    if catalogue.current().has_index("messages", "agent_id", "conversation_id", "sequence_id"):
        messages = Message.objects.filter(
            agent_id=agent.pk, conversation_id=OuterRef("pk")
        ).exclude(is_deleted=True)
        queryset = queryset.annotate(
            newest_at=Subquery(messages.order_by("-sequence_id").values("created_at")[:1])
        )
    found = some(queryset.order_by("-created_at", "-pk"), RECENT_CONVERSATIONS)
    rows = [Thread(one, getattr(one, "newest_at", None) or one.last_message_at) for one in found]
    return Some(rows, found.more)


def default_thread_activity(agent: Agent, seen: Recent) -> Any:
    """When the default thread was last active; None when none of the newest messages is in it."""
    if catalogue.current().has_index("messages", "agent_id", "conversation_id", "sequence_id"):
        thread = Message.objects.filter(agent_id=agent.pk, conversation_id__isnull=True).exclude(
            is_deleted=True
        )
        return thread.order_by("-sequence_id").values_list("created_at", flat=True).first()
    return next(
        (message.created_at for message in seen.messages if not message.conversation_id), None
    )


@dataclass(frozen=True)
class RecentRun:
    """A run (a job before 0.12) with what its steps tell; tokens are None where it has no steps."""

    run: Any
    steps: int
    total_tokens: int | None
    error_types: Sequence[str]

    @property
    def duration_ns(self) -> int | None:
        """What Letta measured, else the time from its beginning to its end."""
        if self.run.total_duration_ns:
            return int(self.run.total_duration_ns)
        try:
            return int((self.run.completed_at - self.run.created_at).total_seconds() * 1e9)
        except (TypeError, AttributeError):
            return None


def runs(agent: Agent) -> list[RecentRun]:
    """The newest runs of the agent with tokens and kinds of errors from their steps (0.12+)."""
    queryset = Run.objects.here().filter(agent_id=agent.pk).defer("metadata", "request_config")
    newest = list(queryset.order_by(F("created_at").desc(), F("pk").desc())[:RECENT_RUNS])
    steps = Step.objects.here().filter(run_id__in=[run.pk for run in newest])
    return _with_steps(newest, steps, "run_id")


def jobs(agent: Agent, seen: Recent) -> list[RecentRun]:
    """Before 0.12 a run is a job, tied to an agent only through the steps of its messages."""
    step_ids = list({message.step_id for message in seen.messages if message.step_id})
    steps = [
        step for step in _step_columns(Step.objects.here().filter(pk__in=step_ids)) if step.job_id
    ]
    queryset = (
        Job.objects.here()
        .filter(pk__in=[step.job_id for step in steps])
        .defer("metadata", "request_config")
    )
    newest = list(queryset.order_by(F("created_at").desc(), F("pk").desc())[:RECENT_RUNS])
    return _with_steps(newest, steps, "job_id")


def _step_columns(queryset: Any) -> Any:
    return queryset.only("id", "run_id", "job_id", "total_tokens", "error_type")[:1_000]


def _with_steps(found: Sequence[Any], steps: Any, link: str) -> list[RecentRun]:
    rows = _step_columns(steps) if hasattr(steps, "only") else steps
    by_run: dict[str, list[Step]] = {}
    for step in rows if found else ():
        by_run.setdefault(getattr(step, link), []).append(step)
    return [_recent_run(run, by_run.get(run.pk, [])) for run in found]


def _recent_run(run: Any, steps: Sequence[Step]) -> RecentRun:
    tokens = sum(step.total_tokens or 0 for step in steps) if steps else None
    errors = sorted({step.error_type for step in steps if step.error_type})
    return RecentRun(run, len(steps), tokens, errors)
