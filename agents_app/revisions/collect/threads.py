"""One agent's rows as a source of evidence: first where they are, then what they hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from agents_app.revisions.collect.calls import custom_tools, named, with_returns
from agents_app.revisions.collect.rows import (
    NEWEST,
    CallPlace,
    ReturnMark,
    Step,
    Window,
    call_places,
    call_rows,
    return_marks,
    steps,
    system_ids,
    windows,
)  # fmt: skip
from agents_app.revisions.collect.sights import Prompts
from agents_app.revisions.collect.stored import prompt_ids
from agents_app.revisions.collect.subjects import Holder
from agents_app.revisions.evidence import Call, Place, Sight
from agents_app.revisions.replay import TOOLS

MOST_WINDOWS: Final = 10  # read for the newest calls only


@dataclass(slots=True)
class Thread:
    """`places` are rows with calls, `prompts` ids of system messages, oldest first, from `begins` on."""

    holder: Holder
    custom: frozenset[str] = frozenset()
    places: list[CallPlace] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    begins: Place = float("-inf")
    reading: Prompts | None = None

    @property
    def names(self) -> frozenset[str]:
        return TOOLS | self.custom

    def calls(self, first: Place, before: Place) -> list[Call]:
        """The calls between two places, with their returns."""
        return self.of_rows([one.id for one in self.places if first <= one.place < before])

    def of_rows(self, ids: Sequence[str]) -> list[Call]:
        """The calls in these rows, with their returns."""
        found = with_returns(self.holder.agent_id, call_rows(ids), self.names)
        return [call for call in found if self.holder.sees(call.conversation_id)]

    def renames(self) -> list[Call]:
        """The calls that may have changed the label of a block."""
        return self.of_rows([one.id for one in self.places if one.may_rename])

    def marks(self) -> list[ReturnMark]:
        """Where, when and how the calls returned."""
        return return_marks(self.holder.agent_id, [one.place for one in self.places])

    def steps(self, first: Place, before: Place) -> list[Step]:
        begins = 0 if first == float("-inf") else int(first)
        ends = NEWEST if before == float("inf") else int(before)
        return steps(Window(self.holder.agent_id, begins, ends))

    def sights(self, first: Place, before: Place, calls: list[Call]) -> Iterator[Sight]:
        """What the prompts sent between two places show; places must be asked for in order."""
        if self.reading is not None:
            self.reading.hear(calls)
            yield from self.reading.sights(self.steps(first, before))


def thread(
    holder: Holder, label: str, *, most_calls: int | None = None, before: int = NEWEST
) -> Thread:
    """Where an agent's evidence before a place lies; with `most_calls` only the newest, back to a window's end."""
    found = Thread(holder, custom_tools(holder.agent_id))
    pattern = named(found.names)
    for read, window in enumerate(windows(holder.agent_id, before=before), start=1):
        found.places = call_places(window, pattern, label=label) + found.places
        found.prompts = system_ids(window) + found.prompts
        if most_calls is not None and (len(found.places) > most_calls or read == MOST_WINDOWS):
            found.begins = window.first
            break
    if before == NEWEST:
        found.prompts = [*found.prompts, *prompt_ids(holder.agent_id)]
    return found
