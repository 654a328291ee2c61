"""Turns what a role may do into findings: refused, to be warned about, or in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from psycopg import sql

from agents_app.letta.catalogue import Catalogue
from agents_app.letta.privileges.reading import Held, Powers
from agents_app.letta.secrets import is_secret

Level = Literal["refuse", "warn", "ok"]

PROVISION = 'python manage.py provision_sql --role letta_inspector | psql "$ADMIN_URI"'
CONNECTION_LIMIT = 12
# What the provision script sets on the role; the timeouts are the role's ceiling for one statement.
ROLE_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "3s",
    "lock_timeout": "500ms",
    "idle_in_transaction_session_timeout": "5s",
}
TIMEOUTS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
_NAMED = 6  # objects named in a sentence before "and … more"


@dataclass(frozen=True, slots=True)
class Finding:
    """One lock: whether it holds, in words for an operator, and the SQL (or command) that closes it."""

    level: Level
    slug: str
    text: str
    fix_sql: str = ""


def findings(powers: Powers, catalogue: Catalogue) -> Iterator[Finding]:
    """Everything to say about the role, the worst first within each lock."""
    yield from _attributes(powers)
    yield from _ownership(powers)
    yield from _writes(powers)
    yield from _creation(powers)
    yield from _functions(powers)
    yield _secrets(powers, catalogue)
    yield _session(powers)
    yield _session_timeouts(powers)
    yield _role_settings(powers)
    yield _connection_limit(powers)
    yield _sharing(powers)
    if powers.standby:
        yield Finding(
            "ok", "standby", "The server is a read-only standby: it cannot be written at all."
        )


def _attributes(powers: Powers) -> Iterator[Finding]:
    role = quoted(powers.role)
    if powers.superuser:
        yield Finding(
            "refuse", "superuser", f"{powers.role} is a superuser: nothing binds it.", PROVISION
        )
        return
    for attribute in powers.attributes:
        yield Finding(
            "refuse",
            attribute.lower(),
            f"{powers.role} has {attribute}, or belongs to a role that has it.",
            f"ALTER ROLE {role} NO{attribute};",
        )
    for group in powers.powerful_roles:
        yield Finding(
            "refuse",
            "member",
            f"{powers.role} is a member of {group}, which can do more than read.",
            f"REVOKE {quoted(group)} FROM {role};",
        )
    if not powers.attributes and not powers.powerful_roles:
        yield Finding("ok", "attributes", f"{powers.role} has no special power over the server.")


def _ownership(powers: Powers) -> Iterator[Finding]:
    owned = [held for held in powers.of_kind("table", "sequence", "schema") if held.owned]
    names = [f"{held.kind} {held.schema}.{held.name}" for held in owned if held.kind != "schema"]
    names += [f"schema {held.name}" for held in owned if held.kind == "schema"]
    if powers.owns_database and not powers.superuser:
        names.append(f"database {powers.database}")
    if names:
        text = (
            f"{powers.role} owns {_listed(names)}, as the role of a Letta server does; "
            "an owner can change and drop what is its own."
        )
        yield Finding("refuse", "owner", text, PROVISION)


def _writes(powers: Powers) -> Iterator[Finding]:
    for kind, slug in (("table", "write"), ("sequence", "sequence")):
        able = [held for held in powers.of_kind(kind) if held.able and not held.owned]
        if able:
            names = [f"{held.schema}.{held.name}" for held in able]
            text = f"{powers.role} may change {len(able)} {kind}(s): {_listed(names)}."
            yield Finding("refuse", slug, text, _revoke(powers, able))
    if not powers.superuser and not powers.of_kind("table", "sequence"):
        text = f"{powers.role} holds nothing but SELECT on any table or sequence."
        yield Finding("ok", "grants", text)


def _revoke(powers: Powers, able: list[Held]) -> str:
    """One statement for each grantee; what comes with a powerful role ends with its membership."""
    privileges = "USAGE, UPDATE" if able[0].kind == "sequence" else powers.writes
    itself = quoted(powers.role)
    names: dict[str, list[str]] = {}
    for held in able:
        by_default = () if powers.powerful_roles else (itself,)
        for whom in held.through or by_default:
            names.setdefault(whom, []).append(quoted(held.schema, held.name))
    return "\n".join(
        f"REVOKE {privileges} ON {able[0].kind.upper()} {', '.join(things)} FROM {whom};"
        for whom, things in names.items()
    )


def _creation(powers: Powers) -> Iterator[Finding]:
    if powers.superuser:
        return
    role, database = quoted(powers.role), quoted(powers.database)
    if powers.may_create_temporary:
        fix = f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role};"
        yield Finding("warn", "temporary", f"{powers.role} may create temporary tables.", fix)
    else:
        yield Finding("ok", "temporary", f"{powers.role} cannot create temporary tables.")
    places = [held for held in powers.of_kind("schema") if held.able and not held.owned]
    if places:
        text = f"{powers.role} may create objects in {_listed([held.name for held in places])}."
        fix = "\n".join(
            f"REVOKE CREATE ON SCHEMA {quoted(held.name)} FROM {', '.join(held.through) or role};"
            for held in places
        )
        yield Finding("warn", "create", text, fix)
    if powers.may_create_schemas and not powers.owns_database:
        fix = f"REVOKE CREATE ON DATABASE {database} FROM PUBLIC, {role};"
        yield Finding("warn", "create-schema", f"{powers.role} may create schemas.", fix)
    if not places and not powers.may_create_schemas:
        yield Finding("ok", "create", f"{powers.role} cannot create tables, functions or schemas.")


_FUNCTIONS = (
    ("large-objects", "write large objects, before PostgreSQL 16 even in a read-only session"),
    ("notify", "send notifications (pg_notify)"),
)


def _functions(powers: Powers) -> Iterator[Finding]:
    if powers.superuser:
        return
    for slug, words in _FUNCTIONS:
        open_ones = [
            held
            for held in powers.of_kind("function")
            if held.name.startswith("pg_notify") is (slug == "notify")
        ]
        if not open_ones:
            yield Finding("ok", slug, f"{powers.role} cannot {words.split(',')[0]}.")
            continue
        fix = "\n".join(
            f"REVOKE EXECUTE ON FUNCTION pg_catalog.{held.name} FROM "
            f"{', '.join(held.through) or quoted(powers.role)};"
            for held in open_ones
        )
        yield Finding("warn", slug, f"{powers.role} may {words}.", fix)


def _secrets(powers: Powers, catalogue: Catalogue) -> Finding:
    names = [f"{table}.{column}" for table, column in sorted(catalogue.readable_secrets)]
    if not names:
        return Finding("ok", "secrets", "No column that holds secrets is readable.")
    text = f"{powers.role} may read columns that hold secrets: {_listed(names)}. They are never selected."
    tables = sorted({table for table, _ in catalogue.readable_secrets})
    fix = "\n".join(_plain_columns_only(catalogue, table, role=powers.role) for table in tables)
    return Finding("warn", "secrets", text, _for_own_role(powers, fix))


def _plain_columns_only(catalogue: Catalogue, table: str, *, role: str) -> str:
    columns = ", ".join(
        quoted(column) for column in catalogue.structure[table] if not is_secret(table, column)
    )
    name = quoted(catalogue.schema, table)
    taken = f"REVOKE SELECT ON TABLE {name} FROM PUBLIC, {quoted(role)};"  # noqa: S608 (shown only)
    return f"{taken}\nGRANT SELECT ({columns}) ON TABLE {name} TO {quoted(role)};"


def _session(powers: Powers) -> Finding:
    if powers.session["default_transaction_read_only"] == "on":
        return Finding("ok", "session", "The session is read-only.")
    fix = _setting(powers, "default_transaction_read_only")
    return Finding("warn", "session", "The session is not read-only.", _for_own_role(powers, fix))


def _session_timeouts(powers: Powers) -> Finding:
    absent = [name for name in TIMEOUTS if unlimited(powers.session[name])]
    if not absent:
        return Finding("ok", "session-timeouts", "The session has its three timeouts.")
    fix = _for_own_role(powers, "\n".join(_setting(powers, name) for name in absent))
    return Finding(
        "warn", "session-timeouts", f"The session runs without {', '.join(absent)}.", fix
    )


def _role_settings(powers: Powers) -> Finding:
    absent = [name for name in TIMEOUTS if unlimited(powers.role_settings.get(name, "0"))]
    if powers.role_settings.get("default_transaction_read_only") not in {"on", "true", "1", "yes"}:
        absent.insert(0, "default_transaction_read_only")
    if not absent:
        return Finding("ok", "role-settings", "Read-only and the timeouts are kept with the role.")
    text = f"{powers.role} lacks {', '.join(absent)}: a pooler may drop what only the session sets."
    fix = "\n".join(_setting(powers, name) for name in absent)
    return Finding("warn", "role-settings", text, _for_own_role(powers, fix))


def _connection_limit(powers: Powers) -> Finding:
    if powers.connection_limit >= 0 and not powers.superuser:
        text = f"At most {powers.connection_limit} connections of {powers.role} at a time."
        return Finding("ok", "connection-limit", text)
    fix = f"ALTER ROLE {quoted(powers.role)} CONNECTION LIMIT {CONNECTION_LIMIT};"
    text = f"{powers.role} has no connection limit."
    return Finding("warn", "connection-limit", text, _for_own_role(powers, fix))


def _sharing(powers: Powers) -> Finding:
    if not powers.other_sessions:
        return Finding("ok", "shared", f"No other program is connected as {powers.role}.")
    text = (
        f"{powers.other_sessions} session(s) of {powers.role} belong to another program, perhaps Letta "
        "itself: limits and revokes meant for this console would bind it too."
    )
    return Finding("warn", "shared", text, PROVISION)


def _setting(powers: Powers, name: str) -> str:
    return f"ALTER ROLE {quoted(powers.role)} SET {name} = '{ROLE_SETTINGS[name]}';"


def _for_own_role(powers: Powers, fix: str) -> str:
    """The fix for a role of the console's own; never one that would bind Letta's or an administrator's."""
    owner = powers.superuser or powers.owns_database or any(held.owned for held in powers.held)
    return PROVISION if owner or powers.other_sessions else fix


def unlimited(duration: str) -> bool:
    """Whether a setting such as '3s', '0' or '0ms' means no limit."""
    return not duration.strip("0abcdefghijklmnopqrstuvwxyz '")


def quoted(*names: str) -> str:
    """A qualified identifier, always in double quotes."""
    return sql.Identifier(*names).as_string()


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
