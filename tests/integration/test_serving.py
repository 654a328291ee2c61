"""The console as `make run` serves it: gunicorn, production settings, and a Letta that freezes under load."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.test import Client

from tests import mutants
from tests.cluster import Cluster
from tests.serving import Ask, served
from tests.waiting import AFTER_WAITING_S, AT_ONCE_S, eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(victim: Cluster, superuser: Client, tmp_path: Path) -> Iterator[Ask]:
    world = mutants.small_world(victim, "0.16.8")
    with served(world, tmp_path, visitor=superuser) as ask:
        yield ask


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
