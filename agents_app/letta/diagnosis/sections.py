"""Looks at Letta's database, because a person asked, and says what holds and what to do next."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import psycopg
from django.db import connections

from agents_app.letta.catalogue import Catalogue, Index, load
from agents_app.letta.diagnosis.lines import Level, Line, Section
from agents_app.letta.diagnosis.needs import INDEXES, PAGES
from agents_app.letta.errors import LettaError, LettaNotConfigured, classify
from agents_app.letta.privileges import PROVISION, Finding, LockReport, report
from agents_app.letta.privileges.findings import quoted
from agents_app.letta.provision import direct_connection
from agents_app.letta.secrets import SECRETS, is_secret
from agents_app.letta.versions import expected_tables

_SLOW_CONNECTION_SECONDS = 2.0
_GATED_ENGINE = "agents_app.letta.engine"
_SESSION_SLUGS = frozenset({"session", "session-timeouts"})
_LEVELS: Mapping[str, Level] = {"refuse": "fail", "warn": "warn", "ok": "ok"}


def letta_sections(
    entry: Mapping[str, Any], *, routers: Iterable[str], allow_powerful: bool
) -> Iterator[Section]:
    """Sections from a DATABASES entry; stops after the first one that makes the rest impossible."""
    known = entry.get("INSPECTOR", {})
    if not known.get("configured", True):
        error = LettaNotConfigured()
        yield Section("Letta's database", (Line("warn", error.happened, error.todo),))
        return
    begun = time.monotonic()
    try:
        with direct_connection(entry) as conn:
            seconds = time.monotonic() - begun
            yield Section("Letta's database", tuple(_connection(conn, entry, seconds=seconds)))
            yield from _contents(conn, entry, routers=routers, allow_powerful=allow_powerful)
    except (psycopg.Error, LettaError) as error:
        found = classify(error)
        text = f"{_address(entry)}: {found.happened} {found.detail}".strip()
        yield Section("Letta's database", (Line("fail", text, found.todo),))


def _contents(
    conn: psycopg.Connection[Any],
    entry: Mapping[str, Any],
    *,
    routers: Iterable[str],
    allow_powerful: bool,
) -> Iterator[Section]:
    catalogue = load(conn)
    findings = _findings_in_use(report(conn, catalogue), catalogue, allow_powerful=allow_powerful)
    yield Section("Release", tuple(_release(catalogue)))
    locks = [*_own_locks(entry, routers), *_findings(findings, allow_powerful=allow_powerful)]
    yield Section("Locks against writing", tuple(locks))
    yield Section("Secret columns", tuple(_secrets(catalogue)))
    yield Section("Tables and pages", tuple(_tables(catalogue)))
    yield Section("Indexes", tuple(_indexes(catalogue)))


def _findings_in_use(
    direct: LockReport, catalogue: Catalogue, *, allow_powerful: bool
) -> tuple[Finding, ...]:
    """The report, with what concerns the session taken from a connection as pages use it."""
    if direct.refused and not allow_powerful:
        return direct.findings
    wrapper = connections["letta"]
    try:
        wrapper.ensure_connection()
        with wrapper.wrap_database_errors:
            of_pages = {
                found.slug: found for found in report(wrapper.connection, catalogue).findings
            }
    finally:
        wrapper.close()
    return tuple(
        of_pages[finding.slug] if finding.slug in _SESSION_SLUGS else finding
        for finding in direct.findings
    )


def _address(entry: Mapping[str, Any]) -> str:
    place = f"{entry.get('HOST') or 'local socket'}:{entry.get('PORT') or 5432}"
    return f"{entry.get('USER') or '(default user)'} at {place}/{entry.get('NAME')}"


def _connection(
    conn: psycopg.Connection[Any], entry: Mapping[str, Any], *, seconds: float
) -> Iterator[Line]:
    slow = seconds > _SLOW_CONNECTION_SECONDS
    why = "A paused cluster was waking up, or the way to it is slow." if slow else ""
    yield Line(
        "warn" if slow else "ok", f"{_address(entry)}: connected in {seconds * 1000:.0f} ms.", why
    )
    known = entry.get("INSPECTOR", {})
    mode = entry.get("OPTIONS", {}).get("sslmode")
    if known.get("weak_tls"):
        todo = "Write sslmode=verify-full in LETTA_PG_URI and unset INSPECTOR_LETTA_ALLOW_WEAK_TLS."
        yield Line("warn", f"TLS with sslmode={mode} does not verify who answers.", todo)
    elif conn.pgconn.ssl_in_use:
        yield Line("ok", f"TLS with sslmode={mode or 'prefer'}.")
    else:
        yield Line("ok", "No TLS: a socket or a loopback address.")
    yield from (
        Line("warn", note, "Take the word out of LETTA_PG_URI.") for note in known.get("notes", ())
    )


def _release(catalogue: Catalogue) -> Iterator[Line]:
    revision = f"revision {catalogue.revision}" if catalogue.revision else "no revision readable"
    sure = catalogue.release_span.exact
    todo = (
        ""
        if sure
        else "Columns are asked for one by one, so pages work; what is new in it is not shown."
    )
    yield Line("ok" if sure else "warn", f"Letta {catalogue.release} ({revision}).", todo)
    server = f"{catalogue.server_version // 10000}.{catalogue.server_version % 10000}"
    yield Line("ok", f"Schema {catalogue.schema} on PostgreSQL {server}.")
    if catalogue.vector:
        yield Line("ok", f"pgvector {catalogue.vector[1]} in schema {catalogue.vector[0]}.")
    elif catalogue.vector_schema:
        todo = (
            f"GRANT USAGE ON SCHEMA {quoted(catalogue.vector_schema)} TO {quoted(catalogue.role)};"
        )
        yield Line(
            "warn", f"pgvector's schema {catalogue.vector_schema} is closed to the role.", todo
        )
    else:
        yield Line(
            "warn", "pgvector is not installed: no similarity of passages.", "Letta needs it too."
        )


def _own_locks(entry: Mapping[str, Any], routers: Iterable[str]) -> Iterator[Line]:
    if any(router.startswith("agents_app.letta.") for router in routers):
        yield Line("ok", "The router sends no write to Letta's database.")
    else:
        yield Line("fail", "No router guards Letta's database.", "Restore DATABASE_ROUTERS.")
    if entry.get("ENGINE") == _GATED_ENGINE:
        yield Line("ok", "The statement gate stands before every query.")
    else:
        yield Line(
            "fail", "Alias letta has no statement gate.", f"Set its ENGINE to {_GATED_ENGINE}."
        )


def _findings(findings: Iterable[Finding], *, allow_powerful: bool) -> Iterator[Line]:
    for finding in findings:
        level = _LEVELS[finding.level]
        if level == "fail" and allow_powerful:
            text = f"{finding.text} Allowed by INSPECTOR_ALLOW_POWERFUL_ROLE."
            yield Line("warn", text, finding.fix_sql)
        else:
            yield Line(level, finding.text, finding.fix_sql)


def _secrets(catalogue: Catalogue) -> Iterator[Line]:
    for table in sorted(SECRETS.keys() & catalogue.structure.keys()):
        here = [column for column in catalogue.structure[table] if is_secret(table, column)]
        readable = [column for column in here if (table, column) in catalogue.readable_secrets]
        if readable:
            yield Line(
                "warn", f"{table}: {', '.join(readable)} readable, never selected.", PROVISION
            )
        elif here:
            yield Line("ok", f"{table}: {', '.join(here)} not readable.")


def _tables(catalogue: Catalogue) -> Iterator[Line]:
    lost = expected_tables(catalogue.release_span) & catalogue.missing
    again = f"Run again: {PROVISION}"
    for table in sorted(lost):
        yield Line(
            "warn",
            f"{table} is missing, though Letta {catalogue.release} has it.",
            "Ask who dropped it.",
        )
    for table in sorted(catalogue.revoked):
        yield Line("warn", f"{table} exists but the role may not read it.", again)
    for table in sorted(catalogue.tables):
        closed = sorted(catalogue.revoked_columns(table))
        if closed:
            yield Line(
                "warn", f"{table}: {', '.join(closed)} not readable, shown as absent.", again
            )
    for page, alternatives in PAGES.items():
        if not any(all(map(catalogue.has_table, tables)) for tables in alternatives):
            yield _switched_off(catalogue, page, tables=alternatives[0])
    yield Line("ok", f"{len(catalogue.tables)} tables readable.")


def _switched_off(catalogue: Catalogue, page: str, *, tables: tuple[str, ...]) -> Line:
    absent = [table for table in tables if not catalogue.has_table(table)]
    text = f"No {page}: {', '.join(absent)} not readable."
    if expected_tables(catalogue.release_span) & set(absent) or catalogue.revoked & set(absent):
        return Line("warn", text, "See the tables named above.")
    return Line("ok", f"No {page}: Letta {catalogue.release} has none.")


def _indexes(catalogue: Catalogue) -> Iterator[Line]:
    for index in catalogue.invalid_indexes():
        text = f"{index.name} on {index.table} is invalid: PostgreSQL does not use it."
        yield Line("warn", text, reindex(catalogue, index))
    checked = 0
    for table, columns, purpose in INDEXES:
        if not set(columns) <= set(catalogue.structure.get(table, ())):
            continue
        checked += 1
        if not catalogue.has_index(table, *columns):
            text = f"No index on {table} ({', '.join(columns)}): needed for {purpose}."
            yield Line("warn", text, create_index(catalogue, table, columns))
    yield Line("ok", f"{checked} indexes looked for.")


def reindex(catalogue: Catalogue, index: Index) -> str:
    """DDL for an operator; the console never runs it."""
    return f"REINDEX INDEX CONCURRENTLY {quoted(catalogue.schema, index.name)};"


def create_index(catalogue: Catalogue, table: str, columns: tuple[str, ...]) -> str:
    """DDL for an operator; the console never runs it."""
    if table not in catalogue.indexes:
        return "It has no index at all; if it is a view, look at the tables behind it."
    name = quoted(f"ix_{table}_{'_'.join(columns)}")
    names = ", ".join(map(quoted, columns))
    return f"CREATE INDEX CONCURRENTLY {name} ON {quoted(catalogue.schema, table)} ({names});"
