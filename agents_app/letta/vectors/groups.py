"""The passages of an extent, counted by the space of their vectors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from agents_app.letta import access, catalogue
from agents_app.letta.vectors.extents import Extent
from agents_app.letta.vectors.spaces import Space, space_of
from agents_app.text.jsontext import parse

MOST_CONFIGS = 1_000
_CONFIG_CHARACTERS = 4_096  # only nonsense is longer; cut, it is no JSON and names no space


CONFIG = sql.SQL("p.embedding_config::text")
"""How a config is compared: as text, never parsed by PostgreSQL."""


@dataclass(frozen=True)
class Group:
    """Rows of one space; `space` None: rows whose config names none. `configs` are their texts.

    `rows` counts passages, `vectors` those whose embedding is not NULL (zero vectors included).
    """

    space: Space | None
    configs: tuple[str, ...]
    rows: int
    vectors: int

    def where(self) -> sql.Composable:
        """The condition on rows of alias `p` for this group's vectors, for `params()`.

        By `=` where there is one config: measurably quicker than `= ANY` over ten thousands of rows.
        """
        same = "= %(config)s" if len(self.configs) == 1 else "= ANY(%(configs)s)"
        return sql.SQL("p.embedding IS NOT NULL AND {} " + same).format(CONFIG)

    def params(self) -> dict[str, Any]:
        """The values that `where()` names."""
        return {"config": next(iter(self.configs), None), "configs": list(self.configs)}


def groups(extent: Extent, *, ids: Sequence[str] | None = None) -> list[Group]:
    """Largest first. Reads every row of the extent, or those of `ids` in it, but no vector.

    Configs beyond 1,000 kinds are left out.
    """
    if not catalogue.current().has_column(extent.table, "embedding_config"):
        return []
    query = sql.SQL(
        "SELECT left({config}, {longest}), count(*), count(p.embedding)"
        " FROM {table} p WHERE {where}"
        " GROUP BY {config} ORDER BY 3 DESC, 1 LIMIT {most}"
    ).format(
        config=CONFIG,
        longest=sql.Literal(_CONFIG_CHARACTERS),
        table=sql.Identifier(extent.table),
        where=extent.where(ids),
        most=sql.Literal(MOST_CONFIGS),
    )
    return _merged(access.rows(query, extent.params(ids)))


def group_of(extent: Extent, space: Space) -> Group | None:
    """The group of this space, None when the extent has no such row."""
    return next((group for group in groups(extent) if group.space == space), None)


def _merged(counted: Iterable[tuple[str | None, int, int]]) -> list[Group]:
    found: dict[Space | None, Group] = {}
    for config, rows, vectors in counted:
        space = space_of(parse(config))
        before = found.get(space, Group(space, (), 0, 0))
        texts = before.configs if config is None else (*before.configs, config)
        found[space] = Group(space, texts, before.rows + rows, before.vectors + vectors)
    return sorted(found.values(), key=lambda group: (-group.rows, str(group.space)))
