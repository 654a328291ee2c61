"""Weaves evidence into the cheapest story of a block that contradicts none of it.

A story is a chain of values. Each stored call extends it; each sight must find its value in the
chain within its bounds, or the story needs a write that nothing stored explains. Stories compete:
what the evidence does not say costs, and the cheapest story wins. What all competing stories have
in common, far enough back, is settled and need not be kept.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from agents_app.revisions.evidence import Call, Evidence, Place, Sight, Stretch
from agents_app.revisions.weaving.calls import called
from agents_app.revisions.weaving.sights import sighted
from agents_app.revisions.weaving.story import LOOK_BACK, Mark, Node, Story
from agents_app.revisions.weaving.teller import Teller

__all__ = ["LOOK_BACK", "Mark", "Node", "Story", "Weaver"]

BEAM: Final = 8
MOST_OPEN: Final = 3 * LOOK_BACK


class Weaver:
    """Takes stretches in order; its stories never look further back than what is not settled."""

    def __init__(self, evidence: Evidence) -> None:
        self.teller = Teller(evidence)
        self.stories = [Story(0.0, self.teller.beginning())]

    def feed(self, stretch: Stretch) -> None:
        for event in _in_order(stretch):
            told: list[Story] = []
            for story in self.stories:
                if isinstance(event, Sight):
                    told += sighted(story, event, self.teller)
                else:
                    told += called(story, event, self.teller)
            self.stories = _cheapest(told)

    def finish(self) -> None:
        """Leaves the cheapest story, the version counter considered."""
        self.stories = [
            min(self.stories, key=lambda story: story.cost + self.teller.miscounted(story))
        ]

    def nodes(self) -> list[Node]:
        """Of the cheapest story, oldest first."""
        return list(self.stories[0].back())[::-1]

    def marks(self) -> dict[int, list[Sight]]:
        """The sights that found their value at each of its nodes, earliest first."""
        found: dict[int, list[Sight]] = {}
        for mark in self.stories[0].marks_back():
            found.setdefault(mark.number, []).insert(0, mark.sight)
        return found

    def common(self, nodes: list[Node]) -> int:
        """How many of the oldest nodes all stories share and no story looks back to.

        Stories that differ from the cheapest one further back than `MOST_OPEN` are given up.
        """
        index = max(len(nodes) - LOOK_BACK - 1, 0)
        if len(nodes) > MOST_OPEN:
            keep = id(nodes[index])
            self.stories = [
                story for story in self.stories if any(id(node) == keep for node in story.back())
            ]
        chains = [{id(node) for node in story.back()} for story in self.stories[1:]]
        while index > 0 and not all(id(nodes[index]) in chain for chain in chains):
            index -= 1
        return index

    def settle(self, nodes: list[Node], count: int) -> None:
        """Forgets the oldest `count` of these nodes."""
        nodes[count].before = None
        gone = {node.number for node in nodes[:count]}
        self.teller.settled |= {
            hash(node.value) for node in nodes[:count] if node.value is not None
        }
        self.stories = [replace(story, marks=_kept(story.marks, gone)) for story in self.stories]


def _kept(mark: Mark | None, gone: set[int]) -> Mark | None:
    marks: list[Mark] = []
    while mark is not None:
        if mark.number not in gone:
            marks.append(mark)
        mark = mark.earlier
    kept: Mark | None = None
    for found in reversed(marks):
        kept = Mark(found.number, found.sight, kept)
    return kept


def _in_order(stretch: Stretch) -> list[Call | Sight]:
    """By place; a prompt of a step precedes what the step wrote."""
    calls = [*stretch.calls, *stretch.suspects]
    found: list[tuple[Place, int, int, Call | Sight]] = []
    found += [(call.place, 1, number, call) for number, call in enumerate(calls)]
    found += [(sight.place, 0, number, sight) for number, sight in enumerate(stretch.sights)]
    return [event for *_, event in sorted(found, key=lambda item: item[:3])]


def _cheapest(told: Iterable[Story]) -> list[Story]:
    """One story per present and previous value; the order of telling breaks ties."""
    found: dict[object, Story] = {}
    for story in sorted(told, key=lambda story: story.cost):
        tip = story.tip
        before = tip.before.value if tip.before else None
        found.setdefault((tip.value, tip.kind, before, story.unwritten, tip.depth), story)
        if len(found) == BEAM:
            break
    return list(found.values())
