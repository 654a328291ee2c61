"""`manage.py stop_embedded`: stops the embedded PostgreSQL of this folder."""

from typing import Any

from django.core.management.base import BaseCommand

from dashboard import embedded


class Command(BaseCommand):
    help = "Stops the embedded PostgreSQL; its data stays."
    requires_system_checks: list[str] = []  # starts quicker; `manage.py check` checks

    def handle(self, *arguments: Any, **options: Any) -> None:
        embedded.Server(embedded.default_folder()).stop()
        self.stdout.write("The embedded PostgreSQL is stopped.")
