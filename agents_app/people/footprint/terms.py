"""Extra words that a footprint looks for: candidates by SQL, decided on decoded text; only counts leave here."""

from collections.abc import Mapping, Sequence
from typing import Any

from agents_app.letta import access, catalogue
from agents_app.letta.columns import column
from agents_app.letta.reading.messages import read_message
from agents_app.letta.reading.withheld import is_withheld
from agents_app.people.footprint.places import Place
from agents_app.people.footprint.saying import Said
from agents_app.people.footprint.windows import Asked, Window, condition
from agents_app.text.search import needle_regex

_CANDIDATES = """
SELECT {role} AS role, {texts} FROM {table} t WHERE {condition} AND ({matches})
"""


def hits(place: Place, window: Window, terms: Sequence[str], asked: Asked) -> list[int]:
    """How many rows of the window hold each of the terms, of those and in as much of them as the reader may see."""
    searched = place.searched(prompts=asked.prompts)
    columns = [name for name in searched if catalogue.current().has_column(place.table, name)]
    counts = [0] * len(terms)
    if not columns or not window.rows:
        return counts
    patterns = {f"pattern_{n}": needle_regex(term) for n, term in enumerate(terms)}
    texts = [f't."{name}"::text' for name in columns]
    role = column("messages", "role", alias="t") if place.table == "messages" else "NULL"
    sql = _CANDIDATES.format(
        role=role,
        texts=", ".join(f'{text} AS "{name}"' for text, name in zip(texts, columns, strict=True)),
        table=f'"{place.table}"',
        condition=condition(place, after=window.after, until=window.last),
        matches=" OR ".join(f"{text} ~ %({name})s" for text in texts for name in patterns),
    )
    given = {
        "ids": list(window.ids),
        "organizations": asked.organizations,
        "after": window.after,
        "until": window.last,
    }
    for row in access.dict_rows(sql, {**given, **patterns}):
        if _is_withheld(row, asked):
            continue
        said = [Said(row[name]) for name in columns if row[name] is not None]
        for n, term in enumerate(terms):
            counts[n] += any(one.holds(term) for one in said)
    return counts


def _is_withheld(row: Mapping[str, Any], asked: Asked) -> bool:
    """Whether it is a message that the reader may not see, and so not find."""
    if asked.prompts or row.get("role") != "system":
        return False
    return is_withheld(read_message(row, agent_type=None), prompts=False)
