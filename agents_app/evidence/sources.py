"""What a feature gives for bundles of its objects: settings.EVIDENCE_SOURCES names one source for each kind.

Features stand above this package and know it; it knows none of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from agents_app.accounts.roles import Right


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An object and what narrows its bundle.

    A block that is gone is named by `agent` and `label`. `prompts` says that the exporter may see
    system prompts. `since` is included, `until` is not.
    """

    kind: str
    id: str
    agent: str = ""
    label: str = ""
    since: datetime | None = None
    until: datetime | None = None
    memory_only: bool = False
    with_deleted: bool = False
    prompts: bool = False

    def of(self, kind: str, identifier: str) -> "Asked":
        """The same narrowing for another object."""
        return replace(self, kind=kind, id=identifier, agent="", label="")


@dataclass(frozen=True)
class Subject:
    """The object: what it is called, whom it belongs to, and its own facts as JSON can hold them."""

    id: str
    title: str
    organization_id: str | None
    agent_id: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Portion:
    """Entries as JSON has them, oldest first, and the ids that go on record for them."""

    entries: Sequence[Mapping[str, Any]]
    ids: Sequence[str]


@dataclass(frozen=True)
class Chapter:
    """A list in the bundle: `kind` is what its ids are, `template` draws `entries`, `time` names their time."""

    slug: str
    title: str
    kind: str
    template: str
    portions: Iterable[Portion]
    agent_id: str | None = None
    time: str = "created_at"


@dataclass
class Coverage:
    """What the bundle leaves out and how complete its parts are, in sentences; `complete` is False when it was cut."""

    notes: dict[str, int] = field(default_factory=dict)
    complete: bool = True

    def note(self, sentence: str, *, count: int = 1) -> None:
        """`{}` in the sentence becomes the number of times it was noted."""
        if count:
            self.notes[sentence] = self.notes.get(sentence, 0) + count

    def cut(self, sentence: str) -> None:
        """The bundle ends before it was finished."""
        self.complete = False
        self.note(sentence)

    def sentences(self) -> list[str]:
        return [sentence.replace("{}", f"{count:,}") for sentence, count in self.notes.items()]


@dataclass(frozen=True)
class Source:
    """How one kind of object gets into a bundle. `rights` are needed beside the one to make bundles.

    `argument` is what addresses of pages call its id. `expected` says quickly what the bundle will
    hold, as (what, how much) pairs. `options` are the fields of the form that make a difference.
    `is_own` says that the bundle holds the object's own text and no other's: unmasked where it is
    revealed.
    """

    name: str
    argument: str
    rights: frozenset[Right]
    subject: Callable[[Asked], Subject | None]
    expected: Callable[[Asked], list[tuple[str, Any]]]
    chapters: Callable[[Asked, Coverage], Iterator[Chapter]]
    options: frozenset[str] = frozenset({"memory", "deleted"})
    is_own: bool = False

    def objects(self, asked: Asked) -> dict[str, str]:
        """What decides whose the bundle is, as an address would name it."""
        return {"agent_id": asked.agent} if asked.agent else {self.argument: asked.id}

    def own(self, asked: Asked) -> list[tuple[str, str]]:
        """Kinds and ids of which the first that is a row is the object; a block that is gone is its agent's."""
        if not self.is_own:
            return []
        left = [("agent", asked.agent)] if asked.agent and asked.label else []
        return [(self.argument.removesuffix("_id"), asked.id), *left]


def kinds() -> list[str]:
    """What bundles can be made of."""
    return list(settings.EVIDENCE_SOURCES)


def source(kind: str) -> Source:
    """The source of a kind that settings name."""
    found: Source = import_string(settings.EVIDENCE_SOURCES[kind])
    return found
