"""What this server's pgvector can do, and whether this console may use it."""

from agents_app.letta import catalogue

_CUTTING_SINCE = (0, 7)


def version() -> tuple[int, ...]:
    """pgvector's version, () when it is absent or closed to the role."""
    found = catalogue.current().vector
    if found is None:
        return ()
    return tuple(int(part) for part in found[1].split(".") if part.isdigit())


def can_cut() -> bool:
    """Whether `subvector` and `l2_normalize` exist: 0.7 and newer; Letta's own images carried 0.5.1."""
    return version() >= _CUTTING_SINCE


def readable(table: str) -> bool:
    """Whether the vectors of this passage table may be read and compared."""
    return not unreadable(table)


def unreadable(table: str) -> str:
    """Why not, as a sentence; empty when they may."""
    known = catalogue.current()
    if not known.has_table(table):
        return (
            "This database has no such table of passages, or this console’s role may not read it."
        )
    if not known.has_column(table, "embedding"):
        return "This console’s role may not read the vectors of these passages."
    if known.vector is None:
        return (
            "The pgvector extension is absent here, or its schema is closed to this console’s role."
        )
    return ""
