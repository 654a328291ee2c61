"""`manage.py print_roles`: the roles and what each page needs, as docs/roles.md has them."""

from typing import Any

from django.core.management.base import BaseCommand

from agents_app.accounts.roletable import document


class Command(BaseCommand):
    help = "Writes docs/roles.md to standard output: manage.py print_roles > docs/roles.md"
    requires_system_checks: list[str] = []

    def handle(self, *arguments: Any, **options: Any) -> None:
        self.stdout.write(document(), ending="")
