"""`manage.py demo_aws`: the demo's AWS on loopback, until it is told to end."""

import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agents_app.management.commands.demo_letta import DATABASE
from dashboard import embedded


class Command(BaseCommand):
    help = "Serves the emulated AWS of the demo: one simulated Aurora Serverless v2 cluster."
    requires_system_checks: list[str] = []  # starts quicker; `manage.py check` checks

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, required=True)

    def handle(self, *arguments: Any, **options: Any) -> None:
        from agents_app.demo.aws.activity import activity
        from agents_app.demo.aws.door import Door
        from agents_app.demo.aws.inventory import tell
        from agents_app.demo.aws.minutes import DAYS
        from agents_app.demo.aws.serving import moto, server
        from agents_app.demo.aws.world import SimulatedCluster

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))
        dsn = embedded.Server(embedded.default_folder()).dsn(DATABASE)
        backend = moto()
        tell(backend)
        world = SimulatedCluster(activity(dsn, since=datetime.now(UTC) - timedelta(days=DAYS)))
        for work in (world.warm_up, lambda: world.watch(dsn)):
            threading.Thread(target=work, daemon=True).start()
        server(Door(backend, world), options["port"]).serve_forever()
