"""The SQL condition under which a row of a table is in scope, for the columns that this database has."""

from collections.abc import Callable
from itertools import count

from agents_app.letta.catalogue.model import Catalogue
from agents_app.letta.scoping.paths import OF_ORGANIZATION, TO_AGENT, TO_ORGANIZATION, Way
from agents_app.letta.scoping.scope import Scope

NEVER = "false"


class Conditions:
    """Builds them for one scope and one database; names are Letta's own, values are quoted here."""

    def __init__(self, catalogue: Catalogue, scope: Scope) -> None:
        self.catalogue, self.scope = catalogue, scope
        self._numbers = count()

    def of(self, table: str, *, alias: str) -> str:
        """For rows of `table` named `alias`; `false` where no way leads to the scope."""
        parts = []
        if self.scope.organizations is not None:
            parts.append(self._in_organization(table, alias))
        if self.scope.by_agent and table not in OF_ORGANIZATION:
            parts.append(self._by_agent(table, alias))
        return " AND ".join(parts) or "true"

    def _in_organization(self, table: str, alias: str) -> str:
        allowed = _texts(self.scope.organizations or ())
        if not self.scope.organizations:
            return NEVER
        column = "id" if table == "organizations" else "organization_id"
        if self.catalogue.has_column(table, column):
            return f"{alias}.{column} = ANY ({allowed})"
        ways = (way for way in TO_ORGANIZATION.get(table, ()) if self._has(table, way))
        way = next(ways, None)
        return NEVER if way is None else self._along(way, alias, self._in_organization)

    def _by_agent(self, table: str, alias: str) -> str:
        if table == "agents":
            return self._agent(f"{alias}.id")
        if table == "identities":
            return self._identity(f"{alias}.id")
        if table == "identities_agents":
            identity = self._identity(f"{alias}.identity_id")
            return f"{self._agent(f'{alias}.agent_id')} AND {identity}"
        if self.catalogue.has_column(table, "agent_id"):
            return self._agent(f"{alias}.agent_id")
        ways = [way for way in TO_AGENT.get(table, ()) if self._has(table, way)]
        found = [self._along(way, alias, self._by_agent) for way in ways]
        return f"({' OR '.join(found)})" if found else NEVER

    def _along(self, way: Way, alias: str, condition: Callable[[str, str], str]) -> str:
        other = f"scope_{next(self._numbers)}"
        inner = condition(way.table, other)
        rows = f"{self._real(way.table)} AS {other} WHERE {inner}"
        return f"{alias}.{way.column} IN (SELECT {other}.{way.key} FROM {rows})"

    def _agent(self, column: str) -> str:
        """Agents tied to one of the identities or bearing one of the tags."""
        sets = []
        if self.scope.identities and self.catalogue.has_table("identities_agents"):
            one_of = f"identity_id = ANY ({_texts(self.scope.identities)})"
            sets.append(f"SELECT agent_id FROM {self._real('identities_agents')} WHERE {one_of}")
        if self.scope.tags and self.catalogue.has_table("agents_tags"):
            one_of = f"tag = ANY ({_texts(self.scope.tags)})"
            sets.append(f"SELECT agent_id FROM {self._real('agents_tags')} WHERE {one_of}")
        return f"{column} IN ({' UNION ALL '.join(sets)})" if sets else NEVER

    def _identity(self, column: str) -> str:
        """The identities themselves, and those of agents that bear one of the tags."""
        found = (
            [f"{column} = ANY ({_texts(self.scope.identities)})"] if self.scope.identities else []
        )
        if self.scope.tags and self.catalogue.has_table("identities_agents"):
            tagged = Conditions(self.catalogue, Scope(None, tags=self.scope.tags))
            links = (
                f"{self._real('identities_agents')} AS tied WHERE {tagged._agent('tied.agent_id')}"
            )
            found.append(f"{column} IN (SELECT tied.identity_id FROM {links})")
        return f"({' OR '.join(found)})"

    def _has(self, table: str, way: Way) -> bool:
        return self.catalogue.has_column(table, way.column) and self.catalogue.has_column(
            way.table, way.key
        )

    def _real(self, table: str) -> str:
        return f"{quoted(self.catalogue.schema)}.{quoted(table)}"


def quoted(name: str) -> str:
    """A name as PostgreSQL quotes it."""
    return '"' + name.replace('"', '""') + '"'


def _texts(values: tuple[str, ...]) -> str:
    """An array of texts; standard_conforming_strings is on in every session."""
    words = ", ".join("'" + value.replace("'", "''").replace("\0", "") + "'" for value in values)
    return f"ARRAY[{words}]::text[]"
