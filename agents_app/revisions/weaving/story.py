"""A story: the chain of values a block is thought to have had, and what in the evidence bears it out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Literal

from agents_app.revisions.evidence import Call, Place, Sight

LOOK_BACK: Final = 64
FRESH_ROWS: Final = 2

Kind = Literal["start", "call", "unknown"]
Basis = Literal["chain", "older", "return", "undone", "sight", "none"]
"""How a value is known: replayed from the one before, from an older one, by a return, undone, seen, or not."""


@dataclass(slots=True, eq=False)
class Node:
    """One value in a story and what brought it.

    `lost` marks a write on an older value, which undid another one. `number` names the node in all
    stories that share it, also where its value was learned later; `depth` counts the nodes before it.
    Only `before` is ever changed: it is cut where the story up to here is settled.
    """

    number: int
    kind: Kind
    value: str | None
    place: Place
    basis: Basis
    call: Call | None = None
    sight: Sight | None = None
    before: "Node | None" = None
    lost: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A sight that found its value at a node; a chain, latest first."""

    number: int
    sight: Sight
    earlier: "Mark | None"


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """`unwritten` is the run and value of a success that wrote nothing: the run goes on with it (0.16.5+)."""

    cost: float
    tip: Node
    marks: Mark | None = None
    unwritten: tuple[str | None, str] | None = None

    def back(self) -> Iterator[Node]:
        """Its nodes, latest first."""
        node: Node | None = self.tip
        while node is not None:
            yield node
            node = node.before

    def marks_back(self) -> Iterator[Mark]:
        mark = self.marks
        while mark is not None:
            yield mark
            mark = mark.earlier

    def marked(self, node: Node, sight: Sight) -> "Story":
        known = sight.value if node.value is None or not sight.shows(node.value) else node.value
        return replace(self, marks=Mark(node.number, replace(sight, value=known), self.marks))

    def extended(self, tip: Node, *, cost: float = 0.0) -> "Story":
        """Also ends the life of an unwritten value."""
        return replace(self, cost=self.cost + cost, tip=tip, unwritten=None)

    def dearer(self, cost: float) -> "Story":
        return replace(self, cost=self.cost + cost)

    def is_marked(self, node: Node) -> bool:
        """Whether a stored text showed this node's value lately."""
        return any(mark.number == node.number for mark in islice(self.marks_back(), LOOK_BACK))

    def last_seen(self, thread: str | None) -> int | None:
        """The node that a thread of prompts saw last; its prompts never go back in time."""
        if thread is None:
            return None
        found = (
            mark.number
            for mark in islice(self.marks_back(), LOOK_BACK)
            if mark.sight.thread == thread
        )
        return next(found, None)

    def saw_base(self, node: Node) -> bool:
        """Whether a prompt of the call's own step showed the value before it."""
        mark = self.marks
        if mark is None or node.before is None or node.call is None:
            return False
        return (
            mark.number == node.before.number
            and mark.sight.place > node.call.call_place - FRESH_ROWS
        )
