"""Memory blocks in motion: what each of Letta's memory tools does to a value, per release."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agents_app.demo.world.era import Era

_EDITED = (
    "The core memory block with label `{label}` has been edited. Review the changes and make "
    "sure they are as expected (correct indentation, no duplicate lines, etc). Edit the memory "
    "block again if necessary."
)


@dataclass(slots=True)
class Block:
    """A block row as it stands now; `version` counts every write (0.6.49+)."""

    id: str
    label: str
    value: str
    limit: int
    organization_id: str
    description: str
    created: datetime
    updated: datetime
    updated_by: str | None
    version: int = 1
    read_only: bool = False
    past: list[str] = field(default_factory=list)
    checkpoint_id: str | None = None

    def write(self, value: str, *, at: datetime, by: str | None) -> bool:
        """Store a value; a value that is equal already is not written."""
        if value == self.value:
            return False
        self.past = [*self.past[-4:], self.value]
        self.value, self.updated, self.updated_by = value, at, by
        self.version += 1
        return True

    def changes(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "version": self.version,
            "updated_at": self.updated,
            "_last_updated_by_id": self.updated_by,
            "label": self.label,
            "limit": self.limit,
            "description": self.description,
            "current_history_entry_id": self.checkpoint_id,
        }


@dataclass(frozen=True, slots=True)
class Edit:
    """One memory tool call: its name, its arguments, and the value it makes of the block's.

    `says` is its return where that is a sentence in every release.
    """

    tool: str
    arguments: dict[str, Any]
    label: str
    value: str | None
    error: str | None = None
    says: str = ""


def append(block: Block, content: str) -> Edit:
    """`core_memory_append`: a newline, then the content."""
    return Edit(
        "core_memory_append",
        {"label": block.label, "content": content},
        block.label,
        f"{block.value}\n{content}",
    )


def core_replace(block: Block, old: str, new: str) -> Edit:
    """`core_memory_replace`: every occurrence."""
    arguments = {"label": block.label, "old_content": old, "new_content": new}
    return Edit("core_memory_replace", arguments, block.label, block.value.replace(old, new))


def insert(block: Block, text: str, line: int, *, era: Era) -> Edit:
    """`memory_insert`: after the given line, 0 being the top and -1 the end (0.8+)."""
    lines = block.value.split("\n")
    at = len(lines) if line == -1 else min(line, len(lines))
    arguments: dict[str, Any] = {"label": block.label, era.new_argument: text}
    if line != -1 or not era.since("0.8.17"):
        arguments["insert_line"] = at
    return Edit(
        "memory_insert", arguments, block.label, "\n".join([*lines[:at], text, *lines[at:]])
    )


def replace(block: Block, old: str, new: str, *, era: Era) -> Edit:
    """`memory_replace`: the one occurrence, or the error Letta gives for none or several."""
    arguments = {"label": block.label, era.old_argument: old, era.new_argument: new}
    if block.read_only:
        message = "Error This block is read-only and cannot be edited."
        return Edit("memory_replace", arguments, block.label, None, error=message)
    if block.value.count(old) != 1:
        message = (
            f"No replacement was performed, {era.old_argument} `{old}` did not appear verbatim "
            f"in memory block with label `{block.label}`."
        )
        return Edit("memory_replace", arguments, block.label, None, error=message)
    return Edit("memory_replace", arguments, block.label, block.value.replace(old, new))


def rethink(block: Block, value: str) -> Edit:
    """`memory_rethink`: the whole value."""
    arguments = {"label": block.label, "new_memory": value}
    return Edit("memory_rethink", arguments, block.label, value)


def memory_replace_command(block: Block, old: str, new: str, *, era: Era) -> Edit:
    """`memory` with command str_replace (0.12+)."""
    arguments = {
        "command": "str_replace",
        "path": f"/memories/{block.label}",
        era.old_argument: old,
        era.new_argument: new,
    }
    return Edit("memory", arguments, block.label, block.value.replace(old, new, 1))


def apply_patch(block: Block, old: str, new: str) -> Edit:
    """`memory_apply_patch` in its plain form (0.13+): one hunk of one line."""
    lines = block.value.split("\n")
    at = lines.index(old)
    context = f" {lines[at - 1]}\n" if at else ""
    patch = f"@@\n{context}-{old}\n+{new}"
    value = "\n".join([*lines[:at], new, *lines[at + 1 :]])
    return Edit("memory_apply_patch", {"label": block.label, "patch": patch}, block.label, value)


def update_patch(block: Block, old: str, new: str) -> Edit:
    """`memory_apply_patch` in its extended form (0.16.4+): it returns a sentence, never the value."""
    added = "".join(f"\n+{line}" for line in new.split("\n"))
    removed = f"\n-{old}" if old else ""
    value = block.value.replace(old, new) if old else f"{block.value}\n{new}"
    arguments = {
        "label": block.label,
        "patch": f"*** Begin Patch\n*** Update Block: {block.label}\n@@{removed}{added}\n*** End Patch",
    }
    says = f"Successfully applied memory patch: updated {block.label}"
    return Edit("memory_apply_patch", arguments, block.label, value, says=says)


def rename(block: Block, label: str) -> Edit:
    """`memory` with command rename (0.12+): the label changes, the value stays."""
    arguments = {
        "command": "rename",
        "old_path": f"/memories/{block.label}",
        "new_path": f"/memories/{label}",
    }
    says = f"Successfully renamed memory block '{block.label}' to '{label}'"
    return Edit("memory", arguments, block.label, None, says=says)


def answer(edit: Edit, *, era: Era) -> str:
    """The `message` of a successful return: the whole new value from 0.16.5 on."""
    if edit.says:
        return edit.says
    if era.returns_values and edit.value is not None:
        return edit.value
    if edit.tool.startswith("core_memory_"):
        return "None"
    return _EDITED.format(label=edit.label)
