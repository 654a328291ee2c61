"""What the memory calls in one page of a transcript did to blocks, told in a few statements."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from agents_app.revisions.collect.calls import named, with_returns
from agents_app.revisions.collect.rows import call_rows
from agents_app.revisions.collect.subjects import held
from agents_app.revisions.counting import lines_changed
from agents_app.revisions.evidence import Call
from agents_app.revisions.replay import TOOLS, apply, labels_made, named_labels, undo
from agents_app.revisions.replay.pieces import pieces
from agents_app.revisions.returns import complete_value
from agents_app.revisions.revision import Grade

Key = tuple[str, str]
"""Id of the row with the call, and the call's own id ("" where the row has none)."""

Kind = Literal["edited", "created", "detached", "renamed"]

MOST_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class Effect:
    """What one call did to one block.

    `revision_id` names the revision in the block's history. `before` and `after` are the block's
    whole values when `whole`; else the pieces that the call's arguments name, enough for a diff in
    place but not where in the block they stand. None is not known. `block_id` is None for a block
    that the agent holds no more under this label. `added` and `removed` count lines.
    """

    block_id: str | None
    label: str
    kind: Kind
    tool: str
    revision_id: str
    grade: Grade
    added: int = 0
    removed: int = 0
    before: str | None = None
    after: str | None = None
    whole: bool = False
    new_label: str | None = None


def effects(agent_id: str, message_ids: Collection[str]) -> dict[Key, list[Effect]]:
    """The effects of the memory calls in these rows of an agent, by call.

    Calls that failed, have no return, or wrote nothing are left out. Costs three statements for
    fifty rows with memory calls, and two more. At most `MOST_ROWS` rows with calls are read.
    """
    rows = [row for row in call_rows(sorted(message_ids)[:MOST_ROWS], names=named(TOOLS))
            if row["agent_id"] == agent_id]  # fmt: skip
    calls = [call for call in with_returns(agent_id, rows, TOOLS) if call.status == "success"]
    if not calls:
        return {}
    blocks = held(agent_id, {call.conversation_id for call in calls})
    found: dict[Key, list[Effect]] = {}
    for call in calls:
        own = list(_of_call(call, blocks[call.conversation_id]))
        if own:
            found.setdefault((call.message_id, call.call_id or ""), []).extend(own)
    return found


def _of_call(call: Call, blocks: Mapping[str, str]) -> Iterator[Effect]:
    """One effect for each block that the call names, of several spellings of a label the one that is held."""
    names = sorted(named_labels(call.tool, call.arguments))
    known = [label for label in names if label in blocks]
    for label in known or names[:1]:
        effect = _on_block(call, label, blocks.get(label))
        if effect is not None:
            yield effect


def _on_block(call: Call, label: str, block_id: str | None) -> Effect | None:
    done = apply(call.tool, call.arguments, None, label=label)
    if done.label is not None and done.value is None:
        return Effect(
            block_id, label, "renamed", call.tool, call.id, "replayed", new_label=done.label
        )
    if _detaches(call, label):
        return Effect(block_id, label, "detached", call.tool, call.id, "replayed")
    kind: Kind = "created" if label in labels_made(call.tool, call.arguments) else "edited"
    after = complete_value(call, label=label)
    if after is not None:
        return _whole(call, label, block_id, kind=kind, after=after)
    return _named(call, label, block_id, kind=kind)


def _whole(
    call: Call, label: str, block_id: str | None, *, kind: Kind, after: str
) -> Effect | None:
    """The return holds the value after; the value before is undone from it where that is unambiguous."""
    before = undo(call.tool, call.arguments, after, label=label).value
    if before is None:
        part = pieces(call.tool, call.arguments, label=label)
        if part is not None and not part.whole:
            return _named(call, label, block_id, kind=kind, grade="observed")
    return _counted(call, label, block_id, kind=kind, grade="observed",
                    before=before, after=after, whole=True)  # fmt: skip


def _named(
    call: Call, label: str, block_id: str | None, *, kind: Kind, grade: Grade = "replayed"
) -> Effect | None:
    part = pieces(call.tool, call.arguments, label=label)
    if part is None:
        return None
    return _counted(call, label, block_id, kind=kind, grade=grade,
                    before=part.before, after=part.after, whole=part.whole)  # fmt: skip


def _counted(
    call: Call, label: str, block_id: str | None, *, kind: Kind, grade: Grade,
    before: str | None, after: str, whole: bool,
) -> Effect | None:  # fmt: skip
    """None where the call left the text as it was."""
    if before == after and kind != "created":
        return None
    added, removed = lines_changed(before, after)
    return Effect(block_id, label, kind, call.tool, call.id, grade, added, removed, before, after, whole)  # fmt: skip


def _detaches(call: Call, label: str) -> bool:
    return call.tool == "memory" and call.arguments.get("command") == "delete"
