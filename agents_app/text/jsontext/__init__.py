"""JSON as PostgreSQL stores it in `json` columns: parsed without raising, printed without lying."""

from agents_app.text.jsontext.parsing import (
    CUT_OFF,
    DUPLICATE_KEYS,
    INVALID,
    LONE_SURROGATE,
    MAX_DEPTH,
    TOO_DEEP,
    Parsed,
    RepeatedKeys,
    Verbatim,
    clean,
    parse,
    parse_first,
)
from agents_app.text.jsontext.prefix import repair
from agents_app.text.jsontext.printing import dumps_safe, pretty

__all__ = [
    "CUT_OFF",
    "DUPLICATE_KEYS",
    "INVALID",
    "LONE_SURROGATE",
    "MAX_DEPTH",
    "TOO_DEEP",
    "Parsed",
    "RepeatedKeys",
    "Verbatim",
    "clean",
    "dumps_safe",
    "parse",
    "parse_first",
    "pretty",
    "repair",
]
