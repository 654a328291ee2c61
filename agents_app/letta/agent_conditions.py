"""Conditions on agents as SQL, for every listing that is narrowed by them; an absent column reads as NULL."""

import json
from dataclasses import dataclass, field
from typing import Any

from agents_app.letta import access, catalogue
from agents_app.letta.columns import column
from agents_app.letta.holding import confirmed as confirmed_names
from agents_app.text.jsontext import Parsed, parse
from agents_app.text.masking import policy

MOST_AGENTS = 50_000


@dataclass(frozen=True)
class AgentFilter:
    """Cleaned conditions on agents; an empty string narrows nothing."""

    q: str = ""
    organization: str = ""
    type: str = ""
    model: str = ""
    tag: str = ""
    hidden: str = ""
    stop_reason: str = ""

    def __bool__(self) -> bool:
        return any(vars(self).values())


@dataclass(frozen=True)
class Where:
    """Conditions on `agents a`, joined by AND; false when there are none.

    `cut` says that more agents might meet them than were looked at.
    """

    sql: str = "true"
    parameters: dict[str, Any] = field(default_factory=dict)
    cut: bool = False

    def __bool__(self) -> bool:
        return self.sql != "true"


def where(narrowed: AgentFilter) -> Where:
    """The conditions that SQL can decide; `has_model` confirms those on `llm_config`, which is `json`."""
    parts, values = [], dict[str, Any]()
    if narrowed.q:
        parts.append(
            f"({column('agents', 'name', alias='a')} ILIKE %(name)s OR starts_with(a.id, %(q)s))"
        )
        values |= {"name": f"%{_escaped(narrowed.q)}%", "q": narrowed.q}
        if policy.masks():
            seen, values["names"] = _names(narrowed.q)
            parts.append(f"(starts_with(a.id, %(q)s) OR {seen})")
    for name, stored in (
        ("organization", "organization_id"),
        ("type", "agent_type"),
        ("stop_reason", "last_stop_reason"),
    ):
        if wanted := getattr(narrowed, name):
            parts.append(f"{column('agents', stored, alias='a')} = %({name})s")
            values[name] = wanted
    if narrowed.hidden:
        parts.append(
            f"{column('agents', 'hidden', alias='a')} IS {'' if narrowed.hidden == 'yes' else 'NOT '}TRUE"
        )
    if narrowed.tag:
        parts.append(_tagged())
        values["tag"] = narrowed.tag
    if narrowed.model:
        # A plain search in the text: one row that holds broken JSON must not fail the others.
        parts.append(f"strpos({column('agents', 'llm_config', alias='a')}::text, %(model)s) > 0")
        values["model"] = json.dumps(narrowed.model.rpartition("/")[2])[1:]
    return Where(" AND ".join(parts) or "true", values)


_NAMED = "SELECT a.id, {name} FROM agents a WHERE {name} ILIKE %(name)s LIMIT {most}"


def _names(text: str) -> tuple[str, list[str]]:
    """A condition on `names`, agents whose name was looked at, that none is found by what is masked of it.

    Where they are too many to look at all, only those are found that were.
    """
    sql = _NAMED.format(name=column("agents", "name", alias="a"), most=MOST_AGENTS + 1)
    rows = access.rows(sql, {"name": f"%{_escaped(text)}%"})
    kept, refused = confirmed_names(rows[:MOST_AGENTS], text)
    if len(rows) > MOST_AGENTS:
        return "a.id = ANY(%(names)s)", kept
    return "NOT a.id = ANY(%(names)s)", refused


def has_model(config: Parsed, wanted: str) -> bool:
    """Whether an `llm_config` names this model: by its name, its handle, or provider/name."""
    if not wanted:
        return True
    value = config.value if isinstance(config.value, dict) else {}
    provider = value.get("provider_name") or value.get("model_endpoint_type")
    return wanted in (value.get("model"), value.get("handle"), f"{provider}/{value.get('model')}")


_CONFIGS = "SELECT a.id, {config}::text FROM agents a WHERE {where} LIMIT {most}"


def confirmed(narrowed: AgentFilter) -> Where:
    """`where`, with a model confirmed on each agent's `llm_config`: for listings of what agents have.

    It reads up to MOST_AGENTS agents, so a request asks once for all its pages.
    """
    found = where(narrowed)
    if not narrowed.model or not catalogue.current().has_column("agents", "id"):
        return found
    sql = _CONFIGS.format(
        config=column("agents", "llm_config", alias="a"), where=found.sql, most=MOST_AGENTS + 1
    )
    rows = access.rows(sql, found.parameters)
    ids = [
        agent_id for agent_id, text in rows[:MOST_AGENTS] if has_model(parse(text), narrowed.model)
    ]
    return Where("a.id = ANY(%(agents)s)", {"agents": ids}, cut=len(rows) > MOST_AGENTS)


def _tagged() -> str:
    if not catalogue.current().has_column("agents_tags", "tag"):
        return "false"
    return "EXISTS (SELECT 1 FROM agents_tags t WHERE t.agent_id = a.id AND t.tag = %(tag)s)"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
