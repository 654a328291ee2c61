"""Extra words that a footprint looks for: candidates by SQL, decided on decoded text; only counts leave here."""

from collections.abc import Iterator, Sequence
from typing import Any

from agents_app.letta import access, catalogue
from agents_app.people.footprint.places import Place
from agents_app.people.footprint.windows import Asked, Window, condition
from agents_app.text.jsontext import parse
from agents_app.text.masking import policy
from agents_app.text.masking.finding import find
from agents_app.text.search import contains, fold, needle_regex

DEEPEST = 6

_CANDIDATES = """
SELECT {texts} FROM {table} t WHERE {condition} AND ({matches})
"""


def hits(place: Place, window: Window, terms: Sequence[str], asked: Asked) -> list[int]:
    """How many rows of the window hold each of the terms."""
    searched = place.searched(prompts=asked.prompts)
    columns = [name for name in searched if catalogue.current().has_column(place.table, name)]
    counts = [0] * len(terms)
    if not columns or not window.rows:
        return counts
    patterns = {f"pattern_{n}": needle_regex(term) for n, term in enumerate(terms)}
    texts = [f't."{name}"::text' for name in columns]
    sql = _CANDIDATES.format(
        texts=", ".join(texts),
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
    for row in access.rows(sql, {**given, **patterns}):
        said = [part for text in row if text is not None for part in spoken(text)]
        for n, term in enumerate(terms):
            counts[n] += any(_holds(part, term) for part in said)
    return counts


def _holds(text: str, term: str) -> bool:
    """Whether the reader may know that it does: of what is masked for them, only a whole value is found."""
    if not contains(text, term):
        return False
    if not policy.masks() or contains(policy.searchable(text), term):
        return True
    hidden = find(text, policy.current().kinds)
    return any(fold(text[one.start : one.end]) == fold(term) for one in hidden)


def spoken(text: str, depth: int = 0) -> Iterator[str]:
    """The text, and where it is JSON the texts inside it, also those of JSON inside a text."""
    yield text
    if depth < DEEPEST and text[:1] in {"{", "[", '"'}:
        yield from _inside(parse(text).value, depth + 1)


def _inside(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield from spoken(value, depth)
    elif isinstance(value, dict) and depth < DEEPEST * 4:
        for key, child in value.items():
            yield str(key)
            yield from _inside(child, depth + 1)
    elif isinstance(value, list) and depth < DEEPEST * 4:
        for child in value:
            yield from _inside(child, depth + 1)
