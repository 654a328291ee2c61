"""Sources ("folders" in the newer API), their files, contents, chunks and open views."""

from datetime import datetime, timedelta

from agents_app.demo.world import phrases
from agents_app.demo.world.archives import TOPICS, Archivist
from agents_app.demo.world.people import Customer, Organization
from agents_app.demo.world.roles import EMBEDDING
from agents_app.demo.world.rows import dumps, stamps
from agents_app.demo.world.sessions import Talk
from agents_app.demo.world.stage import Agent, Stage

_SOURCES = (
    ("Support handbook", ("handbook.md", "escalation.md", "tone-of-voice.txt")),
    ("Product sheets", ("tents.md", "boots.md", "größentabelle.csv", "scan_2019.pdf")),
)
_STATUS = {"scan_2019.pdf": ("error", "No text could be extracted from this PDF.")}
_TYPES = {"md": "text/markdown", "txt": "text/plain", "csv": "text/csv", "pdf": "application/pdf"}


class Librarian:
    """Fills sources and opens files in agents' contexts."""

    def __init__(self, stage: Stage, talk: Talk, archivist: Archivist) -> None:
        self.stage = stage
        self.talk = talk
        self.archivist = archivist

    def fill(
        self, organization: Organization, readers: list[Agent], customer: Customer, *, at: datetime
    ) -> None:
        """Two sources with files; the readers get both, and the handbook open."""
        for name, files in _SOURCES:
            source_id = self._source(organization, name, at=at)
            for agent in readers:
                self.stage.sink.add(
                    "sources_agents", {"agent_id": agent.id, "source_id": source_id}
                )
            for file_name in files:
                self._file(organization, source_id, name, file_name, readers, customer, at=at)

    def _source(self, organization: Organization, name: str, *, at: datetime) -> str:
        key = self.stage.ids.new("source")
        self.stage.sink.add(
            "sources",
            {
                "id": key,
                "name": name,
                "description": f"{name} of {organization.name}",
                "instructions": "Use this before you answer questions about rules or products.",
                "embedding_config": dumps(EMBEDDING),
                "metadata_": dumps({}),
                "organization_id": organization.id,
                "vector_db_provider": "NATIVE",
            }
            | stamps(at, user=organization.backend),
        )
        return key

    def _file(
        self,
        organization: Organization,
        source_id: str,
        source: str,
        name: str,
        readers: list[Agent],
        customer: Customer,
        *,
        at: datetime,
    ) -> None:
        key, rng = self.stage.ids.new("file"), self.stage.rng
        status, error = _STATUS.get(name, ("completed", None))
        chunks = [] if error else self._chunks(customer, at=at)
        text = "\n\n".join(chunks)
        base = stamps(at, user=organization.backend)
        self.stage.sink.add(
            "files",
            {
                "id": key,
                "source_id": source_id,
                "file_name": f"{source}/{name}",
                "original_file_name": name,
                "file_path": None,
                "file_type": _TYPES[name.rpartition(".")[2]],
                "file_size": len(text.encode()) or rng.randrange(90_000, 4_000_000),
                "file_creation_date": f"{at:%Y-%m-%d}",
                "processing_status": status,
                "error_message": error,
                "total_chunks": len(chunks),
                "chunks_embedded": len(chunks),
                "organization_id": organization.id,
            }
            | base,
        )
        self._job(organization, source_id, name, at=at, failed=bool(error))
        if error:
            return
        self.stage.sink.add(
            "file_contents",
            {"id": self.stage.ids.new("file_content"), "file_id": key, "text": text} | base,
        )
        self._passages(organization, source_id, key, f"{source}/{name}", chunks, at=at)
        for number, agent in enumerate(readers):
            self._open(
                agent,
                source_id,
                key,
                f"{source}/{name}",
                text,
                at=at,
                is_open=number == 0 or name == "handbook.md",
            )

    def _job(
        self, organization: Organization, source_id: str, name: str, *, at: datetime, failed: bool
    ) -> None:
        """The background job that embedded the file; jobs are all that `jobs` holds from 0.12 on."""
        done = at + timedelta(seconds=41)
        metadata = {"type": "embedding", "filename": name, "source_id": source_id}
        self.stage.sink.add(
            "jobs",
            {
                "id": self.stage.ids.new("job"),
                "user_id": organization.backend,
                "organization_id": organization.id,
                "status": "failed" if failed else "completed",
                "job_type": "job",
                "completed_at": done.replace(tzinfo=None),
                "metadata_": dumps(metadata),
                "background": True,
            }
            | stamps(at, user=organization.backend, updated=done),
        )

    def _chunks(self, customer: Customer, *, at: datetime) -> list[str]:
        rng, chunks = self.stage.rng, []
        for number in range(rng.randrange(4, 9)):
            slots = self.talk.slots(customer, at=at)
            purpose = "handbook" if number == 0 else rng.choice(("handbook", *TOPICS))
            lines = [phrases.say(rng, "notes", purpose, slots) for _ in range(rng.randrange(2, 5))]
            chunks.append(f"## Section {number + 1}\n\n" + " ".join(lines))
        return chunks

    def _passages(
        self,
        organization: Organization,
        source_id: str,
        file_id: str,
        name: str,
        chunks: list[str],
        *,
        at: datetime,
    ) -> None:
        for number, chunk in enumerate(chunks):
            topic = TOPICS[number % len(TOPICS)]
            self.stage.sink.add(
                "source_passages",
                {
                    "id": self.stage.ids.new("passage"),
                    "text": chunk,
                    "embedding": self.archivist.embedder.vector(topic),
                    "embedding_config": dumps(EMBEDDING),
                    "metadata_": dumps({}),
                    "source_id": source_id,
                    "file_id": file_id,
                    "file_name": name,
                    "organization_id": organization.id,
                }
                | stamps(at + timedelta(seconds=2), user=organization.backend),
            )

    def _open(
        self,
        agent: Agent,
        source_id: str,
        file_id: str,
        name: str,
        text: str,
        *,
        at: datetime,
        is_open: bool,
    ) -> None:
        lines = text.split("\n")
        shown = [f"{number}: {line}" for number, line in enumerate(lines[:20], start=1)]
        visible = f"[Viewing file start (out of {len(lines)} lines)]\n" + "\n".join(shown)
        self.stage.sink.add(
            "files_agents",
            {
                "id": self.stage.ids.new("file_agent"),
                "file_id": file_id,
                "agent_id": agent.id,
                "source_id": source_id,
                "file_name": name,
                "is_open": is_open,
                "visible_content": visible if is_open else None,
                "last_accessed_at": at + timedelta(days=3),
                "organization_id": agent.organization.id,
            }
            | stamps(at, user=None),
        )
