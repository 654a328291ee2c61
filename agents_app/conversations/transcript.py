"""One page of a transcript put together: rows, what is known around them, and the questions it took."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agents_app.conversations.queries import surroundings
from agents_app.conversations.queries.bodies import Body, bodies
from agents_app.conversations.threads import Key, Scope, Thread
from agents_app.conversations.turns import Said, Surroundings, read, sender_of
from agents_app.letta.reading.context import context_ids
from agents_app.letta.reading.pairing import pair
from agents_app.letta.reading.withheld import is_withheld


@dataclass(frozen=True, slots=True)
class Scene:
    """Rows of a page, oldest first, with everything the page knows around them."""

    rows: list[Said]
    around: Surroundings
    context: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()
    withheld: frozenset[str] = field(default=frozenset())


def scene(
    thread: Thread,
    agent: dict[str, Any],
    keys: Sequence[Key],
    *,
    older: bool,
    newer: bool,
    prompts: bool,
) -> Scene:
    """The rows at these keys; calls and returns parted by the page's ends are looked up beyond them."""
    found = bodies([key.id for key in keys])
    shown = [found[key.id] for key in keys if key.id in found]
    window = context_ids(agent["message_ids"])
    members = _memberships(thread, [body.row["id"] for body in shown])
    prompt_ids = {*window.ids[:1], *(row["message_id"] for row in members if row["position"] == 0)}
    rows = read(shown, agent_type=agent["agent_type"], prompt_ids=prompt_ids)
    before, after = _beside(thread, rows, keys, older=older, newer=newer)
    in_context = {row["message_id"] for row in members if row["in_context"]}
    if thread.scope is not Scope.NAMED:
        in_context |= set(window.ids)
    around = Surroundings(
        agent_type=agent["agent_type"],
        prompt_ids=prompt_ids,
        context=in_context,
        steps=surroundings.steps({said.row["step_id"] for said in rows if said.row["step_id"]}),
        names=surroundings.agent_names({sender for said in rows if (sender := sender_of(said))}),
        before=read(before, agent_type=agent["agent_type"]),
        after=read(after, agent_type=agent["agent_type"]),
    )
    return Scene(
        rows,
        around,
        frozenset(in_context),
        problems=(f"The agent’s context list: {window.problem}.",) if window.problem else (),
        withheld=frozenset(said.id for said in rows if is_withheld(said.reading, prompts=prompts)),
    )


def _memberships(thread: Thread, ids: list[str]) -> list[dict[str, Any]]:
    if thread.scope is Scope.DEFAULT:
        return []
    return surroundings.memberships(ids, conversation_id=thread.conversation_id)


def _beside(
    thread: Thread, rows: Sequence[Said], keys: Sequence[Key], *, older: bool, newer: bool
) -> tuple[list[Body], list[Body]]:
    """Rows beyond the page's ends, asked for only when a call or a return on the page lacks its other half."""
    pairing = pair([said.reading for said in rows])
    before = keys[0] if pairing.orphans and older and keys else None
    after = keys[-1] if pairing.unanswered and newer and keys else None
    if before is None and after is None:
        return [], []
    return surroundings.neighbours(thread, before=before, after=after)


def shown_ids(found: Scene) -> list[str]:
    """Rows whose content the page shows, for the record."""
    return [said.id for said in found.rows if said.id not in found.withheld]
