"""Whose passages are looked at: an archive's or an agent's, and which of their vectors compare."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from psycopg import sql

from agents_app.letta import access, catalogue
from agents_app.letta.models import Agent, Archive
from agents_app.letta.vectors import (
    Extent,
    Group,
    Space,
    extents_of_agent,
    extents_of_archive,
    groups,
    unreadable,
)
from agents_app.letta.vectors.groups import CONFIG

_VERSION = "1"  # part of each fingerprint: raise it when findings are computed differently


@dataclass(frozen=True)
class Scope:
    """`kind` is "archive" or "agent"."""

    kind: str
    id: str

    @property
    def name(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def agent_id(self) -> str | None:
        return self.id if self.kind == "agent" else None

    def row(self) -> Any:
        """The archive or agent with its name and organization, or None."""
        model = Archive if self.kind == "archive" else Agent
        columns = ("id", "name", "organization_id")
        return model.objects.here().filter(pk=self.id).only(*columns).first()

    def extents(self) -> tuple[Extent, ...]:
        """The tables and parents its passages are in; those whose vectors this role may not read are left out."""
        found = extents_of_archive(self.id) if self.kind == "archive" else extents_of_agent(self.id)
        return tuple(one for one in found if not unreadable(one.table))

    def why_unreadable(self) -> str:
        """A sentence when none of its passages' vectors may be read."""
        found = extents_of_archive(self.id) if self.kind == "archive" else extents_of_agent(self.id)
        reasons = [unreadable(one.table) for one in found]
        return reasons[0] if reasons and all(reasons) else ""


@dataclass(frozen=True)
class Part:
    """Vectors of one space in one extent."""

    extent: Extent
    group: Group


@dataclass(frozen=True)
class Cloud:
    """All passages of a scope that share a space, or (None) that name none; `rows` have no vector sometimes."""

    scope: Scope
    space: Space | None
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        return sum(part.group.rows for part in self.parts)

    @property
    def vectors(self) -> int:
        return sum(part.group.vectors for part in self.parts)

    @property
    def key(self) -> str:
        """Names the space in an address: models may hold any character."""
        return sha256(repr(self.space).encode()).hexdigest()[:12]


def clouds(scope: Scope) -> list[Cloud]:
    """One for each space, most vectors first; reads every row once, but no vector."""
    found: dict[Space | None, list[Part]] = {}
    for extent in scope.extents():
        for group in groups(extent):
            found.setdefault(group.space, []).append(Part(extent, group))
    made = [Cloud(scope, space, tuple(parts)) for space, parts in found.items()]
    return sorted(made, key=lambda one: (one.space is None, -one.vectors, str(one.space)))


def comparable(found: list[Cloud], key: str = "") -> Cloud | None:
    """The cloud that `key` names, or the one with most vectors; None when none has any."""
    usable = [cloud for cloud in found if cloud.space is not None and cloud.vectors]
    named = [cloud for cloud in usable if cloud.key == key]
    return next(iter(named or usable), None)


def fingerprint(cloud: Cloud, *, of: str) -> str:
    """What a finding `of` some kind was computed from: the ids of the passages with a vector and when each changed.

    One pass over the rows and no vector. A vector changed by hand, without `updated_at`, goes unseen.
    """
    parts = [_VERSION, of, cloud.scope.name, repr(cloud.space)]
    parts += [repr(numbers) for part in cloud.parts for numbers in _sums(part)]
    return sha256("\n".join(parts).encode()).hexdigest()


# The sum does not depend on the order of rows; 60 bits of a hash are plenty against chance.
_SUMS = """
SELECT count(*),
       sum(('x' || substr(md5(p.id || ' ' || {changed}), 1, 15))::bit(60)::bigint)::text
  FROM {table} p WHERE {where} AND p.embedding IS NOT NULL AND {config} = ANY(%(configs)s)
"""


def _sums(part: Part) -> Iterator[tuple[Any, ...]]:
    extent = part.extent
    has_time = catalogue.current().has_column(extent.table, "updated_at")
    query = sql.SQL(_SUMS).format(
        changed=sql.SQL("coalesce(p.updated_at::text, '')" if has_time else "''"),
        table=sql.Identifier(extent.table),
        where=extent.where(),
        config=CONFIG,
    )
    values = {**extent.params(), "configs": list(part.group.configs)}
    for row in access.rows(query, values):
        yield extent.table, *row
