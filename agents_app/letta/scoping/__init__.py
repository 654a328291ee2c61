"""Which of Letta's rows may be read now: every statement passes this door, whoever wrote it.

The engine asks `narrowed` for each statement. In a narrower scope than EVERYTHING each of Letta's
tables that the statement names is shadowed by a `WITH` of the same name that holds the rows in
scope only; PostgreSQL inlines these, so indexes are used as before. What is set in no scope reads
nothing, but for commands on the server (`trust_this_process`).
"""

from agents_app.letta.scoping.scope import (
    EVERYTHING,
    NOTHING,
    Scope,
    current,
    put,
    trust_this_process,
    using,
)
from agents_app.letta.scoping.statement import narrowed

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "Scope",
    "current",
    "narrowed",
    "put",
    "trust_this_process",
    "using",
]
