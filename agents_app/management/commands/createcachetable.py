"""`manage.py createcachetable`: Django's own, as the owner of our database."""

from typing import Any

from django.core.management.commands import createcachetable

from dashboard.owndb.owner import as_owner, grant


class Command(createcachetable.Command):
    """The console's own role may not make or change tables."""

    def handle(self, *arguments: Any, **options: Any) -> None:
        with as_owner() as role:
            super().handle(*arguments, **options)
            grant(role)
