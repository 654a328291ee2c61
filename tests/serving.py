"""The console served as `make run` serves it: gunicorn with production settings, asked over HTTP."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError

from django.conf import settings
from django.test import Client

from agents_app.management.commands.serve import Command, commands
from tests.lettadb import LettaDatabase
from tests.waiting import eventually

Ask = Callable[..., tuple[int, float]]


@contextmanager
def served(database: LettaDatabase, folder: Path, *, visitor: Client) -> Iterator[Ask]:
    """`ask("/agents/")`: status and seconds of a page, for `visitor` or with `signed_in=False` for a stranger."""
    port, environment = _free_port(), _environment(database, folder)
    defaults = vars(Command().create_parser("manage.py", "serve").parse_args([]))
    web = commands(defaults | {"port": port})[0]
    manage = [web[0], "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(manage, env=environment, cwd=settings.BASE_DIR, check=True)
    server = subprocess.Popen(
        web, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL
    )
    session = visitor.cookies[settings.SESSION_COOKIE_NAME].value

    def ask(path: str, *, signed_in: bool = True) -> tuple[int, float]:
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if signed_in else {}
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=cookie)
        began = time.monotonic()
        return _status(request), time.monotonic() - began

    ask.port = port  # type: ignore[attr-defined]
    try:
        assert eventually(lambda: ask("/livez")[0] == 200, within_s=60)
        yield ask
    finally:
        server.terminate()
        server.wait(15)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _environment(database: LettaDatabase, folder: Path) -> dict[str, str]:
    own, host = settings.DATABASES["default"], settings.DATABASES["default"]["HOST"]
    kept = {k: v for k, v in os.environ.items() if "INSPECTOR" not in k and "ASYNC" not in k}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "LETTA_PG_URI": database.uri(),
        "INSPECTOR_VAR": str(folder),
        "INSPECTOR_HTTPS": "false",
        "INSPECTOR_REQUIRE_SECOND_FACTOR": "false",
        "INSPECTOR_SECRET_KEY": settings.SECRET_KEY,
        "INSPECTOR_DATABASE_URL": f"postgresql://postgres@/{own['NAME']}?host={host.replace('/', '%2F')}",
    }


def _status(request: urllib.request.Request) -> int:
    """The status of the answer, zero without one."""
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            response.read()
            return int(response.status)
    except HTTPError as error:
        return error.code
    except URLError:
        return 0
