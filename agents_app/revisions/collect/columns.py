"""Columns of Letta's tables as SQL for collecting evidence; absent ones read as NULL."""

from agents_app.letta import catalogue

KINDS = {
    "sequence_id": "bigint",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
    "version": "bigint",
}


def column(table: str, name: str, alias: str) -> str:
    """`alias.name`, or a typed NULL."""
    if catalogue.current().has_column(table, name):
        return f'{alias}."{name}"'
    return f"NULL::{KINDS.get(name, 'text')}"


def text_column(table: str, name: str, alias: str) -> str:
    """The same as text, for json columns."""
    return f"({column(table, name, alias)})::text"


def place(alias: str) -> str:
    """The order of messages: `sequence_id` (0.6.49+), before that microseconds of the clock."""
    if catalogue.current().has_column("messages", "sequence_id"):
        return f"{alias}.sequence_id"
    return f"(extract(epoch FROM {alias}.created_at) * 1000000)::bigint"


def ready(*tables: str) -> bool:
    """Whether all of these can be read."""
    return all(catalogue.current().has_table(table) for table in tables)
