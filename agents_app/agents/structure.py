"""Tools, groups, organizations and API users: the row, and what hangs on it as far as an index or a bound allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from agents_app.letta import access, catalogue
from agents_app.letta.holding import holding
from agents_app.letta.links import Some, agents_in_order, agents_with, some
from agents_app.letta.models import (
    Agent,
    AgentTool,
    Block,
    BlockGroup,
    Group,
    Message,
    Organization,
    Tool,
    User,
)

MOST_AGENTS, MOST_PEOPLE, MOST_MADE, MOST_MEMBERS = 50, 50, 20, 200
COUNTED = 1_000
MADE = {
    "agents": "Agents",
    "block": "Blocks",
    "tools": "Tools",
    "identities": "Identities",
    "archives": "Archives",
    "sources": "Sources",
    "files": "Files",
    "groups": "Groups",
    "conversations": "Conversations",
    "runs": "Runs",
}
"""Tables whose rows name their organization and the API user that made them."""


def named(model: Any, text: str) -> Any:
    """Rows of `model` whose name contains `text` or whose id begins with it; all rows without one."""
    queryset = model.objects.here()
    return holding(queryset, text, "name") if text else queryset


def tools(text: str, kind: str) -> Any:
    """Tools without their source and schemas."""
    queryset = named(Tool, text).only(
        "id",
        "name",
        "tool_type",
        "source_type",
        "organization_id",
        "default_requires_approval",
        "created_at",
    )
    return queryset.filter(tool_type=kind) if kind else queryset


def tool(tool_id: str, *, prompt: bool, content: bool) -> Tool | None:
    """One tool; source, schemas and metadata, which often hold secrets, only where prompts may be seen."""
    queryset = Tool.objects.here().filter(pk=tool_id)
    hidden = [] if prompt else ["source_code", "json_schema", "args_json_schema", "metadata"]
    found: Tool | None = queryset.defer(*hidden, *([] if content else ["description"])).first()
    return found


def packages(tool: Tool) -> list[str]:
    """Names of the Python packages a tool needs, as stored: `{"name", "version"}` objects or texts."""
    listed = tool.pip_requirements.value if isinstance(tool.pip_requirements.value, list) else []
    named_ones = [one.get("name", one) if isinstance(one, dict) else one for one in listed[:50]]
    return [str(one) for one in named_ones]


def agents_of_tool(tool_id: str) -> Some[Agent]:
    return agents_with(
        AgentTool.objects.here().filter(tool_id=tool_id).values("agent_id"), MOST_AGENTS
    )


def groups(text: str) -> Any:
    """Groups by id, kind of manager or manager's id: they have no name."""
    queryset = Group.objects.here().defer("description", "termination_token")
    if not text:
        return queryset
    return queryset.filter(
        Q(pk__startswith=text)
        | Q(manager_type__icontains=text)
        | Q(manager_agent_id__startswith=text)
    )


@dataclass(frozen=True)
class Members:
    """Agents of a group in the order Letta calls them, the first 200; the manager apart."""

    manager: tuple[str, Agent | None] | None
    members: Sequence[tuple[str, Agent | None]]
    listed: int
    problem: str | None


def members(group: Group) -> Members:
    """`agent_ids` keeps the order; an id that exists no more shows without a name."""
    parsed, manager_id = group.agent_ids, group.manager_agent_id
    stored = parsed.value if isinstance(parsed.value, list) else []
    listed = list(dict.fromkeys(one for one in stored if isinstance(one, str) and one))
    shown = listed[:MOST_MEMBERS]
    found = dict(agents_in_order([one for one in (manager_id, *shown) if one]))
    return Members(
        manager=(manager_id, found.get(manager_id)) if manager_id else None,
        members=[(one, found.get(one)) for one in shown],
        listed=len(listed),
        problem=None if parsed.usable else parsed.problem,
    )


def shared_blocks(group_id: str) -> Some[Block]:
    """Blocks shared by the whole group (0.6.49+), without their values."""
    held = BlockGroup.objects.here().filter(group_id=group_id).values("block_id")
    columns = ("id", "label", "limit", "version", "updated_at")
    return some(
        Block.objects.here().filter(pk__in=held).only(*columns).order_by("label", "pk"), MOST_PEOPLE
    )


def last_processed(group: Group) -> Message | None:
    """The message up to which a sleeptime group has read; the id may dangle."""
    if not group.last_processed_message_id:
        return None
    queryset = Message.objects.here().filter(pk=group.last_processed_message_id)
    found: Message | None = queryset.only(
        "id", "agent_id", "created_at", "sequence_id", "conversation_id"
    ).first()
    return found


def agents_of_organization(organization_id: str) -> Some[Agent]:
    """Its newest agents."""
    return agents_with(
        Agent.objects.here().filter(organization_id=organization_id).values("pk"), MOST_AGENTS
    )


def users_of_organization(organization_id: str) -> Some[User]:
    return some(
        User.objects.here().filter(organization_id=organization_id).order_by("name", "pk"),
        MOST_PEOPLE,
    )


@dataclass(frozen=True)
class Count:
    """How many rows a table holds, up to a bound; `more` says that the bound was met."""

    table: str
    label: str
    number: int
    more: bool

    def __str__(self) -> str:
        return f"{self.number:,}{' or more' if self.more else ''}"


def counts(column: str, value: str) -> list[Count]:
    """Rows of each table whose `column` is `value`, counted up to 1,000; tables without it are absent. One query."""
    known = catalogue.current()
    here = [table for table in MADE if known.has_column(table, column)]
    if not here:
        return []
    parts = [
        f"SELECT '{table}' AS table_name, count(*) AS number FROM"  # noqa: S608 - names from the list above
        f' (SELECT 1 FROM "{table}" WHERE "{column}" = %(value)s LIMIT %(most)s) AS bounded'
        for table in here
    ]
    found = access.dict_rows(" UNION ALL ".join(parts), {"value": value, "most": COUNTED + 1})
    return [
        Count(
            row["table_name"],
            MADE[row["table_name"]],
            min(row["number"], COUNTED),
            row["number"] > COUNTED,
        )
        for row in found
    ]


def agents_made_by(user_id: str) -> Some[Agent]:
    """The newest agents that this API user created."""
    return agents_with(Agent.objects.here().filter(created_by_id=user_id).values("pk"), MOST_MADE)


def organization_of(row: Any) -> Organization | None:
    """The organization of a row; None when it has none or its id dangles."""
    if not row.organization_id:
        return None
    found: Organization | None = Organization.objects.here().filter(pk=row.organization_id).first()
    return found
