"""Archives, sources, files and passages; the embedding itself is never selected."""

from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Length

from agents_app.embeddings.passages import PASSAGE_TABLES
from agents_app.letta import access, catalogue
from agents_app.letta.holding import holding
from agents_app.letta.links import Some, agents_with, some
from agents_app.letta.models import (
    Agent,
    AgentArchive,
    AgentIdentity,
    AgentPassage,
    AgentSource,
    ArchivalPassage,
    Archive,
    File,
    FileAgent,
    Identity,
    OldPassage,
    Source,
    SourcePassage,
)
from agents_app.text.masking import policy

MOST_AGENTS, MOST_LINKS = 100, 100
FILE_CHARACTERS = 65_536


def row(model: Any, pk: str, *hidden: str) -> Any:
    """The row, or None; `hidden` columns are not fetched."""
    return model.objects.here().filter(pk=pk).defer(*hidden).first()


def agents_of_archive(archive_id: str) -> Some[Agent]:
    return agents_with(
        AgentArchive.objects.here().filter(archive_id=archive_id).values("agent_id"), MOST_AGENTS
    )


def agents_of_source(source_id: str) -> Some[Agent]:
    return agents_with(
        AgentSource.objects.here().filter(source_id=source_id).values("agent_id"), MOST_AGENTS
    )


def archival_passages(archive_id: str) -> Any:
    return ArchivalPassage.objects.here().filter(archive_id=archive_id)


def file_passages(file_id: str) -> Any:
    """The chunks of a file; up to 0.6.4 they share a table with agents' passages."""
    return of_table(SourcePassage, OldPassage).filter(file_id=file_id)


def agent_passages(agent: Agent, archive_id: str | None) -> Any:
    """What an agent may recall, from whichever table its release keeps it in."""
    if archive_id or exists(ArchivalPassage):
        return archival_passages(archive_id or "")  # without an archive an agent has stored none
    model = of_table(AgentPassage, OldPassage)
    organization = {"organization_id": agent.organization_id} if agent.organization_id else {}
    return model.filter(agent_id=agent.pk, **organization)


def of_table(newer: Any, older: Any) -> Any:
    """The rows of the newer table where this database has it, else of the older one."""
    return (newer if exists(newer) else older).objects.here()


def exists(model: Any) -> bool:
    """Whether this database has the model's table and the role may read it."""
    return catalogue.current().has_table(model._meta.db_table)


def archive_of_agent(agent_id: str) -> Archive | None:
    """The one archive an agent may have (0.11+)."""
    link = AgentArchive.objects.here().filter(agent_id=agent_id).order_by("archive_id").first()
    return row(Archive, link.archive_id, "description", "metadata") if link else None


def files_of_source(source_id: str, conditions: dict[str, Any], *, content: bool) -> Any:
    """Files with sizes and states; their names only with the right to read content."""
    hidden = [] if content else ["file_name", "original_file_name", "file_path", "error_message"]
    given = dict(conditions)
    text = given.pop("file_name__icontains", "")
    files = File.objects.here().filter(source_id=source_id, **given)
    return (holding(files, text, "file_name") if text else files).defer(*hidden)


@dataclass(frozen=True)
class FileText:
    """The beginning of the text that Letta extracted from a file."""

    text: str
    characters: int


def file_text(file_id: str) -> FileText | None:
    """At most 65,536 characters; `file_contents` exists since 0.8.2."""
    sql = (
        "SELECT left(text, %(most)s) AS text, char_length(text) AS characters"
        " FROM file_contents WHERE file_id = %(id)s LIMIT 1"
    )
    found = access.dict_rows(sql, {"most": FILE_CHARACTERS + policy.AHEAD, "id": file_id})
    if not found:
        return None
    text, _ = policy.beginning(found[0]["text"] or "", FILE_CHARACTERS)
    return FileText(text, found[0]["characters"])


_PLACE = """
SELECT strpos(c.text, p.text) AS at, char_length(p.text) AS characters, char_length(c.text) AS whole
  FROM source_passages p JOIN file_contents c ON c.file_id = p.file_id
 WHERE p.id = %(id)s AND p.text <> ''
"""


@dataclass(frozen=True)
class Place:
    """Where a chunk stands in its file's text: characters `first` to `last` of `whole`, from 1."""

    first: int
    last: int
    whole: int


def place_in_file(passage_id: str) -> Place | None:
    """None where the text is gone, or does not hold the chunk as it is."""
    if not has_file_text() or not catalogue.current().has_column("source_passages", "file_id"):
        return None
    found = access.rows(_PLACE, {"id": passage_id})
    if not found or not found[0][0]:
        return None
    at, characters, whole = found[0]
    return Place(at, at + characters - 1, whole)


def has_file_text() -> bool:
    known = catalogue.current()
    return known.has_column("file_contents", "text") and known.has_column(
        "file_contents", "file_id"
    )


def openings(file_id: str) -> list[tuple[FileAgent, Agent | None]]:
    """Agents that have the file in their context, with what lines they see of it."""
    links = (
        FileAgent.objects.here()
        .filter(file_id=file_id)
        .exclude(is_deleted=True)
        .defer("visible_content")
    )
    rows = list(links.order_by("pk")[:MOST_LINKS])
    agents = {
        agent.pk: agent for agent in agents_with([link.agent_id for link in rows], MOST_LINKS)
    }
    return [(link, agents.get(link.agent_id or "")) for link in rows]


def passage(passage_id: str, *hidden: str) -> Any:
    """The passage of whichever table of this release holds it, with its length in `characters`; None if none does."""
    for model in PASSAGE_TABLES:
        found = (
            model.objects.here()
            .filter(pk=passage_id)
            .annotate(characters=Length("text"))
            .defer(*hidden)
            .first()
        )
        if found is not None:
            return found
    return None


@dataclass(frozen=True)
class Parents:
    """Where a passage hangs: ids as stored, rows where they still exist; None where its table has no such parent."""

    ids: dict[str, str | None]
    archive: Archive | None = None
    source: Source | None = None
    file: File | None = None
    agent: Agent | None = None


def parents(found: Any, *, content: bool) -> Parents:
    """One query for each parent that the row names."""
    return Parents(
        ids=parent_ids(found),
        archive=_parent(Archive, found, "archive_id"),
        source=_parent(Source, found, "source_id"),
        file=_parent(
            File, found, "file_id", *([] if content else ["file_name", "original_file_name"])
        ),
        agent=_parent(Agent, found, "agent_id", "system", "message_ids"),
    )


def parent_ids(found: Any) -> dict[str, str | None]:
    """What the row says of its parents."""
    return {
        name: getattr(found, name, None)
        for name in ("archive_id", "source_id", "file_id", "agent_id")
    }


def _parent(model: Any, found: Any, link: str, *hidden: str) -> Any:
    pk = getattr(found, link, None)
    return row(model, pk, *hidden) if pk else None


def agents_reaching(found: Any) -> Some[Agent]:
    """Agents that can find the passage: through its archive or source, or its own agent."""
    if getattr(found, "archive_id", None):
        return agents_of_archive(found.archive_id)
    if getattr(found, "agent_id", None):
        return agents_with([found.agent_id], MOST_AGENTS)
    if getattr(found, "source_id", None):
        return agents_of_source(found.source_id)
    return some(Agent.objects.none(), 1)


def identities_of(agent_ids: list[str]) -> Some[Identity]:
    """The customers tied to these agents."""
    tied = AgentIdentity.objects.here().filter(agent_id__in=agent_ids).values("identity_id")
    found = Identity.objects.here().filter(pk__in=tied).only("id", "name", "identity_type")
    return some(found.order_by("name", "pk"), MOST_LINKS)
