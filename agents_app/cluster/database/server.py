"""The server and the database as a whole: versions, extensions, time since start, cache hits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents_app.letta import access
from agents_app.letta.catalogue import current

_SERVER = """
SELECT current_setting('server_version') AS server_version,
       pg_postmaster_start_time() AS started_at,
       pg_is_in_recovery() AS is_reader,
       pg_last_xact_replay_timestamp() AS replayed_at,
       pg_database_size(current_database()) AS size_bytes,
       current_setting('max_connections')::integer AS max_connections,
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_all,
       current_user::text AS role,
       (SELECT count(*) FROM pg_catalog.pg_replication_slots s WHERE s.slot_type = 'logical')
           AS logical_slots,
       d.stats_reset, d.blks_hit, d.blks_read, d.deadlocks, d.temp_bytes,
       d.xact_commit AS commits, d.xact_rollback AS rollbacks
  FROM pg_catalog.pg_stat_database d
 WHERE d.datname = current_database()
"""
_EXTENSIONS = """
SELECT e.extname::text AS name, e.extversion AS version, n.nspname::text AS schema
  FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
 ORDER BY 1
"""


@dataclass(frozen=True)
class Extension:
    name: str
    version: str
    schema: str


@dataclass(frozen=True, kw_only=True)
class Server:
    """Counters run since `stats_reset` (None: since the last start; Aurora resets them when it resumes)."""

    server_version: str
    started_at: datetime | None
    is_reader: bool
    replayed_at: datetime | None
    size_bytes: int
    max_connections: int
    sees_all: bool
    role: str
    logical_slots: int
    stats_reset: datetime | None
    blks_hit: int
    blks_read: int
    deadlocks: int
    temp_bytes: int
    commits: int
    rollbacks: int
    release: str
    revision: str | None
    schema: str
    extensions: list[Extension]

    @property
    def hit_percent(self) -> float | None:
        """Blocks found in PostgreSQL's own cache, of all that were asked for; None before any was."""
        asked = self.blks_hit + self.blks_read
        return 100 * self.blks_hit / asked if asked else None

    @property
    def grant(self) -> str:
        """What an operator runs to let this role see the sessions of others."""
        name = self.role.replace('"', '""')
        return f'GRANT pg_read_all_stats TO "{name}";'


def server() -> Server:
    """Two statements that read catalogues only."""
    here = current()
    [row] = access.dict_rows(_SERVER)
    known: dict[str, Any] = {"release": here.release, "revision": here.revision}
    extensions = [Extension(**found) for found in access.dict_rows(_EXTENSIONS)]
    return Server(**row, **known, schema=here.schema, extensions=extensions)
