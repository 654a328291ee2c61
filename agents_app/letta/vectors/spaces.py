"""The space a vector lives in: its embedding model and true dimension, as the passage's own row says."""

from dataclasses import dataclass
from typing import Any

from agents_app.text.jsontext import Parsed

STORED_DIMENSIONS = 4096
"""Width of Letta's column: shorter vectors are padded with zeros, which changes no cosine."""


@dataclass(frozen=True, order=True)
class Space:
    """Vectors of one space may be compared, vectors of two may not; `dimension` is 1 to 4,096."""

    model: str
    dimension: int


def space_of(config: Parsed) -> Space | None:
    """The space that an `embedding_config` names; None when it names none, and `why_no_space` says why."""
    model, dimension = _named(config)
    if not isinstance(model, str) or not model or dimension is None:
        return None
    return Space(model, dimension) if 1 <= dimension <= STORED_DIMENSIONS else None


def why_no_space(config: Parsed) -> str:
    """A sentence for a config without a space; empty for one with a space."""
    if space_of(config) is not None:
        return ""
    model, dimension = _named(config)
    if not isinstance(config.value, dict):
        return "Its row names no embedding model, so nothing says what its vector may be compared with."
    if not isinstance(model, str) or not model:
        return "Its embedding configuration names no model."
    if dimension is None:
        return "Its embedding configuration names no dimension."
    return (
        f"Its embedding configuration says {dimension:,} dimensions;"
        f" a stored vector has {STORED_DIMENSIONS:,} at most."
    )


def _named(config: Parsed) -> tuple[Any, int | None]:
    value = config.value if isinstance(config.value, dict) else {}
    dimension = value.get("embedding_dim")
    if isinstance(dimension, str) and dimension.isascii() and dimension.isdigit():
        dimension = int(dimension[:9])
    whole = isinstance(dimension, int) and not isinstance(dimension, bool)
    return value.get("embedding_model"), dimension if whole else None
