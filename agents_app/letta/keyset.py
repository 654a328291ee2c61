"""Keyset windows over (time, id), the order of Letta's `(created_at, id)` indexes."""

from typing import Any

from django.db.models import DateTimeField, F, Q, TextField, Value
from django.db.models.functions import Cast

Key = tuple[str | None, ...]


def newest_first(
    queryset: Any, key: Key | None, *, backwards: bool, time: str, count: int
) -> list[Any]:
    """Up to `count` rows that follow `key`, newest first; oldest first before it when `backwards`.

    The time in the key is a text that PostgreSQL reads, so that infinity and years out of Python's
    range page like any other. Rows without a time count as newest: PostgreSQL sorts NULL that way,
    and the index is walked as it lies. They are read apart, so that no OR spoils the index condition.
    """
    timed, untimed = (
        queryset.filter(**{f"{time}__isnull": False}),
        queryset.filter(**{f"{time}__isnull": True}),
    )
    if backwards:
        rows = list(_ascending(timed, key, time)[:count]) if key and key[0] is not None else []
        if len(rows) < count:
            floor = Q(pk__gt=key[1]) if key and key[0] is None else Q()
            rows += untimed.filter(floor).order_by("pk")[: count - len(rows)]
        return rows
    if key is None:
        return list(queryset.order_by(F(time).desc(), F("pk").desc())[:count])
    rows = list(untimed.filter(pk__lt=key[1]).order_by("-pk")[:count]) if key[0] is None else []
    if len(rows) < count:
        rows += _descending(timed, key, time)[: count - len(rows)]
    return rows


def _descending(queryset: Any, key: Key, time: str) -> Any:
    if key[0] is not None:
        bound = _moment(key[0])
        queryset = queryset.filter(**{f"{time}__lte": bound}).filter(
            Q(**{f"{time}__lt": bound}) | Q(pk__lt=key[1])
        )
    return queryset.order_by(F(time).desc(), F("pk").desc())


def _ascending(queryset: Any, key: Key, time: str) -> Any:
    bound = _moment(key[0])
    queryset = queryset.filter(**{f"{time}__gte": bound}).filter(
        Q(**{f"{time}__gt": bound}) | Q(pk__gt=key[1])
    )
    return queryset.order_by(F(time).asc(), F("pk").asc())


def _moment(text: str | None) -> Cast:
    return Cast(Value(text, output_field=TextField()), DateTimeField())
