"""What a search tool gave back, taken apart: every release's shape of archival and file searches."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from agents_app.text.jsontext import parse
from agents_app.text.masking import policy

MOST_HITS: Final = 100
_LONGEST_LITERAL: Final = 200_000
_CUT_LINES = re.compile(r"^\.\.\. \[truncated \d+ more lines\]$")
_CHUNK = re.compile(r"^=== (.{1,1000}) \(passage #\d+\) ===$")
_PLACE = re.compile(r"^=== (.{1,1000}):(\d{1,9}) ===$")
_LINE = re.compile(r"^> *(\d{1,9}): ?(.*)$")
# One string of a JSON object or a Python dict that is called content or text.
_CONTENT = re.compile(
    r"""["'](?:content|text)["']\s*:\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", re.DOTALL
)


@dataclass(frozen=True)
class Hit:
    """One result as it was returned; `is_cut` says that the return held only its beginning.

    `shown` is the text as the reader may see it beside its neighbours, where those tell more.
    """

    text: str
    id: str = ""
    timestamp: str = ""
    tags: tuple[str, ...] = ()
    file_name: str = ""
    line: int = 0
    is_cut: bool = False
    shown: str = ""

    @property
    def told(self) -> str:
        """The text to be drawn."""
        return self.shown or self.text


def archival_hits(returned: str) -> list[Hit]:
    """Results of `archival_memory_search`.

    Up to 0.11 a Python tuple of a list and a count, later a list, or an object with `results`; each
    result has `content`, `timestamp`, later `tags` and `id`. A return that Letta truncated is read
    as far as its strings are whole.
    """
    value = _value(returned)
    found = [_hit(one) for one in _results(value)] if value is not None else []
    kept = [hit for hit in found if hit]
    return (kept or list(_loose(returned)))[:MOST_HITS]


def file_hits(returned: str) -> list[Hit]:
    """Results of `semantic_search_files` (0.8+): a heading for each chunk, its lines indented by two."""
    found: list[Hit] = []
    name, lines = "", list[str]()
    for line in [*returned.split("\n"), "=== end (passage #0) ==="]:
        heading = _CHUNK.match(line)
        if heading is None:
            lines.append(line)
            continue
        if name:
            found.append(_chunk(name, lines))
        name, lines = heading[1], []
    return found[:MOST_HITS]


def line_hits(returned: str) -> list[Hit]:
    """Results of `grep_files` (0.8+): a heading with file and line, the matching line marked by `>`.

    The return is masked as a whole: a line in the middle of a key does not tell that it is one.
    """
    found: list[Hit] = []
    name, number = "", 0
    seen_lines = policy.shown(returned).split("\n")
    for line, seen in zip(returned.split("\n"), seen_lines, strict=True):
        if heading := _PLACE.match(line):
            name, number = heading[1], int(heading[2])
        elif (match := _LINE.match(line)) and name and int(match[1]) == number:
            kept = _LINE.match(seen)
            found.append(
                Hit(match[2], file_name=name, line=number, shown=kept[2] if kept else seen)
            )
            name = ""
    return found[:MOST_HITS]


def _chunk(name: str, lines: list[str]) -> Hit:
    stripped = [line.removeprefix("  ") for line in lines]
    while stripped and not stripped[-1].strip():
        stripped.pop()
    is_cut = bool(stripped) and bool(_CUT_LINES.match(stripped[-1]))
    return Hit("\n".join(stripped[:-1] if is_cut else stripped), file_name=name, is_cut=is_cut)


def _value(returned: str) -> Any:
    parsed = parse(returned)
    if parsed.usable:
        return parsed.value
    if len(returned) > _LONGEST_LITERAL:
        return None
    try:
        return ast.literal_eval(returned.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _results(value: Any) -> list[Any]:
    if isinstance(value, dict):
        inner = value.get("results")
        return inner if isinstance(inner, list) else [value]
    if isinstance(value, tuple):
        return list(value[0]) if value and isinstance(value[0], (list, tuple)) else list(value)
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], list):
        return value[0]
    return value if isinstance(value, list) else []


def _hit(one: Any) -> Hit | None:
    if not isinstance(one, dict):
        return None
    text = one.get("content", one.get("text"))
    if not isinstance(text, str):
        return None
    tags = one.get("tags")
    return Hit(
        text,
        id=one["id"] if isinstance(one.get("id"), str) else "",
        timestamp=str(one.get("timestamp") or "")[:80],
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _loose(returned: str) -> Iterator[Hit]:
    for match in _CONTENT.finditer(returned):
        text = _string(match[1])
        if text is not None:
            yield Hit(text)


def _string(literal: str) -> str | None:
    try:
        found = json.loads(literal) if literal[0] == '"' else ast.literal_eval(literal)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return found if isinstance(found, str) else None
