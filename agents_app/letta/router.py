"""Which database a model lives in; the first of the locks against writing to Letta's."""

from typing import Any

from django.db.models import Model

from agents_app.letta.errors import LettaWriteRefused

LETTA = "letta"


class LettaRouter:
    """Models that say `letta_model = True` are read from alias `letta` and written nowhere."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return LETTA if _is_letta(model) else "default"

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        if _is_letta(model):
            raise LettaWriteRefused(detail=f"write to {model.__name__}")
        return "default"

    def allow_relation(self, left: Model, right: Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != LETTA and not _is_letta(hints.get("model"))


def _is_letta(model: type[Model] | None) -> bool:
    return bool(getattr(model, "letta_model", False))
