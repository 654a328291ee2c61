"""JSON as we send it: ASCII, no NaN, times in ISO 8601 UTC, masked by the policy in force, whatever the text holds."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from agents_app.text.masking.trees import shown


def utc_iso(moment: datetime) -> str:
    """`2026-11-20T18:47:17.123456Z`; a naive value is taken as UTC, as Letta stores it."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def encode(value: Any, *, indent: int | None = None) -> str:
    """ASCII JSON; numbers JSON cannot carry (NaN, infinity) become strings."""
    value = shown(value)
    try:
        return json.dumps(value, default=_other, allow_nan=False, indent=indent)
    except ValueError:
        return json.dumps(_finite(value), default=_other, indent=indent)


def json_response(value: Any, *, status: int = 200) -> HttpResponse:
    """A JSON answer that browsers show as text."""
    return HttpResponse(encode(value), content_type="application/json", status=status)


def _other(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc_iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Decimal):
        return float(value)
    return str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
