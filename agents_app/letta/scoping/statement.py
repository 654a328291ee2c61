"""Puts the tables in scope before a statement, as one `WITH` for each table that it names."""

from functools import lru_cache
from typing import NamedTuple

from agents_app.letta.catalogue.model import Catalogue
from agents_app.letta.engine.gate import Token, tokens
from agents_app.letta.errors import LettaWriteRefused
from agents_app.letta.scoping.conditions import Conditions, quoted
from agents_app.letta.scoping.scope import Scope
from agents_app.letta.versions import TABLES

_FREE = frozenset({"alembic_version"})
_SCOPED = frozenset(TABLES) - _FREE


class _Shape(NamedTuple):
    """Where a `WITH` may stand in a statement, whether one stands there, and what it names."""

    place: int
    begun: str
    tables: tuple[str, ...]
    qualified: frozenset[tuple[str, str]]


def narrowed(sql: str, scope: Scope, catalogue: Catalogue, *, has_params: bool) -> str:
    """`sql` so that it sees the rows in scope only; a table named with its schema is refused."""
    if scope.is_everything:
        return sql
    shape = _shape(sql, has_params=has_params)
    known = [name for name in shape.tables if name in catalogue.tables]
    if not known:
        return sql
    for schema, table in shape.qualified:
        if schema == catalogue.schema and table in catalogue.tables:
            raise LettaWriteRefused(detail=f"{table} is named with its schema in a narrowed scope")
    shadows = ", ".join(_shadow(name, scope, _Held(catalogue)) for name in known)
    if has_params:
        shadows = shadows.replace("%", "%%")
    before, after = sql[: shape.place], sql[shape.place :]
    return f"{before} {shadows}, {after}" if shape.begun else f"{before}WITH {shadows} {after}"


@lru_cache(maxsize=1024)
def _shape(sql: str, *, has_params: bool) -> _Shape:
    found = list(tokens(sql, has_params=has_params))
    start = _after_explain(found)
    place, begun = found[start].start, ""
    if found[start].kind == "word" and found[start].text == "with":
        begun, start = "with", start + 1
        if found[start].kind == "word" and found[start].text == "recursive":
            start += 1
        place = found[start].start
    names = [one.text for one in found if one.kind in ("word", "quoted")]
    tables = tuple(sorted(_SCOPED.intersection(names)))
    return _Shape(place, begun, tables, frozenset(_qualified(found)))


def _after_explain(found: list[Token]) -> int:
    """The index of the token at which the statement proper begins; EXPLAIN takes its options in parentheses."""
    if found[0].text != "explain":
        return 0
    if found[1].kind != "(":
        return 1
    return next(index for index, one in enumerate(found) if one.kind == ")") + 1


def _qualified(found: list[Token]) -> list[tuple[str, str]]:
    pairs = zip(found, found[1:], found[2:], strict=False)
    return [
        (one.text, name.text)
        for one, dot, name in pairs
        if dot.kind == "." and name.text in _SCOPED
    ]


@lru_cache(maxsize=4096)
def _shadow(table: str, scope: Scope, held: "_Held") -> str:
    found = held.catalogue
    columns = ", ".join(f"row_in_scope.{quoted(name)}" for name in sorted(found.tables[table]))
    condition = Conditions(found, scope).of(table, alias="row_in_scope")
    real = f"{quoted(found.schema)}.{quoted(table)} AS row_in_scope"
    return f"{quoted(table)} AS NOT MATERIALIZED (SELECT {columns} FROM {real} WHERE {condition})"


class _Held:
    """A catalogue as a key: it holds mappings, so it has no hash of its own."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __hash__(self) -> int:
        return id(self.catalogue)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.catalogue is self.catalogue
