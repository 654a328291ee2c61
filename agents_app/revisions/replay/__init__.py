"""Every memory tool of every release, replayed on a value and undone where that is unambiguous.

`apply` and `undo` look at one block, named by its label at that moment. They take the arguments
literally: whether a call succeeded is for its return to say.
"""

from collections.abc import Callable
from typing import Final

from agents_app.revisions.replay import core, edits, patches
from agents_app.revisions.replay.outcome import (
    ANY,
    UNTOUCHED,
    Arguments,
    Outcome,
    Release,
    ambiguous,
    failed,
    result,
    text,
)  # fmt: skip
from agents_app.revisions.replay.paths import labels

__all__ = [
    "ANY",
    "TOOLS",
    "UNTOUCHED",
    "WHOLE",
    "Arguments",
    "Outcome",
    "Release",
    "apply",
    "concerns",
    "labels_made",
    "named_labels",
    "renames",
    "undo",
]

Effect = Callable[[Arguments, str, Release], Outcome]

_EDITS: Final[dict[str, tuple[Effect, Effect]]] = {
    "core_memory_append": (core.append, core.undo_append),
    "core_memory_replace": (core.replace, core.undo_replace),
    "core_memory_insert": (core.insert, core.undo_insert),
    "memory_replace": (edits.replace, edits.undo_replace),
    "memory_insert": (edits.insert, edits.undo_insert),
}
_WHOLE: Final[dict[str, Callable[[Arguments, Release], Outcome]]] = {
    "memory_rethink": edits.rethink,
    "rethink_memory": core.rethink,
    "rethink_user_memory": core.rethink,
}
WHOLE: Final = frozenset(_WHOLE)
TOOLS: Final = frozenset({*_EDITS, *_WHOLE, "memory", "memory_apply_patch"})
_VOICE_LABEL: Final = "human"


def named_labels(tool: str, arguments: Arguments, release: Release = ANY) -> frozenset[str]:
    """Labels of the blocks that the call edits, makes or renames, each spelling that it may mean."""
    if tool == "memory":
        command = text(arguments, "command") or ""
        paths = (arguments.get("path"), arguments.get("old_path"), arguments.get("new_path"))
        return frozenset(label for path in paths for label in labels(path, command, release))
    if tool == "memory_apply_patch":
        patch = text(arguments, "patch") or ""
        if patches.is_extended(patch):
            found = patches.operations(patch)
            return frozenset(
                {step.label for step in found} | {step.to for step in found if step.to}
            )
    if tool == "rethink_user_memory":
        return frozenset({_VOICE_LABEL})
    named = text(arguments, "label", "target_block_label") if tool in TOOLS else None
    return frozenset() if named is None else frozenset({named})


def concerns(tool: str, arguments: Arguments, label: str, release: Release = ANY) -> bool:
    """Whether the call is about the block of this label, or gives a block this label."""
    return label in named_labels(tool, arguments, release)


def apply(
    tool: str, arguments: Arguments, value: str | None, *, label: str, release: Release = ANY
) -> Outcome:
    """The block's value after the call; `value` None is one that is not known."""
    if not concerns(tool, arguments, label, release):
        return UNTOUCHED
    if tool in _WHOLE:
        return _WHOLE[tool](arguments, release)
    if tool == "memory":
        return _command(arguments, value, label, release)
    if tool == "memory_apply_patch":
        return _patch(arguments, value, label, release)
    return (
        ambiguous("the value before is not known")
        if value is None
        else _EDITS[tool][0](arguments, value, release)
    )


def undo(
    tool: str, arguments: Arguments, value: str, *, label: str, release: Release = ANY
) -> Outcome:
    """The value before a successful call that left `value`; tabs a call expanded do not come back."""
    if not concerns(tool, arguments, label, release):
        return UNTOUCHED
    if tool in _WHOLE:
        return ambiguous("the whole value was written")
    if tool == "memory":
        return _undo_command(arguments, value, label, release)
    if tool == "memory_apply_patch":
        return _undo_patch(arguments, value, label, release)
    return _EDITS[tool][1](arguments, value, release)


def _command(arguments: Arguments, value: str | None, label: str, release: Release) -> Outcome:
    command = text(arguments, "command")
    if command == "create":
        return Outcome("value", text(arguments, "file_text") or "", created=True)
    if command == "rename":
        return _renamed(arguments, label, release)
    if command not in ("str_replace", "insert"):
        return UNTOUCHED
    if value is None:
        return ambiguous("the value before is not known")
    if command == "str_replace":
        return edits.replace(arguments, value, release)
    return edits.insert(_inserted(arguments), value, release)


def _renamed(arguments: Arguments, label: str, release: Release) -> Outcome:
    """Only a rename from this label changes the block; one with a path changes the description."""
    if label not in labels(arguments.get("old_path"), "rename", release):
        return UNTOUCHED
    to = labels(arguments.get("new_path"), "rename", release)
    return Outcome("untouched", label=to[0]) if to else UNTOUCHED


def _inserted(arguments: Arguments) -> Arguments:
    """An omitted insert_line arrives as null, which fails."""
    return {"new_str": arguments.get("insert_text"), "insert_line": arguments.get("insert_line")}


def _undo_command(arguments: Arguments, value: str, label: str, release: Release) -> Outcome:
    command = text(arguments, "command")
    if command == "str_replace":
        return edits.undo_replace(arguments, value, release)
    if command == "insert":
        return edits.undo_insert(_inserted(arguments), value, release)
    return failed("the block did not exist before") if command == "create" else UNTOUCHED


def _patch(arguments: Arguments, value: str | None, label: str, release: Release) -> Outcome:
    patch = text(arguments, "patch")
    if patch is None or patches.refuses(arguments, release):
        return failed("no patch, or line numbers in it")
    if patches.is_extended(patch):
        return _operations(patch, value, label)
    if value is None:
        return ambiguous("the value before is not known")
    return patches.patched(value, patches.hunks(patches.lines_of(patch)))


def _operations(patch: str, value: str | None, label: str) -> Outcome:
    """The operations on this block, one by one; what came before a failing one stays done."""
    now, to, created, touched = value, None, False, False
    for step in patches.operations(patch):
        if step.label != (to or label):
            continue
        if step.kind == "add":
            now, created, touched = patches.added_text(step.lines), True, True
        elif step.to is not None:
            to = step.to  # the rename runs first and an update beside it is lost
        elif step.kind == "update":
            done = (
                ambiguous("not known")
                if now is None
                else patches.patched(now, patches.hunks(step.lines))
            )
            if done.kind != "value":
                return _stopped(done, now, touched=touched)
            now, touched = done.value, True
    if touched:
        return Outcome("value", now, label=to, created=created)
    return Outcome("untouched", label=to)


def _stopped(done: Outcome, now: str | None, *, touched: bool) -> Outcome:
    if not touched or now is None:
        return done
    return Outcome("value", now, reason=done.reason, partial=True)


def _undo_patch(arguments: Arguments, value: str, label: str, release: Release) -> Outcome:
    patch = text(arguments, "patch") or ""
    if not patches.is_extended(patch):
        return patches.unpatched(value, patches.hunks(patches.lines_of(patch)))
    now = value
    for step in reversed(patches.operations(patch)):
        if step.label != label or step.kind != "update" or step.to is not None:
            continue
        was = patches.unpatched(now, patches.hunks(step.lines))
        if was.value is None:
            return was
        now = was.value
    return result(now)


def renames(tool: str, arguments: Arguments) -> list[tuple[str, str]]:
    """Old and new label of each rename that a successful call made."""
    if tool == "memory" and text(arguments, "command") == "rename":
        old = labels(arguments.get("old_path"), "rename", ANY)
        new = labels(arguments.get("new_path"), "rename", ANY)
        return [(before, after) for before in old for after in new]
    patch = text(arguments, "patch") if tool == "memory_apply_patch" else None
    if patch is None or not patches.is_extended(patch):
        return []
    return [(step.label, step.to) for step in patches.operations(patch) if step.to]


def labels_made(tool: str, arguments: Arguments) -> list[str]:
    """Labels of the blocks that the call makes, each spelling that some release gives it."""
    if tool == "memory" and text(arguments, "command") == "create":
        return list(labels(arguments.get("path"), "create", ANY))
    patch = text(arguments, "patch") if tool == "memory_apply_patch" else None
    if patch is None or not patches.is_extended(patch):
        return []
    return [step.label for step in patches.operations(patch) if step.kind == "add"]
