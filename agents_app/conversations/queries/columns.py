"""Columns of Letta's tables as SQL; one that this database lacks, or refuses, reads as a typed NULL."""

from agents_app.letta import catalogue

KINDS = {
    "is_deleted": "boolean",
    "in_context": "boolean",
    "is_err": "boolean",
    "approve": "boolean",
    "hidden": "boolean",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
    "last_message_at": "timestamptz",
    "completed_at": "timestamptz",
    "sequence_id": "bigint",
    "position": "bigint",
}
NUMBERS = frozenset({"prompt_tokens", "completion_tokens", "total_tokens", "step_ns"})


def column(table: str, name: str, *, alias: str) -> str:
    """`alias.name`, or NULL of the kind the column would have."""
    if catalogue.current().has_column(table, name):
        return f'{alias}."{name}"'
    return f"NULL::{'bigint' if name in NUMBERS else KINDS.get(name, 'text')}"


def selected(table: str, names: tuple[str, ...], *, alias: str) -> str:
    """A select list of plain columns under their own names."""
    return ", ".join(f'{column(table, name, alias=alias)} AS "{name}"' for name in names)


def live(table: str, *, alias: str) -> str:
    """The condition that a row is not soft-deleted."""
    return f"{column(table, 'is_deleted', alias=alias)} IS NOT TRUE"
