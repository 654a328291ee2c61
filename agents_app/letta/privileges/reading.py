"""Asks PostgreSQL what the connected role may do; two statements, no row of any table."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

# Membership in one of these is as good as writing, or lets the role disturb Letta's own sessions.
POWERFUL_ROLES = (
    "azure_pg_admin",
    "cloudsqlsuperuser",
    "pg_create_subscription",
    "pg_execute_server_program",
    "pg_maintain",
    "pg_read_server_files",
    "pg_signal_backend",
    "pg_write_all_data",
    "pg_write_server_files",
    "rds_replication",
    "rds_superuser",
    "rdsadmin",
)

# PostgreSQL lets everybody call these: they write large objects or send notifications.
WRITING_FUNCTIONS = (
    "lo_creat",
    "lo_create",
    "lo_export",
    "lo_from_bytea",
    "lo_import",
    "lo_open",
    "lo_put",
    "lo_truncate",
    "lo_truncate64",
    "lo_unlink",
    "lowrite",
    "pg_notify",
)

# MEMBER and not USAGE: a role that does not inherit may still say SET ROLE.
_ROLE = """
SELECT me.rolname::text AS role, me.rolconnlimit AS connection_limit, me.rolsuper AS superuser,
       ARRAY(SELECT DISTINCT unnest(array_remove(ARRAY[
                CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
                CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
                CASE WHEN r.rolreplication THEN 'REPLICATION' END,
                CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
                CASE WHEN r.rolcreatedb THEN 'CREATEDB' END], NULL))
               FROM pg_catalog.pg_roles r
              WHERE pg_has_role(me.oid, r.oid, 'MEMBER')) AS attributes,
       ARRAY(SELECT r.rolname::text FROM pg_catalog.pg_roles r
              WHERE r.rolname = ANY (%(powerful)s::text[]) AND pg_has_role(me.oid, r.oid, 'MEMBER')
              ORDER BY 1) AS powerful_roles,
       ARRAY(SELECT unnest(s.setconfig) FROM pg_catalog.pg_db_role_setting s
              WHERE s.setrole = me.oid AND s.setdatabase IN (0, d.oid)
              ORDER BY s.setdatabase) AS role_settings,
       current_setting('default_transaction_read_only') AS session_read_only,
       current_setting('statement_timeout') AS statement_timeout,
       current_setting('lock_timeout') AS lock_timeout,
       current_setting('idle_in_transaction_session_timeout') AS idle_timeout,
       pg_is_in_recovery() AS standby,
       d.datname::text AS database,
       pg_has_role(me.oid, d.datdba, 'MEMBER') AS owns_database,
       has_database_privilege(me.oid, d.oid, 'TEMPORARY') AS may_create_temporary,
       has_database_privilege(me.oid, d.oid, 'CREATE') AS may_create_schemas,
       (SELECT count(*) FROM pg_catalog.pg_stat_activity a
         WHERE a.usesysid = me.oid AND a.pid <> pg_backend_pid()
           AND a.application_name NOT LIKE 'letta-inspector%%') AS other_sessions
  FROM pg_catalog.pg_roles me, pg_catalog.pg_database d
 WHERE me.rolname = session_user AND d.datname = current_database()
"""

# `through` names whom the privileges were granted to: the role, a group of it, or PUBLIC.
_OBJECTS = """
WITH me AS (SELECT oid, rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user),
reach AS (SELECT r.oid FROM pg_catalog.pg_roles r, me WHERE pg_has_role(me.oid, r.oid, 'MEMBER')),
spaces AS (SELECT * FROM pg_catalog.pg_namespace
            WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
tables AS (
SELECT 'table' AS kind, n.nspname, c.relname, c.relacl AS acl,
       pg_has_role(me.oid, c.relowner, 'MEMBER') AS owned,
       EXISTS (SELECT FROM reach r
                WHERE has_table_privilege(r.oid, c.oid, %(writes)s)
                   OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE, REFERENCES')) AS able
  FROM pg_catalog.pg_class c JOIN spaces n ON n.oid = c.relnamespace, me
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
), sequences AS (
SELECT 'sequence', n.nspname, c.relname, c.relacl,
       pg_has_role(me.oid, c.relowner, 'MEMBER'),
       EXISTS (SELECT FROM reach r WHERE has_sequence_privilege(r.oid, c.oid, 'UPDATE, USAGE'))
  FROM pg_catalog.pg_class c JOIN spaces n ON n.oid = c.relnamespace, me
 WHERE c.relkind = 'S'
), schemas AS (
SELECT 'schema', n.nspname, n.nspname, n.nspacl,
       pg_has_role(me.oid, n.nspowner, 'MEMBER'),
       EXISTS (SELECT FROM reach r WHERE has_schema_privilege(r.oid, n.oid, 'CREATE'))
  FROM spaces n, me
), functions AS (
SELECT 'function', 'pg_catalog'::name, p.oid::regprocedure::text::name,
       coalesce(p.proacl, acldefault('f', p.proowner)), false,
       EXISTS (SELECT FROM reach r WHERE has_function_privilege(r.oid, p.oid, 'EXECUTE'))
  FROM pg_catalog.pg_proc p
 WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = ANY (%(functions)s::text[])
)
SELECT o.kind, o.nspname::text AS schema, o.relname::text AS name, o.owned, o.able,
       ARRAY(SELECT DISTINCT CASE WHEN x.grantee = 0 THEN 'PUBLIC'
                                  ELSE quote_ident(pg_get_userbyid(x.grantee)) END
               FROM aclexplode(o.acl) x
              WHERE x.privilege_type NOT IN ('SELECT') AND (x.grantee = 0 OR x.grantee IN (TABLE reach))
                AND (o.kind <> 'schema' OR x.privilege_type = 'CREATE')) AS through
  FROM (TABLE tables UNION ALL TABLE sequences UNION ALL TABLE schemas UNION ALL TABLE functions) o, me
 WHERE NOT me.rolsuper AND (o.owned OR o.able)
 ORDER BY o.kind, o.nspname, o.relname
"""

_WRITES = "INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
_PG17 = 170000  # MAINTAIN came with PostgreSQL 17


@dataclass(frozen=True, slots=True)
class Held:
    """Something the role owns or may do more with than read; `kind` is table, sequence, schema, function."""

    kind: str
    schema: str
    name: str
    owned: bool
    able: bool
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Powers:
    """The role, its session and what it holds; a superuser's objects are not listed, all are his."""

    role: str
    database: str
    superuser: bool
    attributes: tuple[str, ...]
    powerful_roles: tuple[str, ...]
    owns_database: bool
    may_create_temporary: bool
    may_create_schemas: bool
    standby: bool
    connection_limit: int
    role_settings: dict[str, str]
    session: dict[str, str]
    other_sessions: int
    held: tuple[Held, ...]
    writes: str  # the privileges on a table beyond SELECT that this server knows

    def of_kind(self, *kinds: str) -> list[Held]:
        return [held for held in self.held if held.kind in kinds]


def powers(conn: psycopg.Connection[Any]) -> Powers:
    """Two statements, under 20 ms on a database of Letta's size."""
    version = conn.info.server_version
    with conn.cursor(row_factory=dict_row) as cursor:
        [row] = cursor.execute(_ROLE, {"powerful": list(POWERFUL_ROLES)}, prepare=False).fetchall()
        writes = _WRITES + (", MAINTAIN" if version >= _PG17 else "")
        values = {"writes": writes, "functions": list(WRITING_FUNCTIONS)}
        held = cursor.execute(_OBJECTS, values, prepare=False).fetchall()
    return Powers(
        role=row["role"],
        database=row["database"],
        superuser=row["superuser"],
        attributes=tuple(sorted(row["attributes"])),
        powerful_roles=tuple(row["powerful_roles"]),
        owns_database=row["owns_database"],
        may_create_temporary=row["may_create_temporary"],
        may_create_schemas=row["may_create_schemas"],
        standby=row["standby"],
        connection_limit=row["connection_limit"],
        role_settings=dict(text.split("=", 1) for text in row["role_settings"]),
        session={
            "default_transaction_read_only": row["session_read_only"],
            "statement_timeout": row["statement_timeout"],
            "lock_timeout": row["lock_timeout"],
            "idle_in_transaction_session_timeout": row["idle_timeout"],
        },
        other_sessions=row["other_sessions"],
        held=tuple(Held(**one | {"through": tuple(one["through"])}) for one in held),
        writes=writes,
    )
