"""`manage.py export_trail`: the trail as JSON lines, as `verify_trail --file` reads them."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agents_app.accounts.trail import rows
from agents_app.accounts.trail.chain import line_of


class Command(BaseCommand):
    help = "Writes the stored rows of the trail to standard output, oldest first, one JSON object a line."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--after", type=int, default=0, help="Only rows above this number.")

    def handle(self, *arguments: Any, **options: Any) -> None:
        for row in rows.stored(options["after"]):
            self.stdout.write(json.dumps(line_of(row)))
