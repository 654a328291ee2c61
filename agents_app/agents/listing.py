"""The rows of the agents page: who, of what kind, when last active; a fixed number of queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from agents_app.agents import activity
from agents_app.agents.filters import AgentForm
from agents_app.letta import access, catalogue
from agents_app.letta.agent_conditions import AgentFilter, has_model, where
from agents_app.letta.columns import column
from agents_app.letta.links import organization_names
from agents_app.letta.models import Agent, AgentBlock, AgentTag, Organization
from agents_app.letta.remembered import saw_agents
from agents_app.templatetags.inspector import model_handle
from agents_app.text.jsontext import parse
from agents_app.ui.paging import Cursor, Key

MOST_ROUNDS = 4
MOST_OPTIONS = 200
SAMPLED_AGENTS = 200

TYPES = (
    "letta_v1_agent",
    "memgpt_v2_agent",
    "memgpt_agent",
    "sleeptime_agent",
    "react_agent",
    "workflow_agent",
    "voice_convo_agent",
    "voice_sleeptime_agent",
    "split_thread_agent",
)
STOP_REASONS = (
    "end_turn",
    "requires_approval",
    "max_steps",
    "max_tokens_exceeded",
    "tool_rule",
    "no_tool_call",
    "cancelled",
    "error",
    "llm_api_error",
    "invalid_llm_response",
    "invalid_tool_call",
    "insufficient_credits",
    "context_window_overflow_in_system_prompt",
)


@dataclass(frozen=True)
class AgentRow:
    """One agent in the list; `last_activity` is None for agents without messages."""

    agent: Agent
    key: Key
    last_activity: Any
    organization: str | None
    tags: Sequence[str]
    blocks: int

    @property
    def model(self) -> str:
        return model_handle(self.agent.llm_config.value)


def agent_rows(narrowed: AgentFilter, cursor: Cursor) -> list[AgentRow]:
    """Up to limit + 1 rows in walking order.

    A row that only looked as if it had the model asked for is dropped, and more are fetched.
    """
    need, found = cursor.limit + 1, list[tuple[activity.Place, Agent]]()
    conditions = where(narrowed)
    for _ in range(MOST_ROUNDS):
        places = activity.places(conditions, cursor)
        agents = _agents([place.agent_id for place in places])
        found += [
            (place, agents[place.agent_id])
            for place in places
            if place.agent_id in agents
            and has_model(agents[place.agent_id].llm_config, narrowed.model)
        ]
        if len(found) >= need or len(places) <= cursor.limit:
            break
        cursor = replace(cursor, key=places[-1].key)
    return _with_details(found[:need])


def _agents(ids: Sequence[str]) -> dict[str, Agent]:
    columns = (
        "id",
        "name",
        "agent_type",
        "llm_config",
        "organization_id",
        "hidden",
        "last_stop_reason",
        "created_at",
    )
    return (
        {agent.pk: agent for agent in Agent.objects.here().filter(pk__in=ids).only(*columns)}
        if ids
        else {}
    )


def _with_details(found: list[tuple[activity.Place, Agent]]) -> list[AgentRow]:
    ids = [agent.pk for _, agent in found]
    organizations = organization_names(agent.organization_id for _, agent in found)
    tags, blocks = tags_of(ids), _block_counts(ids)
    saw_agents({agent.pk: agent.name for _, agent in found})
    return [
        AgentRow(
            agent=agent,
            key=place.key,
            last_activity=place.last_activity,
            organization=organizations.get(agent.organization_id or ""),
            tags=tags.get(agent.pk, ()),
            blocks=blocks[agent.pk],
        )
        for place, agent in found
    ]


def tags_of(agent_ids: Sequence[str]) -> dict[str, list[str]]:
    """Each agent's tags in alphabetical order. One query."""
    found: dict[str, list[str]] = {}
    for agent_id, tag in (
        AgentTag.objects.here().filter(agent_id__in=agent_ids).values_list("agent_id", "tag")
    ):
        found.setdefault(agent_id, []).append(tag or "")
    return {agent_id: sorted(tags) for agent_id, tags in found.items()}


def _block_counts(agent_ids: Sequence[str]) -> Counter[str]:
    return Counter(
        AgentBlock.objects.here().filter(agent_id__in=agent_ids).values_list("agent_id", flat=True)
    )


def fill_options(form: AgentForm) -> None:
    """Offers what is known: organizations, tags by index, types and stop reasons of Letta, models of the newest."""
    known = catalogue.current()
    form.offer("organization", _organizations())
    form.offer("type", [(name, name) for name in TYPES])
    form.offer("model", _models())
    form.offer("tag", [(tag, tag) for tag in tags_in_use()])
    form.offer("stop_reason", [(reason, reason.replace("_", " ")) for reason in STOP_REASONS])
    for name, stored in (("stop_reason", "last_stop_reason"), ("hidden", "hidden")):
        if not known.has_column("agents", stored):
            form.leave_out(name)


def _organizations() -> list[tuple[str, str]]:
    found = Organization.objects.here().order_by("-created_at", "-pk").values_list("pk", "name")
    return sorted(
        ((pk, name or pk) for pk, name in found[:MOST_OPTIONS]), key=lambda option: option[1]
    )


_NEWEST_CONFIGS = """
SELECT DISTINCT n.config FROM (
  SELECT {config}::text AS config FROM agents a ORDER BY {time} DESC, a.id DESC LIMIT %(most)s) AS n
"""


def _models() -> list[tuple[str, str]]:
    """Models of the newest agents; another can be asked for in the address."""
    sql = _NEWEST_CONFIGS.format(
        config=column("agents", "llm_config", alias="a"),
        time=column("agents", "created_at", alias="a"),
    )
    configs = access.rows(sql, {"most": SAMPLED_AGENTS})
    names = {model_handle(parse(config).value) for (config,) in configs} - {"–"}
    return [(name, name) for name in sorted(names)]


_TAGS = """
WITH RECURSIVE found (tag, place) AS (
  (SELECT tag, 1 FROM agents_tags ORDER BY tag LIMIT 1)
  UNION ALL
  SELECT (SELECT t.tag FROM agents_tags t WHERE t.tag > f.tag ORDER BY t.tag LIMIT 1), f.place + 1
    FROM found f WHERE f.tag IS NOT NULL AND f.place < %(most)s
)
SELECT tag FROM found WHERE tag IS NOT NULL
"""


def tags_in_use() -> list[str]:
    """The first distinct tags, one index probe each; none where the index is missing (before 0.9)."""
    known = catalogue.current()
    if not known.has_column("agents_tags", "tag"):
        return []
    if not known.has_index("agents_tags", "tag"):
        return sorted(set(AgentTag.objects.values_list("tag", flat=True)[: 5 * MOST_OPTIONS]))
    return [row[0] for row in access.rows(_TAGS, {"most": MOST_OPTIONS})]
