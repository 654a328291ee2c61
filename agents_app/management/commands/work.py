"""`manage.py work`: the worker for background work that a person asked for."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


class Command(BaseCommand):
    help = "Runs background work that a person asked for; touches Letta only for that."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="Pieces of work at once.")

    def handle(self, *arguments: Any, **options: Any) -> None:
        connection.ensure_connection()  # starts the embedded server when it is down
        connector = DjangoConnector(alias="default").get_worker_connector()
        self.stdout.write("Worker ready.")
        app.with_connector(connector).run_worker(
            queues=["letta"],
            concurrency=options["concurrency"],
            listen_notify=True,
            delete_jobs="always",
        )
