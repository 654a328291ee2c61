"""The base of all models of Letta's tables: unmanaged, read-only, in Letta's words."""

from typing import Any, NoReturn, Self

from django.db import models

from agents_app.letta.catalogue import current
from agents_app.letta.errors import LettaWriteRefused


class LettaQuerySet(models.QuerySet[Any]):
    """Reads only; asking for a table this database lacks gives no rows."""

    def here(self) -> Self:
        """This queryset, or an empty one where the table is missing or revoked."""
        return self if current().has_table(self.model._meta.db_table) else self.none()

    def _refuse(self, *arguments: Any, **options: Any) -> NoReturn:
        raise LettaWriteRefused

    create = bulk_create = bulk_update = update = delete = get_or_create = update_or_create = (
        _refuse
    )
    select_for_update = _refuse


class LettaModel(models.Model):
    """One row of Letta's; `Meta` of children inherits from this one, or `managed` turns true (see checks.py)."""

    letta_model = True
    objects = LettaQuerySet.as_manager()

    class Meta:
        abstract = True
        managed = False
        app_label = "letta"  # no installed app: migrations of ours never name Letta's tables

    def save(self, *arguments: Any, **options: Any) -> NoReturn:
        raise LettaWriteRefused

    def delete(self, *arguments: Any, **options: Any) -> NoReturn:
        raise LettaWriteRefused
