"""Masks what looks like a key or password inside JSON that people and programs fill freely."""

import re
from typing import Any

from agents_app.text.jsontext import Verbatim
from agents_app.text.redact import strip_url

MASK = "(masked)"

_SECRET_KEY = re.compile(
    r"(?:^|[_-])(?:api[_-]?key|apikey|access[_-]?key|secret|password|passwd|token|authorization|credentials?|cookie)$",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bBearer\s+[A-Za-z0-9._~+/=-]{12,}"
)
_ADDRESS_KEY = re.compile(r"(?:^|[_-])(?:url|uri|endpoint)$", re.IGNORECASE)


def masked(value: Any, key: str = "") -> Any:
    """`value` with secrets replaced and addresses without user names, passwords and queries.

    Told by the key a value stands under and by the form of well-known keys; a help against
    accidents, no proof: who may see the rest is a question of rights.
    """
    if isinstance(value, dict):
        return {name: masked(child, str(name)) for name, child in value.items()}
    if isinstance(value, list):
        return [masked(child, key) for child in value]
    if (
        value not in (None, "", False, True)
        and isinstance(value, str | int)
        and _SECRET_KEY.search(key)
    ):
        return MASK
    if not isinstance(value, str) or isinstance(value, Verbatim):
        return value
    if _ADDRESS_KEY.search(key) and "://" in value[:40]:
        return strip_url(value)
    return _SECRET_TEXT.sub(MASK, value) if len(value) > 15 else value
