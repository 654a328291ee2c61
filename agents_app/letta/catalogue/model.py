"""What is known of one Letta database: plain, frozen facts that queries ask before they select."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agents_app.letta.secrets import is_secret
from agents_app.letta.versions import Release


@dataclass(frozen=True, slots=True)
class Index:
    """A btree index over whole rows; an interrupted CREATE INDEX CONCURRENTLY leaves an invalid one."""

    name: str
    table: str
    columns: tuple[str, ...]
    valid: bool
    unique: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One database as one role sees it.

    `tables` holds what may be selected: existing, readable and not secret columns of Letta's known
    tables. `structure` holds every existing column in order, readable or not. `types` are names of
    pg_type ("varchar", "json", "timestamptz", "stepstatus"). `rows` are the planner's estimates;
    a table without one is absent. `vector` is pgvector's schema and version, or None when it is
    not installed or its schema is closed to the role (`vector_schema` names it then too).
    `search_path` is Letta's schema and pgvector's when another.
    """

    database: str
    role: str
    schema: str
    revision: str | None
    release: str
    release_span: Release
    server_version: int
    search_path: tuple[str, ...]
    vector: tuple[str, str] | None
    vector_schema: str | None
    tables: Mapping[str, frozenset[str]]
    structure: Mapping[str, tuple[str, ...]]
    types: Mapping[str, Mapping[str, str]]
    revoked: frozenset[str]
    missing: frozenset[str]
    readable_secrets: frozenset[tuple[str, str]]
    rows: Mapping[str, int] = field(repr=False)
    indexes: Mapping[str, tuple[Index, ...]] = field(repr=False)

    def has_table(self, name: str) -> bool:
        """Whether at least one column of it may be selected."""
        return name in self.tables

    def has_column(self, table: str, column: str) -> bool:
        """Whether it may be selected; never true for a secret."""
        return column in self.tables.get(table, frozenset())

    def has_index(self, table: str, *columns: str) -> bool:
        """Whether a valid index begins with these columns, in this order, all of which may be selected."""
        return self.tables.get(table, frozenset()).issuperset(columns) and any(
            index.valid and index.columns[: len(columns)] == columns
            for index in self.indexes.get(table, ())
        )

    def type_of(self, table: str, column: str) -> str | None:
        """The name of its type in pg_type; None when the column is absent."""
        return self.types.get(table, {}).get(column)

    def revoked_columns(self, table: str) -> frozenset[str]:
        """Columns, secrets aside, that exist but may not be selected."""
        here = frozenset(c for c in self.structure.get(table, ()) if not is_secret(table, c))
        return here - self.tables.get(table, frozenset())

    def invalid_indexes(self) -> list[Index]:
        """Indexes that exist but that PostgreSQL does not use."""
        return [index for found in self.indexes.values() for index in found if not index.valid]
