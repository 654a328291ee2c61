"""What a typed text is as a condition on columns: a quick one first, a thorough one when it finds nothing."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from django.db.models import Q

from agents_app.text.search import needle_regex, needle_variants

T = TypeVar("T")
Needle = Callable[[str], Q]


def needles(text: str) -> Iterator[Needle]:
    """Conditions on a column, as functions of its name, from quick to thorough.

    Over 100,000 rows the quick one takes 0.1 s and knows the text as it was typed and in common
    cases; the thorough one takes up to 3 s and knows any case, and characters nobody can see.
    """
    yield lambda column: Q(**{f"{column}__icontains": text})
    yield lambda column: Q(**{f"{column}__regex": needle_regex(text)})


def json_needles(text: str) -> Iterator[Needle]:
    """The same for the text of a `json` column, where letters outside ASCII are stored escaped."""
    if text.isascii():
        spellings, how = needle_variants(text), "icontains"
    else:
        cases = dict.fromkeys([text, text.lower(), text.upper(), text.title()])
        spellings, how = [one for case in cases for one in needle_variants(case)], "contains"
    yield lambda column: any_of(Q(**{f"{column}__{how}": one}) for one in dict.fromkeys(spellings))
    yield lambda column: Q(**{f"{column}__regex": needle_regex(text)})


def any_of(conditions: Iterator[Q] | Sequence[Q]) -> Q:
    """Their disjunction."""
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def first_found(asked: Iterator[Callable[[], list[T]]]) -> list[T]:
    """The first answer that is not empty, else the last one's emptiness."""
    for ask in asked:
        if found := ask():
            return found
    return []
