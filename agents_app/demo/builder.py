"""Builds an empty database shaped like one that a Letta release migrated."""

from collections.abc import Iterator

import psycopg
from psycopg import sql

from agents_app.demo.releases import (
    ALEMBIC_HEADS,
    SEQUENCES,
    SERIALS,
    Constraint,
    Table,
    enums,
    tables,
)

_ACTIONS = {
    "cascade": "ON DELETE CASCADE",
    "set-null": "ON DELETE SET NULL",
    "restrict": "ON DELETE RESTRICT",
}


def build_database(
    dsn: str,
    release: str,
    *,
    schema: str = "public",
    keep_public: bool = True,
    vector_schema: str | None = None,
) -> None:
    """Create the tables of `release` in the existing, empty database at `dsn` (owner's rights).

    `keep_public=False` leaves what Letta's compose file leaves: no `public`, and the schema as
    the database's search_path. `vector_schema` puts the vector type elsewhere than the tables,
    where an ordinary session's search_path does not find it.
    """
    described = tables(release)
    with psycopg.connect(dsn) as connection:
        _prepare_schemas(connection, schema, vector_schema=vector_schema or schema)
        for statement in statements(described, release):
            connection.execute(statement.encode())
        connection.execute("INSERT INTO alembic_version VALUES (%s)", [ALEMBIC_HEADS[release]])
        if not keep_public:
            _drop_public(connection, schema)


def drop_column(dsn: str, table: str, column: str, *, schema: str = "public") -> None:
    """Remove one column with everything that stands on it, as another release would lack it."""
    with psycopg.connect(dsn) as connection:
        connection.execute(
            sql.SQL("ALTER TABLE {} DROP COLUMN {} CASCADE").format(
                sql.Identifier(schema, table), sql.Identifier(column)
            )
        )


def statements(described: dict[str, Table], release: str) -> Iterator[str]:
    """The DDL in an order that can be run: types, sequences, tables, keys, indexes, references."""
    yield from (
        f"CREATE TYPE {name} AS ENUM ({', '.join(repr(label) for label in labels)})"
        for name, labels in enums(release).items()
    )
    yield from _sequences(described)
    yield from (_create_table(table) for table in described.values())
    yield from _serial_owners(described)
    for kind in ("index", "fk"):
        for table in described.values():
            yield from (
                add_constraint(table.name, constraint)
                for constraint in table.constraints
                if constraint.kind.removeprefix("unique-") == kind
            )


def _prepare_schemas(
    connection: psycopg.Connection[tuple[object, ...]], schema: str, *, vector_schema: str
) -> None:
    for name in (schema, vector_schema):
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("CREATE EXTENSION vector SCHEMA {}").format(sql.Identifier(vector_schema))
    )
    connection.execute(
        sql.SQL("SET LOCAL search_path TO {}, {}").format(
            sql.Identifier(schema), sql.Identifier(vector_schema)
        )
    )


def _drop_public(connection: psycopg.Connection[tuple[object, ...]], schema: str) -> None:
    connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
    connection.execute(
        sql.SQL("ALTER DATABASE {} SET search_path TO {}").format(
            sql.Identifier(connection.info.dbname), sql.Identifier(schema)
        )
    )


def _sequences(described: dict[str, Table]) -> Iterator[str]:
    for (table, _column), name in SEQUENCES.items():
        if table in described:
            yield f"CREATE SEQUENCE {name}"
    for (table, _column), name in SERIALS.items():
        if table in described:
            yield f"CREATE SEQUENCE {name} AS integer"


def _serial_owners(described: dict[str, Table]) -> Iterator[str]:
    for (table, column), name in SERIALS.items():
        if table in described:
            yield f"ALTER SEQUENCE {name} OWNED BY {table}.{column}"


def _create_table(table: Table) -> str:
    lines = []
    for column in table.columns:
        required = " NOT NULL" if column.required else ""
        default = f" DEFAULT {column.default}" if column.default else ""
        lines.append(f'"{column.name}" {column.type}{default}{required}')
    keys = ("pk", "unique", "unique-null")
    lines += [_key(constraint) for constraint in table.constraints if constraint.kind in keys]
    return f'CREATE TABLE "{table.name}" ({", ".join(lines)})'


def _key(constraint: Constraint) -> str:
    words = {
        "pk": "PRIMARY KEY",
        "unique": "UNIQUE",
        "unique-null": "UNIQUE NULLS NOT DISTINCT",
    }
    return f"CONSTRAINT {constraint.name} {words[constraint.kind]} {constraint.columns}"


def add_constraint(table: str, constraint: Constraint) -> str:
    """SQL that makes the key, reference or index on a table that lacks it."""
    if constraint.kind.endswith("index"):
        unique = "UNIQUE " if constraint.kind == "unique-index" else ""
        return f'CREATE {unique}INDEX {constraint.name} ON "{table}" {constraint.columns}'
    if constraint.kind != "fk":
        return f'ALTER TABLE "{table}" ADD {_key(constraint)}'
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT {constraint.name}'
        f" FOREIGN KEY {constraint.columns} REFERENCES {_reference(constraint.rest)}"
    )


def drop_constraint(table: str, constraint: Constraint) -> str:
    """SQL that undoes `add_constraint`."""
    if constraint.kind.endswith("index"):
        return f"DROP INDEX {constraint.name}"
    return f'ALTER TABLE "{table}" DROP CONSTRAINT {constraint.name}'


def _reference(rest: str) -> str:
    """SQL of a reference: `agents cascade`, or `block (id, label) {any SQL}`."""
    target, brace, clause = rest.partition(" {")
    if brace:
        return f"{target} {clause.rstrip('}')}"
    table, _, action = target.partition(" ")
    return f'"{table}" (id) {_ACTIONS[action]}' if action else f'"{table}" (id)'
