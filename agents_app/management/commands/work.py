"""`manage.py work`: the worker for background work that a person asked for."""

import asyncio
import logging
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from agents_app.work.lanes import HEAVY, LANES, LIGHT
from agents_app.work.recovery import end_abandoned
from agents_app.work.stopping import STOPPING

logger = logging.getLogger("inspector.work")

_RECOVERY_SECONDS = 20
_GRACE_SECONDS = 8  # `serve` waits twelve


class Command(BaseCommand):
    help = "Runs background work that a person asked for; touches Letta only for that."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--concurrency", type=int, default=LIGHT.at_once, help="Searches at once."
        )
        parser.add_argument(
            "--heavy",
            type=int,
            default=HEAVY.at_once,
            help="Maps and scans of vectors at once, each in a process of its own; 0 leaves them"
            " to another worker.",
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        connection.ensure_connection()  # starts the embedded server when it is down
        connector = DjangoConnector(alias="default").get_worker_connector()
        self.stdout.write("Worker ready.")
        at_once = {LIGHT.queue: options["concurrency"], HEAVY.queue: options["heavy"]}
        asyncio.run(_work(app.with_connector(connector), at_once))


async def _work(carrier: App, at_once: dict[str, int]) -> None:
    """One procrastinate worker for each lane, until SIGTERM or SIGINT."""
    async with carrier.open_async():
        tasks = [
            asyncio.create_task(_lane(carrier, lane.queue, at_once[lane.queue]))
            for lane in LANES
            if at_once[lane.queue] > 0
        ]
        tasks.append(asyncio.create_task(_recover(carrier)))
        _stop_on_signal(tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        _stop(tasks)
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        for failure in ended:
            if isinstance(failure, Exception):
                raise failure


async def _lane(carrier: App, queue: str, at_once: int) -> None:
    await carrier.run_worker_async(
        name=queue,
        queues=[queue],
        concurrency=at_once,
        listen_notify=True,
        delete_jobs="always",
        install_signal_handlers=False,
        shutdown_graceful_timeout=_GRACE_SECONDS,
    )


async def _recover(carrier: App) -> None:
    while True:
        try:
            await end_abandoned(carrier)
        except ConnectorException:
            logger.warning("abandoned work could not be looked for")
        await asyncio.sleep(_RECOVERY_SECONDS)


def _stop_on_signal(tasks: list[asyncio.Task[None]]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _stop, tasks)


def _stop(tasks: list[asyncio.Task[None]]) -> None:
    """Work under way ends at its next report, heavy work at once; then the lanes do."""
    STOPPING.set()
    for task in tasks:
        task.cancel()
