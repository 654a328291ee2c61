"""Says what is wrong with this installation and what to do next; connects to Letta, as a person asked."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from agents_app.letta.diagnosis import Section, letta_sections
from agents_app.management.aws_diagnosis import aws_sections
from agents_app.management.own_diagnosis import own_sections

_SIGNS = {"ok": "✓", "warn": "!", "fail": "✗"}
_EXIT_CODES = {"ok": 0, "warn": 1, "fail": 2}


class Command(BaseCommand):
    """Exit code 0: all well, 1: warnings, 2: something does not work."""

    help = (
        "Looks at the settings, our own database and Letta's, and names a next step for each fault."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        found: list[Section] = []
        for section in _sections():
            found.append(section)
            if not options["json"]:
                self._print(section)
        code = max(_EXIT_CODES[line.level] for section in found for line in section.lines)
        if options["json"]:
            document = {"exit_code": code, "sections": [asdict(section) for section in found]}
            self.stdout.write(json.dumps(document, indent=2))
        if code:
            sys.exit(code)

    def _print(self, section: Section) -> None:
        self.stdout.write(f"\n{section.title}")
        for line in section.lines:
            self.stdout.write(f"  {_SIGNS[line.level]} {line.text}")
            for step in line.todo.splitlines():
                self.stdout.write(f"      → {step}")


def _sections() -> Iterable[Section]:
    yield from own_sections()
    yield from aws_sections()
    yield from letta_sections(
        settings.DATABASES["letta"],
        routers=settings.DATABASE_ROUTERS,
        allow_powerful=settings.INSPECTOR_ALLOW_POWERFUL_ROLE,
    )
