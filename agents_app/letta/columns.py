"""Columns of Letta's tables in SQL of our own: one that this database lacks, or refuses, reads as a typed NULL.

The fields of the models say what kind a column would have; they follow the same rule (letta/fields.py).
"""

from collections.abc import Iterable
from functools import cache

from django.db import connections

from agents_app.letta import catalogue, models


def column(table: str, name: str, *, alias: str) -> str:
    """`alias."name"`, or NULL of the kind the column would have."""
    if catalogue.current().has_column(table, name):
        return f'{alias}."{name}"'
    return f"NULL::{_kinds().get((table, name), 'text')}"


def selected(table: str, names: Iterable[str], *, alias: str) -> str:
    """A select list of plain columns under their own names."""
    return ", ".join(f'{column(table, name, alias=alias)} AS "{name}"' for name in names)


def live(table: str, *, alias: str) -> str:
    """The condition that a row is not soft-deleted."""
    return f"{column(table, 'is_deleted', alias=alias)} IS NOT TRUE"


@cache
def _kinds() -> dict[tuple[str, str], str]:
    """PostgreSQL's type of each column that a model names; a json column is read as text."""
    return {
        (model._meta.db_table, field.column): str(field.db_type(connections["letta"]))
        for model in (getattr(models, name) for name in models.__all__)
        for field in model._meta.concrete_fields
    }
