"""What became of the results of a search, and why what is near today was not among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from agents_app.embeddings.neighbors import NeighborRow, model_of
from agents_app.embeddings.passages import PASSAGE_TABLES, tags_of
from agents_app.embeddings.replay.calls import Asked, Retrieval
from agents_app.embeddings.replay.returned import Hit
from agents_app.letta import access, catalogue
from agents_app.letta.models import AgentArchive, AgentSource, File
from agents_app.letta.reading.ids import is_storable
from agents_app.letta.vectors import Extent, Space, extents_of_agent, space_of

_BEGINNING: Final = 200
_MOST_LINES: Final = 100
_LONGEST_LINE: Final = 2_000
_MOST_BEGINNINGS: Final = 20
# Line numbers of a return are Letta's own (it leaves blank lines out), so the words are looked for.
_LINES = """
SELECT w.number, strpos(c.text, w.line) > 0
  FROM unnest(%(numbers)s::int[], %(files)s::text[], %(lines)s::text[]) AS w (number, file_id, line)
  JOIN file_contents c ON c.file_id = w.file_id
"""


@dataclass(frozen=True)
class Fate:
    """A result then, and the passage or file that holds it now; `said` is a sentence for the reader."""

    hit: Hit
    passage: Any
    said: str
    file_id: str | None = None

    @property
    def is_there(self) -> bool:
        return self.passage is not None or self.file_id is not None


@dataclass(frozen=True)
class Missing:
    """A passage near today; `why` says what kept it out then, empty when it was among the results."""

    row: NeighborRow
    why: str


def extents(retrieval: Retrieval) -> tuple[Extent, ...]:
    """Where the agent's search looks today: its archival memory, or the chunks of its files."""
    of_files = not retrieval.asked.is_archival
    found = extents_of_agent(retrieval.message.agent_id or "")
    return tuple(one for one in found if (one.column == "file_id") == of_files)


def fates(retrieval: Retrieval, where: Sequence[Extent]) -> list[Fate]:
    """Each result as it stands today, in the order it was returned."""
    if retrieval.asked.is_grep:
        return _lines(retrieval)
    now = _now(retrieval.hits, where)
    elsewhere = _by_id([hit.id for hit in retrieval.hits if hit.id and _key(hit) not in now])
    return [_fate(hit, now.get(_key(hit)), elsewhere.get(hit.id)) for hit in retrieval.hits]


def _fate(hit: Hit, here: Any, elsewhere: Any) -> Fate:
    if here is not None:
        return Fate(hit, here, "Still there.")
    if elsewhere is not None:
        return Fate(hit, elsewhere, "Still stored, but in another archive than the agent’s.")
    return Fate(hit, None, "Gone: deleted or rewritten since, or in another archive now.")


def _key(hit: Hit) -> str:
    return hit.id or hit.text


def _now(hits: Sequence[Hit], where: Sequence[Extent]) -> dict[str, Any]:
    """Passages of the agent by the key of the result they are: its id, or its very text."""
    found: dict[str, Any] = {}
    for extent in where:
        base = model_of(extent.table).objects.here().filter(**_below(extent))
        ids = [hit.id for hit in hits if hit.id and is_storable(hit.id)]
        texts = [hit.text for hit in hits if _is_whole(hit) and is_storable(hit.text)]
        rows = base.filter(pk__in=ids).defer("metadata") if ids else ()
        found |= {row.pk: row for row in rows}
        same = base.filter(text__in=texts).defer("metadata").order_by("-pk") if texts else ()
        found |= {row.text: row for row in same}
        for hit in [one for one in hits if not one.id and not _is_whole(one)][:_MOST_BEGINNINGS]:
            if (row := _beginning(base, hit.text)) is not None:
                found[hit.text] = row
    return found


def _is_whole(hit: Hit) -> bool:
    """Chunks of files lose blanks at their end, and long ones their last lines."""
    return not hit.id and not hit.is_cut and not hit.file_name


def _beginning(base: Any, text: str) -> Any:
    """The passage that begins with the text."""
    if not text or not is_storable(text):
        return None
    alike = base.filter(text__startswith=text[:_BEGINNING]).defer("metadata").order_by("pk")[:20]
    return next((row for row in alike if row.text.startswith(text)), None)


def _below(extent: Extent) -> dict[str, Any]:
    conditions: dict[str, Any] = {f"{extent.column}__in": list(extent.parents)}
    return conditions | (
        {"organization_id": extent.organization_id} if extent.organization_id else {}
    )


def _by_id(ids: list[str]) -> dict[str, Any]:
    wanted, found = [one for one in ids if is_storable(one)], dict[str, Any]()
    for model in PASSAGE_TABLES if wanted else ():
        found |= {
            row.pk: row for row in model.objects.here().filter(pk__in=wanted).defer("metadata")
        }
    return found


def _lines(retrieval: Retrieval) -> list[Fate]:
    """Lines of files: whether the file is still in a folder of the agent, and still holds the line."""
    sources = AgentSource.objects.here().filter(agent_id=retrieval.message.agent_id)
    files = File.objects.here().filter(source_id__in=sources.values("source_id"))
    names = {hit.file_name for hit in retrieval.hits if is_storable(hit.file_name)}
    ids = dict(files.filter(file_name__in=names).values_list("file_name", "pk"))
    held = _held(retrieval.hits[:_MOST_LINES], ids)
    return [
        _fate_of_line(hit, ids.get(hit.file_name), held.get(number))
        for number, hit in enumerate(retrieval.hits)
    ]


def _fate_of_line(hit: Hit, file_id: str | None, held: bool | None) -> Fate:  # noqa: FBT001 - from a mapping
    if file_id is None:
        return Fate(hit, None, "No folder of the agent has this file now.")
    if held is None:
        return Fate(hit, None, "The file is still there.", file_id)
    said = "The file still holds this line." if held else "The file no longer holds this line."
    return Fate(hit, None, said, file_id)


def _held(hits: Sequence[Hit], ids: dict[str, str]) -> dict[int, bool]:
    known = [
        (number, ids[hit.file_name], hit.text[:_LONGEST_LINE])
        for number, hit in enumerate(hits)
        if hit.file_name in ids and is_storable(hit.text)
    ]
    if not known or not catalogue.current().has_column("file_contents", "text"):
        return {}
    numbers, files, lines = (list(column) for column in zip(*known, strict=True))
    values = {"numbers": numbers, "files": files, "lines": lines}
    return dict(access.rows(_LINES, values))


def missing(
    rows: Sequence[NeighborRow], fates: Sequence[Fate], retrieval: Retrieval, *, by_query: bool
) -> list[Missing]:
    """What is near today, each with the reason why it was not returned then.

    `by_query`: near the query embedded again, and not merely near the first result.
    """
    returned = {fate.passage.pk for fate in fates if fate.passage is not None}
    attached = _attached_at(retrieval.message.agent_id) if retrieval.asked.is_archival else None
    found = []
    for row in rows:
        was = row.near.id in returned or row.passage is None
        why = (
            "" if was else _why(row.passage, retrieval, attached) or _unexplained(by_query=by_query)
        )
        found.append(Missing(row, why))
    return found


def _unexplained(*, by_query: bool) -> str:
    stored = "It was stored by then and no filter leaves it out:"
    if by_query:
        return f"{stored} it ranked lower then, or its row was written differently."
    return f"{stored} it is near the first result, which need not mean near the query."


def _why(passage: Any, retrieval: Retrieval, attached: Any) -> str:
    asked, at = retrieval.asked, retrieval.at
    if _is_later(passage.created_at, at):
        return "It was stored only after this search."
    if _is_later(attached, at):
        return "The agent was given this archive only after this search."
    if (space := _own_space(retrieval)) and space_of(passage.embedding_config) != space:
        return (
            "Its vector is of another model than the agent’s own, which its searches compare with."
        )
    if asked.tags and not _tagged(tags_of(passage.tags), asked):
        return "The search asked for tags that it does not have."
    if asked.since and _is_later(asked.since, passage.created_at):
        return "It is older than the search asked for."
    if asked.until and _is_later(passage.created_at, asked.until):
        return "It is newer than the search asked for."
    return ""


def _own_space(retrieval: Retrieval) -> Space | None:
    return space_of(retrieval.agent.embedding_config) if retrieval.agent else None


def _tagged(tags: Sequence[str], asked: Asked) -> bool:
    here = (tag in tags for tag in asked.tags)
    return all(here) if asked.all_tags else any(here)


def _is_later(one: Any, other: Any) -> bool:
    return isinstance(one, datetime) and isinstance(other, datetime) and one > other


def _attached_at(agent_id: str | None) -> Any:
    """When the agent was given the archive of another; its own counts from its own beginning."""
    link = AgentArchive.objects.here().filter(agent_id=agent_id).first()
    return None if link is None or link.is_owner else link.created_at
