"""What the memory calls in one page of a transcript did to blocks, told in a few statements."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from agents_app.revisions.collect.calls import named, with_returns
from agents_app.revisions.collect.rows import call_rows
from agents_app.revisions.collect.subjects import held
from agents_app.revisions.collect.traces import traces_of_steps
from agents_app.revisions.counting import lines_changed
from agents_app.revisions.evidence import Call
from agents_app.revisions.prompts import Memory
from agents_app.revisions.replay import TOOLS, apply, labels_made, named_labels, renames, undo
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
    that the agent holds no more under this label. `added` and `removed` count lines; None where a
    whole rewrite's earlier value is not known.
    """

    block_id: str | None
    label: str
    kind: Kind
    tool: str
    revision_id: str
    grade: Grade
    added: int | None = None
    removed: int | None = None
    before: str | None = None
    after: str | None = None
    whole: bool = False
    new_label: str | None = None


def effects(agent_id: str, message_ids: Collection[str]) -> dict[Key, list[Effect]]:
    """The effects of the memory calls in these rows of an agent, by call.

    Calls that failed, have no return, or left the text as it was are left out. Read are the rows
    (at most `MOST_ROWS` with calls), their returns, the labels that the agent holds, and, for calls
    that do not say on what they worked, the prompts of their steps: about ten statements a page.
    """
    rows = [row for row in call_rows(sorted(message_ids), names=named(TOOLS))
            if row["agent_id"] == agent_id]  # fmt: skip
    calls = with_returns(agent_id, rows[-MOST_ROWS:], TOOLS)
    calls = [call for call in calls if call.status == "success"]
    if not calls:
        return {}
    bases = Bases(agent_id, held(agent_id, {call.conversation_id for call in calls}))
    bases.read(calls)
    found: dict[Key, list[Effect]] = {}
    for call in calls:
        for effect in _of_call(call, bases):
            found.setdefault((call.message_id, call.call_id or ""), []).append(effect)
    return found


@dataclass(slots=True)
class Bases:
    """On which values calls may have worked: what an earlier call of the run left, what the prompt showed."""

    agent_id: str
    blocks: Mapping[str | None, Mapping[str, str]]
    prompts: dict[str, Memory] = field(default_factory=dict)
    left: dict[tuple[str | None, str | None, str], str] = field(default_factory=dict)

    def read(self, calls: Sequence[Call]) -> None:
        """The prompts of the steps whose calls do not say on what they worked."""
        asked = {call.step_id for call in calls if call.step_id and self.needs_prompt(call)}
        for trace in traces_of_steps(sorted(asked)):
            if trace.step_id is not None:
                self.prompts[trace.step_id] = trace.memory

    def needs_prompt(self, call: Call) -> bool:
        for label in self.labels(call):
            after = complete_value(call, label=label)
            if after is None or undo(call.tool, call.arguments, after, label=label).value is None:
                return True
        return False

    def labels(self, call: Call) -> list[str]:
        """Of several spellings of a label the one that is held; of a block held no more the first."""
        moved = dict(renames(call.tool, call.arguments))
        names = sorted(named_labels(call.tool, call.arguments) - set(moved.values()))
        known = self.blocks[call.conversation_id]
        found = [label for label in names if label in known or moved.get(label) in known]
        return found or names[:1]

    def of(self, call: Call, label: str) -> list[str]:
        """The likeliest first."""
        left = self.left.get((call.conversation_id, call.run_id or call.step_id, label))
        memory = self.prompts.get(call.step_id or "")
        shown = memory.blocks.get(label) if memory else None
        found = (left, shown.value if shown else None)
        return list(dict.fromkeys(value for value in found if value is not None))

    def leave(self, call: Call, label: str, value: str) -> None:
        """Remembers what a call left for those after it in the same run."""
        self.left[call.conversation_id, call.run_id or call.step_id, label] = value

    def block(self, call: Call, label: str) -> str | None:
        return self.blocks[call.conversation_id].get(label)


def _of_call(call: Call, bases: Bases) -> Iterator[Effect]:
    for label in bases.labels(call):
        effect = _renamed_or_detached(call, label, bases) or _edited(call, label, bases)
        if effect is not None and effect.after is not None and effect.whole:
            bases.leave(call, label, effect.after)
        if effect is not None and (effect.before != effect.after or effect.kind != "edited"):
            yield effect


def _renamed_or_detached(call: Call, label: str, bases: Bases) -> Effect | None:
    done = apply(call.tool, call.arguments, None, label=label)
    moved = bases.block(call, done.label) if done.label else None
    known = (bases.block(call, label) or moved, label)
    if done.label is not None and done.value is None:
        return Effect(*known, "renamed", call.tool, call.id, "replayed", new_label=done.label)
    if call.tool == "memory" and call.arguments.get("command") == "delete":
        return Effect(*known, "detached", call.tool, call.id, "replayed")
    return None


def _edited(call: Call, label: str, bases: Bases) -> Effect | None:
    """With whole values where a return or a base tells them, else with the pieces in the arguments."""
    before, after, grade = _values(call, label, bases)
    part = pieces(call.tool, call.arguments, label=label)
    whole = after is not None and (before is not None or part is None or part.whole)
    if not whole:
        if part is None:
            return None
        before, after, whole = part.before, part.after, part.whole
    kind: Kind = "created" if label in labels_made(call.tool, call.arguments) else "edited"
    before = "" if kind == "created" else before
    added, removed = (None, None) if before is None else lines_changed(before, after)
    return Effect(bases.block(call, label), label, kind, call.tool, call.id, grade,
                  added, removed, before, after, whole)  # fmt: skip


def _values(call: Call, label: str, bases: Bases) -> tuple[str | None, str | None, Grade]:
    """The whole values before and after, as far as they are known."""

    def done(base: str | None) -> str | None:
        return apply(call.tool, call.arguments, base, label=label).value

    after = complete_value(call, label=label)
    if after is None:
        known = ((base, done(base)) for base in bases.of(call, label))
        before, after = next((pair for pair in known if pair[1] is not None), (None, done(None)))
        return before, after, "replayed"
    before = undo(call.tool, call.arguments, after, label=label).value
    if before is None:
        before = next((base for base in bases.of(call, label) if done(base) == after), None)
    return before, after, "observed"
