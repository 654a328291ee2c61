"""Labels of blocks that an agent once had and holds no more, as its calls and prompts name them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from agents_app.revisions.collect.calls import named, with_returns
from agents_app.revisions.collect.rows import call_places, call_rows, windows
from agents_app.revisions.collect.subjects import held
from agents_app.revisions.collect.traces import traces_of_steps
from agents_app.revisions.evidence import Call, Moment
from agents_app.revisions.replay import TOOLS, named_labels

MOST_WINDOWS: Final = 4
MOST_ROWS: Final = 200
MOST_STEPS: Final = 8


@dataclass(slots=True)
class Vanished:
    """A label that is not the agent's any more: how many calls name it, and when the last was."""

    label: str
    calls: int = 0
    last: Moment = None


def vanished_labels(agent_id: str) -> list[Vanished]:
    """By label; looks at the newest 200 rows with memory calls, and at the prompts of a few steps."""
    calls = _calls(agent_id)
    own = set(held(agent_id, [None])[None])
    found: dict[str, Vanished] = {}
    for call in calls:
        spellings = sorted(named_labels(call.tool, call.arguments), key=len)
        if call.status == "success" and spellings and own.isdisjoint(spellings):
            one = found.setdefault(spellings[0], Vanished(spellings[0]))
            one.calls, one.last = one.calls + 1, _later(one.last, call.at)
    for label in _shown(calls) - own:
        found.setdefault(label, Vanished(label))
    return [found[label] for label in sorted(found)]


def _calls(agent_id: str) -> list[Call]:
    """The newest ones with their returns."""
    ids = list(islice(_rows(agent_id), MOST_ROWS))
    return with_returns(agent_id, call_rows(ids), TOOLS)


def _rows(agent_id: str) -> Iterator[str]:
    """Newest first."""
    pattern = named(TOOLS)
    for window in islice(windows(agent_id), MOST_WINDOWS):
        yield from (one.id for one in reversed(call_places(window, pattern, label="")))


def _shown(calls: Sequence[Call]) -> set[str]:
    """Labels in the prompts of steps that are spread over these calls."""
    steps = list(dict.fromkeys(call.step_id for call in calls if call.step_id))
    apart = max(len(steps) // MOST_STEPS, 1)
    return {
        label
        for trace in traces_of_steps(steps[::apart][:MOST_STEPS])
        for label in trace.memory.blocks
    }


def _later(one: Moment, other: Moment) -> Moment:
    moments: Iterable[datetime] = (at for at in (one, other) if isinstance(at, datetime))
    return max(moments, default=one or other)
