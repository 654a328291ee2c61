"""A bundle as it is sent: parts while they are read, each on record before, then the index and the manifest.

Nothing of it is kept on this side: what was read goes into the ZIP stream and is forgotten.
"""

import logging
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from agents_app.accounts.audit import MOST_IDS
from agents_app.evidence.container import manifest
from agents_app.evidence.container.manifest import MANIFEST, SIGNATURE
from agents_app.evidence.container.writing import Writer
from agents_app.evidence.drawing import page
from agents_app.evidence.parts import Part, parts
from agents_app.evidence.shown import as_it_is, shown_all
from agents_app.evidence.sources import Asked, Chapter, Coverage, Source, Subject
from agents_app.letta.errors import LettaError
from agents_app.revisions.cache.skeleton import Outdated
from agents_app.text.marks import name_label
from agents_app.ui.jsonout import encode

MOST_ENTRIES: Final = 1_000_000
MOST_BYTES: Final = 3_500_000_000
Line = Mapping[str, Any]
logger = logging.getLogger(__name__)


class Record(Protocol):
    """Puts ids on record before what they name is sent; gives the sealed row."""

    def __call__(
        self,
        action: str,
        *,
        kind: str,
        ids: list[str],
        count: int | None = None,
        agent_id: str | None = None,
    ) -> Line: ...


@dataclass
class Bundle:
    """What is being written. `facts` are the manifest's, known before the first byte; `signed` signs a statement."""

    id: str
    asked: Asked
    source: Source
    subject: Subject
    facts: Mapping[str, Any]
    record: Record
    signed: Callable[[Mapping[str, str]], str] | None = None
    coverage: Coverage = field(default_factory=Coverage)
    listed: list[Line] = field(default_factory=list)
    entries: int = 0

    def stream(self) -> Generator[bytes, None, None]:
        """The bytes of the ZIP file."""
        writer = Writer()
        try:
            yield from self._chapters(writer)
        except (LettaError, Outdated) as error:
            logger.warning("bundle stopped", extra={"cause": type(error).__name__})
            why = (
                str(error)
                if isinstance(error, LettaError)
                else "The history changed while it was read."
            )
            self.coverage.cut(f"The bundle stopped here and is not complete: {why}")
        yield from self._ending(writer)

    def _chapters(self, writer: Writer) -> Iterator[bytes]:
        for number, chapter in enumerate(self.source.chapters(self.asked, self.coverage), 1):
            folder = f"{number:03d}-{chapter.slug}"
            row = {"chapter": shown_all(chapter.title), "folder": folder, "parts": [], "entries": 0}
            self.listed.append(row)
            for part in parts(chapter, folder):
                self._record(chapter, part)
                yield writer.add(f"{part.path}.json", self._json(row["chapter"], part))
                row["parts"].append(part.line())
                row["entries"] += len(part.entries)
                self.entries += len(part.entries)
                is_full = self._is_full(writer, part)
                part.is_last = part.is_last or is_full
                yield writer.add(f"{part.path}.html", self._html(row["chapter"], part))
                if is_full:
                    return

    def _record(self, chapter: Chapter, part: Part) -> None:
        """What a part shows goes on record before it is sent, all of its ids."""
        for begin in range(0, len(part.ids), MOST_IDS):
            ids = part.ids[begin : begin + MOST_IDS]
            self.record("bundle.read", kind=chapter.kind, ids=ids, agent_id=chapter.agent_id)

    def _is_full(self, writer: Writer, part: Part) -> bool:
        if self.entries < MOST_ENTRIES and writer.sent < MOST_BYTES:
            return False
        where = (
            f" The last entry is of {part.last}; ask for the rest with that time as “From”."
            if part.last
            else ""
        )
        self.coverage.cut(
            f"A bundle holds {MOST_ENTRIES:,} entries or 3.5 GB at most, and this one is full.{where}"
        )
        return True

    def _json(self, chapter: str, part: Part) -> bytes:
        with as_it_is():
            head = encode({"bundle": self.id, "chapter": chapter, "part": part.number})
        lines = ",\n".join(part.lines)
        return f'{head[:-1]}, "entries": [\n{lines}\n]}}\n'.encode()

    def _html(self, chapter: str, part: Part) -> bytes:
        context = {"bundle": self.id, "chapter": chapter, "part": part, "subject": self.title}
        with as_it_is():
            return page(f"{chapter}, part {part.number}", "evidence/part.html", context)

    @property
    def title(self) -> str:
        """What the object is called, as the exporter sees it."""
        return name_label(shown_all(self.subject.title))

    def _ending(self, writer: Writer) -> Iterator[bytes]:
        """The index, the closing row of the trail, the manifest and its signature."""
        told = {
            **self.facts,
            "coverage": {
                "complete": self.coverage.complete,
                "entries": self.entries,
                "notes": shown_all(self.coverage.sentences()),
            },
        }
        index = {**told, "facts": shown_all(self.subject.facts), "chapters": self.listed}
        context = {"told": index, "title": self.title, "is_signed": self.signed is not None}
        with as_it_is():
            data = (encode(index, indent=1) + "\n").encode()
            html = page(f"Evidence: {self.title}", "evidence/index.html", context)
        yield writer.add("index.json", data)
        yield writer.add("index.html", html)
        yield from self._sealed(writer, told)

    def _sealed(self, writer: Writer, told: dict[str, Any]) -> Iterator[bytes]:
        files = list(writer.files)
        total = manifest.contents_sum(files)
        line = self.record("bundle.sealed", kind="bundle", ids=[self.id, total], count=1)
        trail = {**told["trail"], "seal": place(line)}
        raw = manifest.written({**told, "trail": trail, "contents_sha256": total}, files)
        yield writer.add(MANIFEST, raw)
        if self.signed is not None:
            yield writer.add(SIGNATURE, self.signed(manifest.statement(raw, self.id)).encode())
        yield writer.end()


def place(line: Line) -> dict[str, Any]:
    """Where a row of the trail is, and its seal."""
    return {"sequence": line["sequence"], "hash": line["hash"], "at": line["at"]}
