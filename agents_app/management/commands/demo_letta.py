"""`manage.py demo_letta`: a Letta-shaped database with a believable world in it."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

from agents_app.demo.builder import build_database
from agents_app.demo.load import Summary, fill
from agents_app.demo.releases import RELEASES
from agents_app.letta.provision import provision_script
from dashboard import embedded

DATABASE = "letta_demo"
ROLE = "letta_inspector"
_MARK = "letta inspector demo "

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a demo database is made of; kept as the comment on the database."""

    release: str
    schema: str
    agents: int
    messages: int
    passages: int
    hostile: bool
    seed: int
    until: str
    complete: bool = False

    def is_made_by(self, other: "Recipe", *, any_time: bool) -> bool:
        """Whether `other`, a finished one, gives what this one asks for."""
        names = [name for name in self.__slots__ if name not in ("until", "complete")]
        same = all(getattr(self, name) == getattr(other, name) for name in names)
        return other.complete and same and (any_time or self.until == other.until)

    def comment(self, *, complete: bool) -> str:
        values = {name: getattr(self, name) for name in self.__slots__}
        return _MARK + json.dumps(values | {"complete": complete})


class Command(BaseCommand):
    help = "Builds a Letta-shaped database and fills it with a demo world. Never uses alias letta."
    requires_system_checks: list[str] = []  # starts quicker; `manage.py check` checks

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agents", type=int, default=40)
        parser.add_argument("--messages", type=int, default=20_000)
        parser.add_argument("--passages", type=int, default=3_000)
        parser.add_argument("--hostile", action="store_true", help="add rows with hostile inputs")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--release", choices=RELEASES, default=RELEASES[-1])
        parser.add_argument("--schema", default="letta")
        parser.add_argument("--until", help="end of the half year, ISO time (default: this hour)")
        parser.add_argument("--uri", help="owner's connection string of an empty database")
        parser.add_argument("--reset", action="store_true", help="replace an older demo world")
        parser.add_argument(
            "--print-uri", action="store_true", help="only print the console's URI of the demo"
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        del arguments
        if options["print_uri"]:
            self.stdout.write(embedded.ensure().uri(DATABASE, ROLE))
            return
        dsn = options["uri"] or self._embedded()
        try:
            self._make(dsn, _recipe(options), any_time=not options["until"], reset=options["reset"])
        except psycopg.OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error}") from error
        except psycopg.errors.InsufficientPrivilege as error:
            raise CommandError(
                f"{error} Connect as the database's owner or a superuser."
            ) from error

    def _embedded(self) -> str:
        server = embedded.ensure()
        server.create_database(DATABASE)
        return server.dsn(DATABASE)

    def _make(self, dsn: str, recipe: Recipe, *, any_time: bool, reset: bool) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            found = _found(connection)
            if found and recipe.is_made_by(found, any_time=any_time) and not reset:
                self.stdout.write("The demo world is there already; nothing to do.")
                return
            _make_room(connection, found, reset=reset)
            _remember(connection, recipe.comment(complete=False))
        summary = self._load(dsn, recipe)
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(provision_script(connection, role=ROLE).encode())
            _remember(connection, recipe.comment(complete=True))
        for name, count in summary.as_dict().items():
            self.stdout.write(f"  {count:>9,} {name}")

    def _load(self, dsn: str, recipe: Recipe) -> Summary:
        self.stdout.write(f"Building the tables of Letta {recipe.release} …")
        keep_public = recipe.schema == "public"
        build_database(dsn, recipe.release, schema=recipe.schema, keep_public=keep_public)
        return fill(
            dsn,
            recipe.release,
            agents=recipe.agents,
            messages=recipe.messages,
            passages=recipe.passages,
            hostile=recipe.hostile,
            seed=recipe.seed,
            until=datetime.fromisoformat(recipe.until),
            schema=recipe.schema,
            progress=self._reporter(),
        )

    def _reporter(self) -> Callable[[str, float], None]:
        said: set[str] = set()

        def report(what: str, share: float) -> None:
            line = f"Loading {what} … {int(share * 10) * 10} %"
            if line not in said:
                said.add(line)
                self.stdout.write(line)
                self.stdout.flush()

        return report


def _recipe(options: dict[str, Any]) -> Recipe:
    until = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    if options["until"]:
        try:
            until = datetime.fromisoformat(options["until"])
        except ValueError as error:
            raise CommandError("--until must be an ISO time such as 2026-11-20T18:00Z.") from error
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
    names = [name for name in Recipe.__slots__ if name not in ("until", "complete")]
    return Recipe(**{name: options[name] for name in names}, until=until.isoformat())


def _found(connection: Connection) -> Recipe | None:
    """The recipe of the world that is there, finished or not; None: not one of ours."""
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE datname = current_database()"
    ).fetchone()
    comment = str(row[0] or "") if row else ""
    if not comment.startswith(_MARK):
        return None
    try:
        return Recipe(**json.loads(comment.removeprefix(_MARK)))
    except (TypeError, ValueError) as error:
        raise CommandError("The comment on the database is not one this version wrote.") from error


def _make_room(connection: Connection, found: Recipe | None, *, reset: bool) -> None:
    """Empty the database if what is in it is a demo world that may go."""
    if found is None:
        row = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname = 'alembic_version'"
        ).fetchone()
        if row and row[0]:
            raise CommandError(
                "This database holds tables that demo_letta did not make. Give an empty one."
            )
        return
    if found.complete and not reset:
        raise CommandError("Another demo world is there. Add --reset to replace it.")
    for schema in {found.schema, "public"}:
        connection.execute(
            sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema))
        )
    connection.execute("CREATE SCHEMA public")


def _remember(connection: Connection, comment: str) -> None:
    connection.execute(
        sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(connection.info.dbname), sql.Literal(comment)
        )
    )
