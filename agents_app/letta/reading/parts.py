"""Parts of a message: the elements of `messages.content`, and the older `text` column."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from agents_app.letta.reading.columns import (
    Row,
    Unreadable,
    elements,
    json_column,
    readable,
    shape,
    short,
    string_or_none,
    text_column,
)
from agents_app.text.jsontext import pretty

REASONING: Final = frozenset(
    {"reasoning", "summarized_reasoning", "redacted_reasoning", "omitted_reasoning"}
)


@dataclass(frozen=True, slots=True)
class Image:
    """An image inside a message, without its bytes: ask for them by message id and part index.

    `size_bytes` is what the base64 text decodes to, None where a listing has left the text out.
    """

    media_type: str
    size_bytes: int | None
    source: str
    file_id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One element of `content`, in stored order.

    `kind` is Letta's `type` (text, image, reasoning, redacted_reasoning, omitted_reasoning,
    summarized_reasoning, tool_call, tool_return), "legacy" for a `text` column that differs from
    `content`, or "unknown". `duplicate` marks what `tool_calls` or `tool_returns` show better.
    `raw` holds the stored JSON of anything whose text is not all of it.
    """

    index: int
    kind: str
    text: str = ""
    image: Image | None = None
    duplicate: bool = False
    raw: str | None = None
    problem: str | None = None


def read_parts(row: Row, problems: list[str], *, cut: Collection[str] = ()) -> tuple[Part, ...]:
    """The parts of a row; notes about the shape of its columns are added to `problems`."""
    content = elements(json_column(row, "content", cut=cut), "content", problems)
    parts = [read_part(element, index) for index, element in enumerate(content)]
    problems.extend(f"content[{part.index}]: {part.problem}" for part in parts if part.problem)
    legacy = text_column(row, "text")
    if legacy:
        parts.extend(_legacy(legacy, parts, problems))
    return tuple(parts)


def _legacy(text: str, parts: list[Part], problems: list[str]) -> list[Part]:
    """The `text` column of 0.6.39 and before: read when `content` is empty, as Letta does."""
    if not parts:
        return [Part(0, "text", text)]
    if text in (part.text for part in parts):
        return []
    problems.append("text: differs from content; Letta reads content")
    return [Part(len(parts), "legacy", text)]


def read_part(element: Any, index: int) -> Part:
    """One element of `content`, whatever it is."""
    if isinstance(element, Unreadable):
        return Part(index, "unknown", raw=readable(element))
    if isinstance(element, str):
        return Part(index, "text", str(element), problem="a bare string")
    if not isinstance(element, dict):
        problem = f"unexpected shape, {shape(element)}"
        return Part(index, "unknown", raw=readable(element), problem=problem)
    kind = element.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    return reader(element, index) if reader else _unknown(element, index)


def _unknown(element: dict[str, Any], index: int) -> Part:
    named = short(element["type"]) if "type" in element else "no type"
    return Part(index, "unknown", raw=readable(element), problem=f"unknown kind ({named})")


def _text(element: dict[str, Any], index: int) -> Part:
    text = element.get("text")
    if isinstance(text, str):
        return Part(index, "text", str(text))
    problem = f"text is {shape(text)}"
    return Part(index, "text", readable(text), raw=readable(element), problem=problem)


def _reasoning(element: dict[str, Any], index: int) -> Part:
    return Part(index, "reasoning", readable(element.get("reasoning")))


def _hidden_reasoning(element: dict[str, Any], index: int) -> Part:
    return Part(index, str(element["type"]), raw=readable(element))


def _summarized_reasoning(element: dict[str, Any], index: int) -> Part:
    summary = element.get("summary")
    if not isinstance(summary, list):
        return Part(index, "summarized_reasoning", readable(summary), raw=readable(element))
    texts = [item.get("text") if isinstance(item, dict) else item for item in summary]
    text = "\n\n".join(filter(None, map(readable, texts)))
    return Part(index, "summarized_reasoning", text, raw=readable(element))


def _tool_call(element: dict[str, Any], index: int) -> Part:
    """Gemini replies keep a copy of the call here; `tool_calls` is the one that counts."""
    text = f"{readable(element.get('name'))} {pretty(element.get('input'), limit=4000)}"
    return Part(index, "tool_call", text, duplicate=True, raw=readable(element))


def _tool_return(element: dict[str, Any], index: int) -> Part:
    return Part(index, "tool_return", readable(element.get("content")), raw=readable(element))


def _image(element: dict[str, Any], index: int) -> Part:
    source = element.get("source")
    if not isinstance(source, dict):
        return Part(index, "image", raw=readable(source), problem="an image without a source")
    return Part(index, "image", image=read_image(source))


def read_image(source: dict[str, Any]) -> Image:
    """The description of an image source, of type letta, base64 or url."""
    data = source.get("data")
    return Image(
        media_type=short(source.get("media_type") or "unknown type"),
        size_bytes=decoded_size(data) if isinstance(data, str) and data else None,
        source=short(source.get("type") or "unknown"),
        file_id=string_or_none(source.get("file_id")),
        url=string_or_none(source.get("url")),
    )


def decoded_size(base64_text: str) -> int:
    """Bytes that a base64 text stands for, from its length."""
    padding = base64_text[-2:].count("=")
    return max(len(base64_text) * 3 // 4 - padding, 0)


_READERS: Final[dict[str, Callable[[dict[str, Any], int], Part]]] = {
    "text": _text,
    "image": _image,
    "reasoning": _reasoning,
    "redacted_reasoning": _hidden_reasoning,
    "omitted_reasoning": _hidden_reasoning,
    "summarized_reasoning": _summarized_reasoning,
    "tool_call": _tool_call,
    "tool_return": _tool_return,
}
