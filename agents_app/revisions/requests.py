"""The system prompt in a stored model request, whichever provider's shape it has."""

import re
from collections.abc import Iterator
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any, Final

from agents_app.text.jsontext import clean, parse

PROMPT_ROLES: Final = frozenset({"system", "developer"})
# The beginning of the first message of OpenAI's two shapes, as Letta writes them: its text can be
# read without decoding the rest, which holds the whole conversation.
_FIRST_TEXT = re.compile(
    r'\A\{(?: ?"(?:model|include)": (?:"[^"\\]*"|\[(?:"[^"\\]*"(?:, )?)*\]),)*'
    r' ?"(?:messages|input)": \[\{(?:"role": "(?P<before>[a-z]+)", )?"content": "'
)
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_ROLE_AFTER = re.compile(r'(?:, "role": "(?P<after>[a-z]+)")?')


def system_prompt(request: str) -> str | None:
    """The prompt in the text of a `request_json`; None where there is none to be found."""
    quick = _first_text(request)
    if quick is not None:
        return quick
    found = parse(request)
    return prompt_of(found.value) if found.usable else None


def _first_text(request: str) -> str | None:
    head = _FIRST_TEXT.match(request)
    if head is None:
        return None
    try:
        text, end = scanstring(request, head.end(), False)  # noqa: FBT003 (a C function)
    except (JSONDecodeError, ValueError):
        return None
    after = _ROLE_AFTER.match(request, end)
    role = head["before"] or (after and after["after"])
    if role not in PROMPT_ROLES:
        return None
    escaped = request.find("\\u", head.end(), end) >= 0
    if escaped and _SURROGATE_ESCAPE.search(request, head.end(), end):
        return clean(text)
    return str(text)


def prompt_of(request: Any) -> str | None:
    """The same for a decoded request: Anthropic, OpenAI chat and Responses, Gemini, in this order."""
    if not isinstance(request, dict):
        return None
    for shape in (_anthropic, _openai, _gemini):
        text = shape(request)
        if text is not None:
            return text
    return None


def _anthropic(request: dict[str, Any]) -> str | None:
    return _text(request.get("system"))


def _openai(request: dict[str, Any]) -> str | None:
    for name in ("messages", "input"):
        first = _first(request.get(name))
        if first.get("role") in PROMPT_ROLES:
            return _text(first.get("content"))
    return _text(request.get("instructions"))


def _gemini(request: dict[str, Any]) -> str | None:
    config = request.get("config")
    for holder in (request, config if isinstance(config, dict) else {}):
        for name in ("system_instruction", "systemInstruction"):
            found = holder.get(name)
            text = _text(found.get("parts") if isinstance(found, dict) else found)
            if text is not None:
                return text
    first = _first(request.get("contents"))
    return _text(first.get("parts")) if first.get("role") in (None, "user") else None


def _first(stored: Any) -> dict[str, Any]:
    found = stored[0] if isinstance(stored, list) and stored else None
    return found if isinstance(found, dict) else {}


def _text(stored: Any) -> str | None:
    """A string, or the text parts of a list joined."""
    if isinstance(stored, str):
        return str(stored)
    if isinstance(stored, dict):
        stored = [stored]
    pieces = list(_pieces(stored)) if isinstance(stored, list) else []
    return "".join(pieces) if pieces else None


def _pieces(parts: list[Any]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield str(part)
        elif isinstance(part, dict) and isinstance(part.get("text"), str):
            yield str(part["text"])
