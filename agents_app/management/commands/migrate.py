"""`manage.py migrate`: Django's own, as the owner of our database, which then grants the console its rights."""

from typing import Any

from django.core.management.commands import migrate

from dashboard.owndb.owner import as_owner, grant


class Command(migrate.Command):
    """The console's own role may not make or change tables."""

    def handle(self, *arguments: Any, **options: Any) -> None:
        with as_owner() as role:
            super().handle(*arguments, **options)
            grant(role)
