"""SQL that collecting evidence shares: json as text, the order of messages, whether what it needs is there."""

from agents_app.letta import catalogue
from agents_app.letta.columns import column


def text_column(table: str, name: str, alias: str) -> str:
    """The same as text, for json columns."""
    return f"({column(table, name, alias=alias)})::text"


def place(alias: str) -> str:
    """The order of messages: `sequence_id` (0.6.49+), before that microseconds of the clock."""
    if catalogue.current().has_column("messages", "sequence_id"):
        return f"{alias}.sequence_id"
    return (
        f"(extract(epoch FROM {column('messages', 'created_at', alias=alias)}) * 1000000)::bigint"
    )


def of_messages(sql: str, **names: str) -> str:
    """A statement on messages `m` with its place, role and created_at filled in, and `names`."""
    known = {name: column("messages", name, alias="m") for name in ("role", "created_at")}
    return sql.format(place=place("m"), **known, **names)


def ready(*needed: str) -> bool:
    """Whether all of these can be read: tables, or columns as "table.column"."""
    known = catalogue.current()
    pairs = (need.partition(".") for need in needed)
    return all(
        known.has_column(table, name) if name else known.has_table(table)
        for table, _, name in pairs
    )
