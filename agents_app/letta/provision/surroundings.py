"""What a provision script must know beside the catalogue: who uses Letta's tables, what is open to all."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from agents_app.letta.catalogue import Catalogue
from agents_app.letta.privileges.reading import WRITING_FUNCTIONS

_SURROUNDINGS = """
WITH letta AS (
    SELECT c.oid, c.relname, c.relkind, c.relowner, c.relacl
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = %(schema)s
       AND (c.relname = ANY (%(tables)s::text[]) AND c.relkind <> 'S' OR c.relkind = 'S')
), things AS (
    SELECT c.oid, CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END
                  || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS thing, c.relacl AS acl
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), held AS (
    SELECT t.oid, t.thing, x.grantee, x.privilege_type FROM things t, aclexplode(t.acl) x
     UNION
    SELECT t.oid, t.thing, x.grantee, x.privilege_type
      FROM things t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid, aclexplode(a.attacl) x
     UNION
    SELECT n.oid, 'SCHEMA ' || quote_ident(n.nspname), x.grantee, x.privilege_type
      FROM pg_catalog.pg_namespace n, aclexplode(n.nspacl) x
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     UNION
    SELECT d.oid, 'DATABASE ' || quote_ident(d.datname), x.grantee, x.privilege_type
      FROM pg_catalog.pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
     WHERE d.datname = current_database()
     UNION
    SELECT p.oid, 'FUNCTION pg_catalog.' || p.oid::regprocedure::text, x.grantee, x.privilege_type
      FROM pg_catalog.pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
     WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = ANY (%(functions)s::text[])
)
SELECT ARRAY(SELECT pg_get_userbyid(l.relowner)::text FROM letta l
              UNION
             SELECT pg_get_userbyid(x.grantee)::text FROM letta l, aclexplode(l.relacl) x
              WHERE x.grantee <> 0 AND x.privilege_type = 'INSERT' AND l.relkind <> 'S'
                AND pg_get_userbyid(x.grantee) <> %(role)s
              ORDER BY 1) AS users,
       ARRAY(SELECT ARRAY[split_part(h.thing, ' ', 1), substr(h.thing, strpos(h.thing, ' ') + 1),
                          string_agg(DISTINCT h.privilege_type, ', ' ORDER BY h.privilege_type)]
               FROM held h
              WHERE h.grantee = 0
                AND CASE split_part(h.thing, ' ', 1)
                         WHEN 'FUNCTION' THEN true
                         WHEN 'DATABASE' THEN h.privilege_type IN ('TEMPORARY', 'CREATE')
                         WHEN 'SCHEMA' THEN h.privilege_type = 'CREATE'
                         ELSE h.oid IN (SELECT l.oid FROM letta l) END
              GROUP BY h.thing ORDER BY h.thing) AS open_to_all,
       ARRAY(SELECT DISTINCT h.thing FROM held h JOIN pg_catalog.pg_roles r ON r.oid = h.grantee
              WHERE r.rolname = %(role)s ORDER BY 1) AS granted,
       ARRAY(SELECT ARRAY[g.rolname::text, pg_get_userbyid(m.grantor)::text]
               FROM pg_catalog.pg_auth_members m
               JOIN pg_catalog.pg_roles me ON me.oid = m.member AND me.rolname = %(role)s
               JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
              ORDER BY 1) AS memberships,
       EXISTS (SELECT FROM pg_catalog.pg_roles r
                WHERE r.rolname = %(role)s
                  AND (r.rolsuper OR EXISTS (SELECT FROM letta l WHERE l.relowner = r.oid)
                       OR EXISTS (SELECT FROM pg_catalog.pg_database d
                                   WHERE d.datname = current_database() AND d.datdba = r.oid)))
       AS in_use
"""


@dataclass(frozen=True, slots=True)
class OpenThing:
    """What PUBLIC may do with one thing; `name` and `privileges` are SQL, quoted already."""

    kind: str
    name: str
    privileges: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`users` own or write Letta's tables; `granted` (SQL) and `memberships` (with grantor) are the role's.

    `in_use` says that the role is a superuser or owns Letta's tables or database.
    """

    users: tuple[str, ...]
    open_to_all: tuple[OpenThing, ...]
    granted: tuple[str, ...]
    memberships: tuple[tuple[str, str], ...]
    in_use: bool


def surroundings(conn: psycopg.Connection[Any], catalogue: Catalogue, *, role: str) -> Surroundings:
    """One statement on PostgreSQL's catalogue, readable by every role."""
    values = {
        "schema": catalogue.schema,
        "tables": sorted(catalogue.structure),
        "functions": list(WRITING_FUNCTIONS),
        "role": role,
    }
    with conn.cursor(row_factory=dict_row) as cursor:
        [row] = cursor.execute(_SURROUNDINGS, values, prepare=False).fetchall()
    return Surroundings(
        users=tuple(row["users"]),
        open_to_all=tuple(OpenThing(*found) for found in row["open_to_all"]),
        granted=tuple(row["granted"]),
        memberships=tuple((group, grantor) for group, grantor in row["memberships"]),
        in_use=row["in_use"],
    )
