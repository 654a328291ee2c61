"""The console as `make run` serves it: gunicorn, production settings, and a Letta that freezes under load."""

import os
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from django.conf import settings
from django.test import Client

from agents_app.management.commands.serve import Command, commands
from tests import mutants
from tests.cluster import Cluster
from tests.waiting import AFTER_WAITING_S, AT_ONCE_S, eventually

pytestmark = pytest.mark.django_db(transaction=True)
Ask = Callable[..., tuple[int, float]]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def ask(victim: Cluster, superuser: Client, tmp_path: Path) -> Iterator[Ask]:
    """`ask("/agents/")`: status and seconds of a page of a console served as in production."""
    world = mutants.small_world(victim, "0.16.8")
    own, port = settings.DATABASES["default"], free_port()
    environment = {
        k: v for k, v in os.environ.items() if "INSPECTOR" not in k and "ASYNC" not in k
    } | {
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "LETTA_PG_URI": world.uri(),
        "INSPECTOR_VAR": str(tmp_path),
        "INSPECTOR_HTTPS": "false",
        "INSPECTOR_SECRET_KEY": settings.SECRET_KEY,
        "INSPECTOR_DATABASE_URL": f"postgresql://postgres@/{own['NAME']}?host={own['HOST'].replace('/', '%2F')}",
    }
    defaults = vars(Command().create_parser("manage.py", "serve").parse_args([]))
    web = commands(defaults | {"port": port})[0]
    manage = [web[0], "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(manage, env=environment, cwd=settings.BASE_DIR, check=True)
    server = subprocess.Popen(
        web, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL
    )
    cookie = (
        f"{settings.SESSION_COOKIE_NAME}={superuser.cookies[settings.SESSION_COOKIE_NAME].value}"
    )

    def get(path: str, *, signed_in: bool = True) -> tuple[int, float]:
        headers = {"Cookie": cookie} if signed_in else {}
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                response.read()
                status = response.status
        except HTTPError as error:
            status = error.code
        except URLError:
            status = 0
        return status, time.monotonic() - began

    try:
        assert eventually(lambda: get("/livez")[0] == 200, within_s=60)
        yield get
    finally:
        server.terminate()
        server.wait(15)


def test_a_frozen_letta_leaves_room_for_everybody_else(
    ask: Ask, freeze: Callable[[], AbstractContextManager[None]]
) -> None:
    assert eventually(lambda: {ask("/agents/")[0] for _ in range(8)} == {200}, within_s=60)
    answers: list[tuple[int, float]] = []
    with freeze():
        threads = [
            threading.Thread(target=lambda: answers.append(ask("/agents/"))) for _ in range(40)
        ]
        for thread in threads:
            thread.start()
        time.sleep(0.7)
        others = [
            (path, *ask(path, signed_in=False))
            for path in ("/livez", "/readyz", "/account/login/") * 4
        ]
        for thread in threads:
            thread.join(30)
    assert {status for _, status, _ in others} == {200}
    assert max(seconds for *_, seconds in others) < AT_ONCE_S, others
    assert len(answers) == len(threads)
    assert max(seconds for _, seconds in answers) < AFTER_WAITING_S, answers
    assert {status for status, _ in answers} <= {503, 504}
    assert eventually(lambda: ask("/agents/")[0] == 200, within_s=30)
