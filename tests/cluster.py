"""The embedded server as tests use it: databases made on demand, each with a name of its own."""

from itertools import count
from typing import ClassVar

from dashboard.embedded import Server

NUMBERS = count(1)


class Cluster(Server):
    """An embedded server plus fresh database names; what it holds need not outlive the machine."""

    durability: ClassVar[str] = "-c fsync=off -c full_page_writes=off"

    def create_database(self, name: str | None = None, *, owner: str = "postgres") -> str:
        """Creates a database and gives its name; without a name, a fresh one."""
        chosen = name or f"scratch_{next(NUMBERS)}"
        super().create_database(chosen, owner=owner)
        return chosen

    def stop(self) -> None:
        """At once: writing a hundred databases to disk that are deleted next takes half a minute."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "stop", check=False)
