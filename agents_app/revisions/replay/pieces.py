"""The pieces of text that a memory call names: what it takes away and what it puts there instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents_app.revisions.replay import patches
from agents_app.revisions.replay.outcome import Arguments, text

_WHOLE: Final = frozenset({"memory_rethink", "rethink_memory", "rethink_user_memory"})
_REPLACES: Final = frozenset({"core_memory_replace", "memory_replace"})


@dataclass(frozen=True, slots=True)
class Pieces:
    """`before` is None where the call does not say what it replaced; `whole` says that `after` is the whole value."""

    before: str | None
    after: str
    whole: bool = False


def pieces(tool: str, arguments: Arguments, *, label: str) -> Pieces | None:
    """What a call on the block of this label names; None where it names nothing or cannot have run."""
    if tool in _WHOLE:
        new = text(arguments, "new_memory")
        return None if new is None else Pieces(None, new, whole=True)
    if tool in _REPLACES:
        return _replaced(arguments)
    if tool == "memory_apply_patch":
        return _patched(text(arguments, "patch"), label)
    if tool == "memory":
        return _commanded(arguments)
    new = text(arguments, "content", "new_str", "new_string", "new_memory")
    if new is None:
        return None
    return Pieces(None if arguments.get("replace") else "", new)


def _replaced(arguments: Arguments) -> Pieces | None:
    old = text(arguments, "old_content", "old_str", "old_string")
    new = text(arguments, "new_content", "new_str", "new_string")
    return None if old is None or new is None else Pieces(old, new)


def _commanded(arguments: Arguments) -> Pieces | None:
    command = text(arguments, "command")
    if command == "create":
        return Pieces("", text(arguments, "file_text") or "", whole=True)
    if command == "str_replace":
        return _replaced(arguments)
    new = text(arguments, "insert_text") if command == "insert" else None
    return None if new is None else Pieces("", new)


def _patched(patch: str | None, label: str) -> Pieces | None:
    if patch is None:
        return None
    if not patches.is_extended(patch):
        return _of_hunks(patches.lines_of(patch))
    own = [step for step in patches.operations(patch) if step.label == label and step.to is None]
    if any(step.kind == "add" for step in own):
        return Pieces("", patches.added_text(own[0].lines), whole=len(own) == 1)
    return _of_hunks(
        [line for step in own if step.kind == "update" for line in ("@@", *step.lines)]
    )


def _of_hunks(lines: Sequence[str]) -> Pieces | None:
    kept = [line for hunk in patches.hunks(list(lines)) for line in hunk]
    if not kept:
        return None
    before = "\n".join(line[1:] for line in kept if line[0] != "+")
    return Pieces(before, "\n".join(line[1:] for line in kept if line[0] != "-"))
