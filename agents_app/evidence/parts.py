"""Chapters cut into files that a browser opens at once: some hundred entries, some megabytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from agents_app.evidence.shown import as_it_is, shown_all
from agents_app.evidence.sources import Chapter
from agents_app.letta.errors import LettaError
from agents_app.revisions.cache.skeleton import Outdated
from agents_app.ui.jsonout import encode

ENTRIES: Final = 500
CHARACTERS: Final = 3_000_000


@dataclass
class Part:
    """Entries of a chapter that stand in one pair of files, `path`.json and `path`.html; already masked."""

    number: int
    folder: str
    template: str
    time: str
    contents: ClassVar[str] = "../index.html"
    entries: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    is_last: bool = False
    size: int = 0

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.number:04d}"

    @property
    def first(self) -> str:
        """The time of its first entry."""
        return self._time(self.entries[0]) if self.entries else ""

    @property
    def last(self) -> str:
        return self._time(self.entries[-1]) if self.entries else ""

    @property
    def before(self) -> str:
        """The file before this one."""
        return f"{self.number - 1:04d}.html" if self.number > 1 else ""

    @property
    def after(self) -> str:
        return "" if self.is_last else f"{self.number + 1:04d}.html"

    def add(self, entry: Mapping[str, Any]) -> None:
        drawn = shown_all(entry)
        with as_it_is():
            line = encode(drawn)
        self.entries.append(drawn)
        self.lines.append(line)
        self.size += len(line)

    @property
    def is_full(self) -> bool:
        return len(self.entries) >= ENTRIES or self.size >= CHARACTERS

    def line(self) -> dict[str, Any]:
        """As the index lists it."""
        return {
            "path": self.path,
            "entries": len(self.entries),
            "first": self.first,
            "last": self.last,
        }

    def _time(self, entry: Mapping[str, Any]) -> str:
        return str(entry.get(self.time) or "")


def parts(chapter: Chapter, folder: str) -> Iterator[Part]:
    """The parts of a chapter, one at a time in memory; each knows whether it is the last.

    Where reading fails, what was read is given before the fault goes on.
    """
    held = Part(1, folder, chapter.template, chapter.time)
    try:
        for portion in chapter.portions:
            if portion.entries and held.is_full:
                yield held
                held = Part(held.number + 1, folder, chapter.template, chapter.time)
            for entry in portion.entries:
                held.add(entry)
            held.ids += [one for one in portion.ids if one not in held.ids[-1:]]
    except (LettaError, Outdated):
        held.is_last = True
        if held.entries:
            yield held
        raise
    held.is_last = True
    yield held
