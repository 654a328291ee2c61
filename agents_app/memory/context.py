"""What the model had before it in one step: from the stored request, whichever provider's shape it has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, TextField
from django.db.models.functions import Cast, Left

from agents_app.letta.models import ProviderTrace
from agents_app.revisions.prompts import Memory, read_memory
from agents_app.revisions.requests import prompt_of
from agents_app.text.jsontext import parse
from agents_app.text.jsontext.prefix import repair
from agents_app.text.masking.trees import masked

HEAD: Final = 1_000_000
MOST_ITEMS: Final = 200
_LISTS: Final = ("messages", "input", "contents")
_SYSTEM: Final = ("system", "instructions", "system_instruction", "systemInstruction")


@dataclass(frozen=True)
class Sent:
    """A stored request: the memory it showed, and its items in order, `{role, content}` each.

    `cut` says that the request is longer than what was read.
    """

    trace_id: str
    memory: Memory | None
    items: list[dict[str, Any]]
    cut: bool

    def shown(self, label: str) -> str | None:
        """What it showed of a block; None where that is not known or it showed none."""
        found = self.memory.blocks.get(label) if self.memory else None
        return found.value if found else None


def sent(step_id: str | None) -> Sent | None:
    """The last request of a step that showed the agent's memory, or else its last one."""
    found = [_read(row) for row in _rows(step_id)] if step_id else []
    return next((one for one in found if one.memory), next(iter(found), None))


def _rows(step_id: str) -> list[tuple[str, str | None]]:
    head = Left(Cast(F("request_json"), TextField()), HEAD + 1)
    queryset = ProviderTrace.objects.here().filter(step_id=step_id).order_by("-created_at", "-pk")
    return list(queryset.annotate(head=head).values_list("pk", "head")[:3])


def _read(row: tuple[str, str | None]) -> Sent:
    trace_id, head = row
    cut = len(head or "") > HEAD
    parsed = repair((head or "")[:HEAD]) if cut else parse(head)
    request = parsed.value if parsed.usable and isinstance(parsed.value, Mapping) else {}
    prompt = prompt_of(request)
    memory = read_memory(prompt) if prompt else None
    items = [masked(item) for item in _items(request)]
    return Sent(trace_id, memory, items[:MOST_ITEMS], cut or len(items) > MOST_ITEMS)


def _items(request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    config = request.get("config")
    for holder in (request, config if isinstance(config, Mapping) else {}):
        yield from (_item("system", holder[name]) for name in _SYSTEM if holder.get(name))
    for name in _LISTS:
        found = request.get(name)
        for one in found if isinstance(found, list) else ():
            if isinstance(one, Mapping):
                role = str(one.get("role") or one.get("type") or "unknown")
                yield _item(role, _content(one))
            else:
                yield _item("unknown", one)


def _content(item: Mapping[str, Any]) -> Any:
    """Its text alone where it has nothing else; else all but the role."""
    rest = {key: value for key, value in item.items() if key not in {"role", "content"} and value}
    content = _plain(item.get("content"))
    return {"content": content, **rest} if rest else content


def _plain(content: Any) -> Any:
    if isinstance(content, list) and all(
        isinstance(part, Mapping) and isinstance(part.get("text"), str) for part in content
    ):
        return "".join(part["text"] for part in content)
    return content


def _item(role: str, content: Any) -> dict[str, Any]:
    return {"role": role, "content": _plain(content), "source": "trace"}
