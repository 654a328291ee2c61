"""Writes the script that makes a least-privilege role for one Letta database, exactly as it is."""

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from psycopg import sql

from agents_app.letta.catalogue import Catalogue, load
from agents_app.letta.privileges.findings import CONNECTION_LIMIT, ROLE_SETTINGS, quoted
from agents_app.letta.provision.surroundings import Surroundings, surroundings
from agents_app.letta.secrets import is_secret

ROLE = "letta_inspector"
_LINE = 98
_PG14, _PG16 = 140000, 160000


class UnfitRole(ValueError):
    """The role named for the console is one that Letta or an administrator uses."""


def provision_script(
    conn: psycopg.Connection[Any],
    *,
    role: str = ROLE,
    password: str | None = None,
    iam: bool = False,
    connection_limit: int = CONNECTION_LIMIT,
    schema: str | None = None,
) -> str:
    """SQL for psql or for a driver in one go; running it again is how a newer release is handled.

    Reads catalogues only, under any role that may connect. A password appears as its SCRAM-SHA-256
    hash, made here. `UnfitRole` when `role` is a superuser or owns Letta's tables or database.
    """
    catalogue = load(conn, schema=schema)
    around = surroundings(conn, catalogue, role=role)
    if around.in_use:
        raise UnfitRole(
            f"{role} is an administrator's or Letta's own role; name one for this console."
        )
    parts = [
        _head(catalogue, around, role=role),
        _role(catalogue, role=role, connection_limit=connection_limit),
        _sign_in(conn, role=role, password=password, iam=iam),
        _undo(catalogue, around, role=role, iam=iam),
        _grants(catalogue, role=role),
        _public(around),
        ["COMMIT;"],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _head(catalogue: Catalogue, around: Surroundings, *, role: str) -> list[str]:
    return [
        f"-- A role that reads Letta's tables and nothing else: {_comment(role)}",
        f"-- Database {_comment(catalogue.database)}, schema {_comment(catalogue.schema)}, "
        f"{len(catalogue.structure)} tables, Letta {catalogue.release}.",
        f"-- Run it in that database as its administrator (or {_comment(', '.join(around.users))} "
        "with CREATEROLE).",
        "-- It may be run again at any time. After an upgrade of Letta, make it anew and run it again.",
        "BEGIN;",
    ]


def _role(catalogue: Catalogue, *, role: str, connection_limit: int) -> list[str]:
    name, literal = quoted(role), _text(role)
    settings = dict(ROLE_SETTINGS)
    if catalogue.server_version >= _PG14:
        settings["client_connection_check_interval"] = "1s"
    path = ", ".join(_text(schema) for schema in _schemas(catalogue))
    missing = f"NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {literal})"
    powers = "rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
    strong = f"EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {literal} AND ({powers}))"
    weaker = f"ALTER ROLE {name} NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;"
    return [
        "-- The role. Its limits are kept with it, so they hold behind a pooler too.",
        *_do(f"IF {missing} THEN", f"  CREATE ROLE {name} LOGIN;", "END IF;"),
        *_do(f"IF {strong} THEN", f"  {weaker}", "END IF;"),
        f"ALTER ROLE {name} LOGIN CONNECTION LIMIT {connection_limit};",
        *(f"ALTER ROLE {name} SET {key} = {_text(value)};" for key, value in settings.items()),
        f"ALTER ROLE {name} IN DATABASE {quoted(catalogue.database)} SET search_path = {path};",
    ]


def _sign_in(
    conn: psycopg.Connection[Any], *, role: str, password: str | None, iam: bool
) -> list[str]:
    name = quoted(role)
    if iam:
        return ["-- It signs in with short-lived AWS IAM tokens.", f"GRANT rds_iam TO {name};"]
    if password is None:
        return [
            "-- No password is set here. Set it afterwards in psql, which hashes it before sending:",
            f"--   \\password {_comment(name)}",
        ]
    words = password.encode(), role.encode(), b"scram-sha-256"
    hashed = conn.pgconn.encrypt_password(*words).decode()
    return [
        "-- The password, as its SCRAM-SHA-256 hash.",
        f"ALTER ROLE {name} PASSWORD {_text(hashed)};",
    ]


def _undo(catalogue: Catalogue, around: Surroundings, *, role: str, iam: bool) -> list[str]:
    """Takes back what an earlier run, or somebody else, gave this role."""
    name = quoted(role)
    lines = [f"REVOKE ALL ON {thing} FROM {name};" for thing in around.granted]
    for group, grantor in around.memberships:
        by = f" GRANTED BY {quoted(grantor)}" if catalogue.server_version >= _PG16 else ""
        if not (iam and group == "rds_iam"):
            lines.append(f"REVOKE {quoted(group)} FROM {name}{by};")
    tables = [quoted(catalogue.schema, table) for table in sorted(catalogue.structure)]
    return [
        "-- What the role was granted before is taken back.",
        *lines,
        *_wrapped("REVOKE ALL ON TABLE", tables, f"FROM {name};"),
    ]


def _grants(catalogue: Catalogue, *, role: str) -> list[str]:
    name, schema = quoted(role), catalogue.schema
    whole = [table for table in sorted(catalogue.structure) if not _secrets(catalogue, table)]
    return [
        "-- Reading, and nothing else: these tables whole …",
        f"GRANT CONNECT ON DATABASE {quoted(catalogue.database)} TO {name};",
        *(f"GRANT USAGE ON SCHEMA {quoted(place)} TO {name};" for place in _schemas(catalogue)),
        *_wrapped(
            "GRANT SELECT ON TABLE", [quoted(schema, table) for table in whole], f"TO {name};"
        ),
        "-- … and these without their columns that hold secrets.",
        *(
            line
            for table in sorted(catalogue.structure.keys() - set(whole))
            for line in _column_grant(catalogue, table, to=name)
        ),
    ]


def _column_grant(catalogue: Catalogue, table: str, *, to: str) -> Iterator[str]:
    secrets = _secrets(catalogue, table)
    plain = [quoted(column) for column in catalogue.structure[table] if column not in secrets]
    yield f"-- {table} without {', '.join(map(_comment, secrets))}:"
    name = quoted(catalogue.schema, table)
    yield from _wrapped("GRANT SELECT (", plain, f") ON TABLE {name} TO {to};")


_OPEN = {
    "DATABASE": "Temporary tables:",
    "SCHEMA": "New tables and functions in a schema:",
    "TABLE": "Letta's tables, whose secrets the new role could read:",
    "SEQUENCE": "Sequences:",
    "FUNCTION": "Large objects and notifications (Amazon RDS may not let an administrator do this):",
}


def _public(around: Surroundings) -> list[str]:
    """Moves what everybody may do to those who use Letta's tables; nothing when nothing is open."""
    if not around.open_to_all:
        return []
    users = ", ".join(around.users)
    lines = [
        "-- Everybody, so the new role too, may do the following. It is taken from PUBLIC and given to",
        f"-- those who own or write Letta's tables now ({_comment(users)}), so that Letta goes on as",
        "-- before. ANY OTHER ROLE OF THIS DATABASE LOSES IT unless it is granted to it by name.",
        "-- These blocks may be left out: the console then says which lock is open.",
    ]
    for kind, words in _OPEN.items():
        found = [thing for thing in around.open_to_all if thing.kind == kind]
        lines += [f"-- {words}"] if found else []
        for privileges in sorted({thing.privileges for thing in found}):
            names = [thing.name for thing in found if thing.privileges == privileges]
            lines += _moved(f"{privileges} ON {kind}", names, to=map(quoted, around.users))
    return lines


def _moved(privileges: str, names: list[str], *, to: Iterable[str]) -> Iterator[str]:
    """A right that the script's user lacks becomes a warning and does not stop the script."""
    yield from _do(
        *_wrapped(f"GRANT {privileges}", names, f"TO {', '.join(to)};"),
        *_wrapped(f"REVOKE {privileges}", names, "FROM PUBLIC;"),
        "EXCEPTION WHEN insufficient_privilege THEN",
        f"  RAISE WARNING '%', {_text(f'not allowed: REVOKE {privileges} … FROM PUBLIC')};",
    )


def _do(*lines: str) -> Iterator[str]:
    """A DO block whose dollar quote occurs nowhere inside, whatever the names are."""
    tag = "$do$"
    while any(tag in line for line in lines):
        tag = f"{tag[:-1]}o$"
    yield f"DO {tag} BEGIN"
    yield from (f"  {line}" for line in lines)
    yield f"END {tag};"


def _schemas(catalogue: Catalogue) -> list[str]:
    """Letta's schema, and pgvector's when another; PostgreSQL's own needs no grant."""
    found = dict.fromkeys([catalogue.schema, catalogue.vector_schema or catalogue.schema])
    return [schema for schema in found if schema != "pg_catalog"]


def _secrets(catalogue: Catalogue, table: str) -> list[str]:
    return [column for column in catalogue.structure[table] if is_secret(table, column)]


def _wrapped(before: str, names: list[str], after: str) -> Iterator[str]:
    """`before a, b, c after` in one line or as many as it takes; nothing without names."""
    short = f"{before} {', '.join(names)} {after}"
    if not names or len(short) <= _LINE:
        yield from [short] if names else []
        return
    yield before
    line = " "
    for word in [f" {name}," for name in names[:-1]] + [f" {names[-1]}"]:
        if len(line) + len(word) > _LINE:
            yield line
            line = " "
        line += word
    yield line
    yield f"  {after}"


def _text(value: str) -> str:
    """A string literal; one with backslashes comes as E'…'."""
    return sql.Literal(value).as_string().strip()


def _comment(text: str) -> str:
    """A name inside a comment must not end it."""
    return " ".join(text.split())
