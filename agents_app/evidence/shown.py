"""`shown(text)`: the one door through which stored text gets into a bundle, masked as its exporter may see it."""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from agents_app.ui.jsonout import utc_iso


def shown(text: str) -> str:
    """The text as the exporter's role sees it."""
    return text


def masking() -> dict[str, Any]:
    """What is masked, for the manifest."""
    return {"applied": False}


def shown_all(value: Any) -> Any:
    """A tree of plain JSON values, every text in it shown, names of keys included."""
    if isinstance(value, str):
        return shown(str(value))
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {shown(str(key)): shown_all(child) for key, child in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [shown_all(child) for child in value]
    if isinstance(value, datetime):
        return utc_iso(value)
    if is_dataclass(value) and not isinstance(value, type):
        return shown_all(asdict(value))
    return shown(str(value))
