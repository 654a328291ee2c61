"""`manage.py prepare`: brings our own database and the static files up to this version."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrates our own database, makes its cache table, collects static files. Never touches Letta."
    requires_system_checks: list[str] = []  # starts quicker; `manage.py check` checks

    def handle(self, *arguments: Any, **options: Any) -> None:
        call_command("migrate", database="default", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write("Ready.")
