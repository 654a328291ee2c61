"""Column types of Letta's tables: an absent column reads as NULL, JSON arrives as text and is parsed per row."""

from typing import Any

from django.db import models
from django.db.models.expressions import Col
from django.utils.functional import cached_property

from agents_app.letta import catalogue
from agents_app.text.jsontext import Parsed, parse


class LettaColumn(Col):
    """A column reference that becomes a typed NULL where this database lacks the column or refuses it.

    Columns differ by release and by grant; this is the one place that knows, so selects, filters
    and orders all keep working. SQL of our own follows the same rule by letta/columns.py.
    """

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        table = self.target.model._meta.db_table
        if catalogue.current().has_column(table, self.target.column):
            return super().as_sql(compiler, connection)
        return f"NULL::{self.target.db_type(connection)}", []


class Tolerant:
    """Mixed into every field of a Letta model: references compile to LettaColumn."""

    def get_col(self, alias: str, output_field: Any = None) -> Any:
        return LettaColumn(alias, self, output_field or self)  # type: ignore[arg-type]

    @cached_property
    def cached_col(self) -> Any:
        return LettaColumn(self.model._meta.db_table, self)  # type: ignore[attr-defined,arg-type]


class Text(Tolerant, models.TextField):  # type: ignore[type-arg]
    """varchar or text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            null=True, **{key: value for key, value in options.items() if key != "null"}
        )


class Label(Tolerant, models.TextField):  # type: ignore[type-arg]
    """A native enum (steps.status, archives.vector_db_provider): read as text, any label accepted."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            null=True, **{key: value for key, value in options.items() if key != "null"}
        )

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"{sql}::text", params


class Number(Tolerant, models.BigIntegerField):  # type: ignore[type-arg]
    """integer or bigint."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            null=True, **{key: value for key, value in options.items() if key != "null"}
        )


class Flag(Tolerant, models.BooleanField):  # type: ignore[type-arg]
    """boolean."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            null=True, **{key: value for key, value in options.items() if key != "null"}
        )


class Moment(Tolerant, models.DateTimeField):  # type: ignore[type-arg]
    """timestamptz, or the few naive columns that hold UTC; values beyond the calendar arrive as BeyondCalendar."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            null=True, **{key: value for key, value in options.items() if key != "null"}
        )


class JSONText(Tolerant, models.TextField):  # type: ignore[type-arg]
    """A `json` column: selected as text, parsed one by one into `Parsed`, so that a bad row spoils only itself."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            null=True, **{key: value for key, value in options.items() if key != "null"}
        )

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"{sql}::text", params

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Parsed:
        return parse(value)
