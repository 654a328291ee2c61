"""Rows whose names hold a text, as the reader may see those names: nobody finds by what is masked."""

from typing import Any, Final

from django.db.models import Q

from agents_app.text.masking import policy
from agents_app.text.search import contains

MOST_CONFIRMED: Final = 20_000


def holding(queryset: Any, text: str, *columns: str) -> Any:
    """Rows that hold the text in one of the columns, in any case, or whose id begins with it.

    Where something is masked, one more question fetches the candidates' names and Python decides.
    """
    named = Q()
    for column in columns:
        named |= Q(**{f"{column}__icontains": text})
    found = queryset.filter(named | Q(pk__startswith=text))
    if not policy.masks():
        return found
    candidates = list(queryset.filter(named).values_list("pk", *columns)[: MOST_CONFIRMED + 1])
    kept, refused = confirmed(candidates[:MOST_CONFIRMED], text)
    if len(candidates) > MOST_CONFIRMED:
        return queryset.filter(Q(pk__in=kept) | Q(pk__startswith=text))
    return found.exclude(Q(pk__in=refused) & ~Q(pk__startswith=text)) if refused else found


def confirmed(rows: list[tuple[Any, ...]], text: str) -> tuple[list[str], list[str]]:
    """Ids of the rows (id first, then names) that hold the text outside of what is masked, and of the others."""
    kept: list[str] = []
    refused: list[str] = []
    for identifier, *names in rows:
        held = any(contains(policy.searchable(name or ""), text) for name in names)
        (kept if held else refused).append(identifier)
    return kept, refused
