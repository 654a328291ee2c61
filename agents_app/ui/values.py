"""Stored values as our JSON gives them: parsed JSON columns, references, parts of a configuration."""

from collections.abc import Iterable, Mapping
from typing import Any

from agents_app.text.jsontext import Parsed
from agents_app.text.masking.trees import masked

LLM_KEYS = (
    "model",
    "handle",
    "provider_name",
    "provider_category",
    "model_endpoint_type",
    "context_window",
    "max_tokens",
    "temperature",
    "enable_reasoner",
    "reasoning_effort",
    "max_reasoning_tokens",
    "effort",
    "verbosity",
    "parallel_tool_calls",
    "put_inner_thoughts_in_kwargs",
    "strict",
)
EMBEDDING_KEYS = (
    "embedding_model",
    "handle",
    "embedding_endpoint_type",
    "embedding_dim",
    "embedding_chunk_size",
)
COMPACTION_KEYS = ("mode", "model", "sliding_window_percentage", "clip_chars")


def stored(parsed: Parsed) -> Any:
    """The value of a JSON column; what cannot be parsed is `{"unreadable": why}`."""
    return parsed.value if parsed.usable else {"unreadable": parsed.problem}


def safely(parsed: Parsed) -> Any:
    """The same, with what looks like a key or password masked."""
    return masked(stored(parsed))


def chosen(parsed: Parsed, keys: Iterable[str]) -> dict[str, Any]:
    """The named keys of a JSON object, in that order; addresses and whatever else it holds stay behind."""
    value: Mapping[str, Any] = parsed.value if isinstance(parsed.value, Mapping) else {}
    return {key: value[key] for key in keys if value.get(key) is not None}


def embedding(parsed: Parsed) -> dict[str, Any]:
    """Model and true dimension; the stored vector is padded to 4,096 whatever the model gives."""
    return chosen(parsed, EMBEDDING_KEYS)


def reference(identifier: str | None, name: Any = None) -> dict[str, Any] | None:
    """`{id, name}` of another row; `name` is null when that row is gone or not to be seen."""
    return None if not identifier else {"id": identifier, "name": name}
