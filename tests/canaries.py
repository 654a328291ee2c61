"""A Letta database of three like organizations, each with tokens of its own in every text and JSON column.

A token is `cny` and 16 hexadecimal digits, made of organization, table and column; beside it stands
an e-mail address `mny…@canary.example` of the same digits, which masked readers must not see either.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import sql

from agents_app.demo.load import fill
from tests.cluster import Cluster
from tests.lettadb import UNTIL, LettaDatabase, new_database

TOKEN: Final = re.compile(r"[cm]ny[0-9a-f]{16}")
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_FREE: Final = {"alembic_version"}
# Columns and keys whose values Letta's own code reads: other words in them would be another database.
_STRUCTURAL: Final = {
    "id", "role", "type", "status", "agent_type", "identity_type", "manager_type", "job_type", "tool_type",
    "source_type", "server_type", "provider_type", "provider_category", "model_type", "actor_type",
    "processing_status", "stop_reason", "last_stop_reason", "origin", "source", "call_type", "timezone",
    "request_status", "step_status", "embedding_endpoint_type", "model_endpoint_type", "kind", "name",
    "label", "block_label", "file_type", "model", "handle", "feedback", "token_type", "model_endpoint",
    "llm_provider", "embedding_model", "finish_reason", "object", "function_name", "timestamp", "time",
    "message_ids", "agent_ids", "otid",
}  # fmt: skip
# Where a name is a person's or a thing's; elsewhere it is a function's or a word of a protocol.
_WITH_NAMES: Final = {
    "agents",
    "archives",
    "identities",
    "organizations",
    "providers",
    "sources",
    "users",
}


class Place(NamedTuple):
    """Where a token stands: a to c are the three organizations, o those that the demo has besides."""

    organization: str
    table: str
    column: str


@dataclass
class Canaries:
    """The database, its organizations' ids by letter, and the place of each token's digits."""

    database: LettaDatabase
    organizations: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)

    def found(self, text: str) -> set[tuple[str, Place]]:
        """The tokens in a text, each as its kind (cny, mny) and place."""
        return {(token[:3], self.places[token[3:]]) for token in TOKEN.findall(text)}


def digits(place: Place) -> str:
    return hashlib.sha256(".".join(place).encode()).hexdigest()[:16]


def made(cluster: Cluster) -> Canaries:
    """Builds, clones, marks and provisions the database; a few seconds."""
    database = new_database(cluster, "0.16.8")
    fill(database.owner, "0.16.8", agents=6, messages=220, passages=12, hostile=False, seed=7, until=UNTIL,
         schema=database.schema)  # fmt: skip
    canaries = Canaries(database)
    with psycopg.connect(database.owner, autocommit=True) as connection:
        connection.execute(f"SET search_path = {database.schema}, public")
        connection.execute("SET session_replication_role = replica")
        world = _World(connection, database.schema)
        first = world.rows(
            "SELECT organization_id FROM messages GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        )[0][0]
        world.tie(first)
        world.clone(first, canaries)
        world.mark(canaries)
    database.provision()
    return canaries


class _World:
    """One connection of the owner, with foreign keys asleep."""

    def __init__(self, connection: psycopg.Connection[Any], schema: str) -> None:
        self.connection = connection
        self.columns: dict[str, dict[str, str]] = {}
        for table, column, kind in self.rows(
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"
            " AND a.attgenerated = '' ORDER BY 1, a.attnum",
            [schema],
        ):
            if table not in _FREE:
                self.columns.setdefault(table, {})[column] = kind

    def rows(self, query: str, params: Any = None) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode(), params).fetchall()

    def tie(self, organization: str) -> None:
        """Rows for tables that the demo leaves empty: ties of identities, and one row of anything else."""
        for table, key, other in (
            ("identities_agents", "agent_id", "agents"),
            ("identities_blocks", "block_id", "block"),
        ):
            self.rows(
                f'INSERT INTO "{table}" (identity_id, {key}) SELECT i.id, o.id FROM'
                " (SELECT id, row_number() OVER (ORDER BY id) n FROM identities WHERE organization_id = %(o)s) i JOIN"
                f' (SELECT id, row_number() OVER (ORDER BY id) n FROM "{other}" WHERE organization_id = %(o)s) o'
                " USING (n) ON CONFLICT DO NOTHING RETURNING 1",
                {"o": organization},
            )
        for table in self.columns:
            if not self.rows(f'SELECT 1 FROM "{table}" LIMIT 1'):
                self._add(table, organization)

    def _add(self, table: str, organization: str) -> None:
        """One row: ids of the organization's own rows where columns name them, something else elsewhere."""
        known = {
            "organization_id": organization,
            "id": f"{table}-{uuid.uuid5(uuid.NAMESPACE_URL, table)}",
        }
        for column in self.columns[table]:
            target = {"group_id": "groups", "block_id": "block"}.get(
                column, f"{column.removesuffix('_id')}s"
            )
            if column.endswith("_id") and target in self.columns and column not in known:
                found = self.rows(
                    f'SELECT id FROM "{target}" WHERE organization_id = %s ORDER BY 1 LIMIT 1',
                    [organization],
                )
                known[column] = found[0][0] if found else None
        given = {c: known.get(c, _something(kind)) for c, kind in self.columns[table].items()}
        self.insert(table, given)

    def insert(self, table: str, row: dict[str, Any]) -> None:
        kinds = self.columns[table]
        names = sql.SQL(", ").join(map(sql.Identifier, row))
        values = sql.SQL(", ").join(sql.SQL("%s::{}").format(sql.SQL(kinds[name])) for name in row)
        statement = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})")
        self.connection.execute(
            statement.format(sql.Identifier(table), names, values), list(row.values())
        )

    def clone(self, first: str, canaries: Canaries) -> None:
        """The first organization twice more: every UUID another, in columns, JSON and text alike."""
        mine = self._ids_of(first)
        canaries.organizations = {"a": first, "b": _other(first, "b"), "c": _other(first, "c")}
        for table, columns in self.columns.items():
            listed = ", ".join(f'"{name}"::text' for name in columns)
            for values in self.rows(f'SELECT {listed} FROM "{table}"'):
                row = dict(zip(columns, values, strict=True))
                if not self._belongs(row, mine):
                    continue
                for number, letter in ((1, "b"), (2, "c")):
                    self.insert(
                        table,
                        {
                            name: _changed(name, value, letter, number)
                            for name, value in row.items()
                        },
                    )
        for letter in "abc":
            canaries.ids[letter] = {_other(one, letter) if letter != "a" else one for one in mine}

    def _ids_of(self, organization: str) -> set[str]:
        found = {organization}
        for table, columns in self.columns.items():
            if {"id", "organization_id"} <= set(columns):
                found |= {
                    str(one)
                    for (one,) in self.rows(
                        f'SELECT id FROM "{table}" WHERE organization_id = %s', [organization]
                    )
                }
        return {one for one in found if _UUID.search(one)}

    @staticmethod
    def _belongs(row: dict[str, Any], mine: set[str]) -> bool:
        if row.get("organization_id"):
            return row["organization_id"] in mine
        return any(
            value in mine for name, value in row.items() if name == "id" or name.endswith("_id")
        )

    def mark(self, canaries: Canaries) -> None:
        """Tokens into every column that holds text or JSON and is no id and no word of Letta's own."""
        letters = {organization: letter for letter, organization in canaries.organizations.items()}
        for table, columns in self.columns.items():
            marked = {name: kind for name, kind in columns.items() if _is_marked(table, name, kind)}
            if not marked:
                continue
            listed = ", ".join(f'"{name}"::text' for name in columns)
            for ctid, *values in self.rows(f'SELECT ctid, {listed} FROM "{table}"'):
                row = dict(zip(columns, values, strict=True))
                letter = next((of for of in self._letters(table, row, letters, canaries)), "o")
                self._write(table, ctid, row, marked, letter, canaries)

    @staticmethod
    def _letters(
        table: str, row: dict[str, Any], letters: dict[str, str], canaries: Canaries
    ) -> Iterator[str]:
        owner = row["id"] if table == "organizations" else row.get("organization_id")
        if owner:
            yield letters.get(owner, "o")
            return
        for letter, known in canaries.ids.items():
            if any(value in known for name, value in row.items() if name.endswith("_id")):
                yield letter

    def _write(
        self,
        table: str,
        ctid: str,
        row: dict[str, Any],
        marked: dict[str, str],
        letter: str,
        canaries: Canaries,
    ) -> None:
        changes: dict[str, Any] = {}
        for name, kind in marked.items():
            place = Place(letter, table, name)
            canaries.places[digits(place)] = place
            changes[name] = _with_token(row[name], kind, digits(place))
        names = ", ".join(f'"{name}" = %s::{marked[name]}' for name in changes)
        self.connection.execute(
            f'UPDATE "{table}" SET {names} WHERE ctid = %s'.encode(), [*changes.values(), ctid]
        )


def _something(kind: str) -> Any:
    simple = {"json": "{}", "jsonb": "{}", "boolean": "false", "integer": "0", "bigint": "0"}
    if kind.startswith("timestamp"):
        return "2026-11-01"
    return simple.get(kind, "word")


def _other(text: str, letter: str) -> str:
    """The text with every UUID replaced by that of the clone."""
    return _UUID.sub(lambda found: str(uuid.uuid5(uuid.UUID(found[0]), letter)), text)


def _changed(column: str, value: str | None, letter: str, number: int) -> str | None:
    if value is None:
        return None
    if column == "state":  # of an OAuth exchange: unique in the whole database
        return value + letter
    if column == "sequence_id":
        return str(int(value) + number * 10_000_000)
    return _other(value, letter)


def _is_marked(table: str, column: str, kind: str) -> bool:
    if kind not in ("text", "json", "jsonb") and not kind.startswith("character varying"):
        return False
    if column == "id" or column.endswith("_id"):
        return False
    return table in _WITH_NAMES if column == "name" else column not in _STRUCTURAL


def _with_token(value: str | None, kind: str, token: str) -> str:
    words = f"cny{token} mny{token}@canary.example"
    if kind not in ("json", "jsonb"):
        return f"{value} {words}" if value else words
    try:
        held = json.loads(value) if value else {}
    except ValueError:
        held = {}
    return json.dumps(_marked(held, words))


def _marked(held: Any, words: str, key: str = "") -> Any:
    """The words in every string that is no structure, also within arguments that are JSON themselves."""
    if isinstance(held, dict):
        found = {name: _marked(value, words, name) for name, value in held.items()}
        return found if "type" in found or "role" in found else found | {"canary": words}
    if isinstance(held, list):
        return [_marked(one, words, key) for one in held]
    if (
        not isinstance(held, str)
        or key in _STRUCTURAL
        or key.endswith(("_id", "_at", "_ids"))
        or _UUID.search(held)
    ):
        return held
    if held.startswith("{") and held.endswith("}"):
        try:
            return json.dumps(_marked(json.loads(held), words, key))
        except ValueError:
            return held
    return f"{held} {words}" if held else held
