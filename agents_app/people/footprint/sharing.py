"""Who else is behind what a footprint finds: agents of several identities, blocks and archives of several agents."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from agents_app.letta import access, catalogue, scoping
from agents_app.people.footprint.places import Kind

WINDOW: Final = 5_000
MOST_LINKS: Final = 2_000_000
BATCH: Final = 500

# No index leads from an agent to its identities, so the links are walked in the order of their key.
_TIED = """
SELECT w.identity_id, w.agent_id, w.agent_id = ANY(%(agents)s::text[]) AND w.identity_id <> %(identity)s
  FROM (SELECT t.identity_id, t.agent_id FROM identities_agents t
         WHERE (t.identity_id, t.agent_id) > (%(identity_after)s, %(agent_after)s)
         ORDER BY t.identity_id, t.agent_id LIMIT %(size)s) w
"""
_HOLDERS = """
SELECT t.{link}, count(*) FROM {table} t
 WHERE t.{link} = ANY(%(ids)s::text[]) AND NOT t.agent_id = ANY(%(agents)s::text[])
 GROUP BY 1
"""
HOLDERS: Final[Mapping[Kind, tuple[str, str]]] = {
    "block": ("blocks_agents", "block_id"),
    "archive": ("archives_agents", "archive_id"),
    "source": ("sources_agents", "source_id"),
}


def is_known() -> bool:
    """Whether other people's links are in scope; someone who sees some identities only cannot be told."""
    return not scoping.current().by_agent


def others_by_agent(identity: str, agents: Collection[str]) -> dict[str, int] | None:
    """How many other identities each of the agents serves; None where that cannot be told."""
    known = catalogue.current()
    if (
        not agents
        or not is_known()
        or not known.has_index("identities_agents", "identity_id", "agent_id")
    ):
        return {} if not agents else None
    found, after, seen = Counter[str](), ("", ""), 0
    asked = {"agents": list(agents), "identity": identity, "size": WINDOW}
    while seen < MOST_LINKS:
        rows = access.rows(_TIED, {**asked, "identity_after": after[0], "agent_after": after[1]})
        found.update(agent for _, agent, is_other in rows if is_other)
        seen += len(rows)
        if len(rows) < WINDOW:
            return dict(found)
        after = rows[-1][0], rows[-1][1]
    return None


def others(kind: Kind, ids: Sequence[str], agents: Collection[str]) -> int | None:
    """How many of these blocks, archives or sources agents of others use too; None where that cannot be told."""
    table, link = HOLDERS[kind]
    known = catalogue.current()
    if not known.has_column(table, link) or not known.has_column(table, "agent_id"):
        return 0
    if not is_known():
        return None
    shared: set[str] = set()
    sql = _HOLDERS.format(table=table, link=link)
    for begin in range(0, len(ids), BATCH):
        asked = {"ids": list(ids[begin : begin + BATCH]), "agents": list(agents)}
        shared.update(one for one, _ in access.rows(sql, asked))
    return len(shared)
