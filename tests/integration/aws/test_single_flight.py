"""However many tabs look, AWS hears one question a period, and Letta's database hears none."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections

from agents_app.aws import answers, flight, metrics, spans
from agents_app.aws.errors import AwsError, AwsThrottled
from agents_app.aws.flight import Question
from agents_app.aws.models import AwsAnswer
from agents_app.letta import access
from tests.awsdoor import Aws, minutes_ago

pytestmark = pytest.mark.django_db(transaction=True)
PERIODS, PERIOD_S, TABS, WORKERS = 60, 0.25, 10, 2

WORKER = """
import json, sys, threading, time
import django
django.setup()
from agents_app.aws import metrics, spans
from agents_app.aws.errors import AwsError
from agents_app.letta import access
reads, problems = [], []
metrics.read(spans.named("1h"), groups=["capacity"], patience_s=20)
def tab():
    time.sleep(max(0, float(sys.argv[1]) - time.time()))
    while time.time() < float(sys.argv[2]):
        try:
            reading = metrics.read(spans.named("1h"), groups=["capacity"])
            reads.append(sum(len(one.points) for one in reading.series))
        except AwsError as error:
            problems.append(str(error))
        time.sleep(0.04)
tabs = [threading.Thread(target=tab) for _ in range(int(sys.argv[3]))]
[one.start() for one in tabs]
[one.join() for one in tabs]
print(json.dumps({"reads": reads, "problems": problems, "letta": access.connects_total()}))
"""


def worker(aws: Aws, folder: Path, start: float) -> "subprocess.Popen[str]":
    own = django_settings.DATABASES["default"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INSPECTOR_")} | {
        "DJANGO_SETTINGS_MODULE": "dashboard.settings", "INSPECTOR_VAR": str(folder),
        "INSPECTOR_DATABASE_URL": f"postgresql://postgres@/{own['NAME']}?host={own['HOST'].replace('/', '%2F')}",
        "INSPECTOR_CLUSTER_ID": "letta", "AWS_REGION": "eu-central-1", "AWS_ENDPOINT_URL": aws.url,
        "INSPECTOR_AWS_SECONDS": str(PERIOD_S), "LETTA_PG_URI": "postgresql://x:y@127.0.0.1:9/letta",
        "INSPECTOR_SECRET_KEY": "for tests only",
    }  # fmt: skip
    command = [sys.executable, "-c", WORKER, str(start), str(start + PERIODS * PERIOD_S),
               str(TABS // WORKERS)]  # fmt: skip
    return subprocess.Popen(
        command, env=environment, cwd=django_settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    )


def test_ten_tabs_of_two_workers_ask_once_a_period(aws: Aws, tmp_path: Path) -> None:
    aws.publish("ServerlessDatabaseCapacity", {minutes_ago(n): 2.0 for n in range(5, 30)})
    start = time.time() + 8
    workers = [worker(aws, tmp_path / str(number), start) for number in range(WORKERS)]
    time.sleep(start - time.time())
    aws.door.seen.clear()
    told = [json.loads(one.communicate(timeout=90)[0]) for one in workers]
    reads = [read for one in told for read in one["reads"]]
    assert len(reads) > PERIODS
    assert all(reads)
    assert [one["problems"] for one in told] == [[], []]
    assert PERIODS / 6 < aws.door.count("GetMetricData") <= PERIODS
    assert [one["letta"] for one in told] == [0, 0]


def test_a_minute_is_a_minute_by_default(aws: Aws, settings: Any) -> None:
    assert settings.INSPECTOR_AWS_SECONDS == 60
    for _ in range(30):
        metrics.read(spans.named("1h"), groups=["capacity"])
    assert aws.door.count("GetMetricData") == 1
    assert access.connects_total() == 0


class Slow:
    """A question that takes a while and counts how often it is asked at once."""

    def __init__(self) -> None:
        self.asked = 0
        self.begun = threading.Event()
        self.released: threading.Event | None = None

    def __call__(self) -> int:
        self.asked += 1
        self.begun.set()
        if self.released is None:
            time.sleep(0.4)
        else:
            self.released.wait(30)
        return self.asked

    @property
    def question(self) -> Question:
        return Question(kind="test", words=("slow",), ask=self)


def test_those_who_come_together_share_one_answer() -> None:
    slow, found = Slow(), []

    def look() -> None:
        found.append(flight.fetch(slow.question, patience_s=5).value)
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert slow.asked == 1
    assert found == [1] * 8


def test_while_one_asks_the_others_see_what_was_known(settings: Any) -> None:
    slow = Slow()
    flight.fetch(slow.question, patience_s=5)
    AwsAnswer.objects.update(again_at="2026-01-01T00:00Z")
    slow.begun.clear()
    slow.released = threading.Event()
    asking = threading.Thread(target=lambda: (flight.fetch(slow.question), connections.close_all()))
    asking.start()
    assert slow.begun.wait(30)
    assert flight.fetch(slow.question).value == 1
    assert asking.is_alive()  # so nobody waited for the answer that is still out
    slow.released.set()
    asking.join()
    assert slow.asked == 2


def test_one_who_dies_while_asking_blocks_nobody_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LEASE_S", 0.3)
    question = Slow().question
    assert answers.claim(question)
    assert answers.claim(question) is None
    time.sleep(0.35)
    assert answers.claim(question)


def test_an_answer_after_its_lease_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LEASE_S", 0.1)
    question = Slow().question
    first = answers.claim(question)
    time.sleep(0.15)
    second = answers.claim(question)
    answers.keep(question, AwsThrottled(), first)
    answers.keep(question, 7, second)
    found = flight.known(question)
    assert found is not None
    assert (found.value, found.problem) == (7, None)


def test_old_answers_are_swept_away() -> None:
    slow = Slow()
    flight.fetch(slow.question, patience_s=5)
    AwsAnswer.objects.update(touched_at="2026-01-01T00:00Z")
    flight.fetch(Question(kind="test", words=("other",), ask=lambda: 1))
    assert AwsAnswer.objects.count() == 1


def test_a_fault_of_ours_is_told_as_one() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(AwsError):
        flight.fetch(Question(kind="test", words=("broken",), ask=broken))
