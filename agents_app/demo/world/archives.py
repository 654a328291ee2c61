"""Archival memory: archives, passages in clusters, their tags."""

from datetime import timedelta
from typing import Any

from agents_app.demo.world import phrases
from agents_app.demo.world.embeddings import Embedder, zero_vector
from agents_app.demo.world.people import Customer
from agents_app.demo.world.roles import EMBEDDING
from agents_app.demo.world.rows import dumps, stamps
from agents_app.demo.world.sessions import Talk
from agents_app.demo.world.stage import Agent, Stage

TOPICS = ("delivery", "sizing", "care", "refunds", "repairs", "loyalty", "products", "policy")
OTHER_MODEL = EMBEDDING | {
    "embedding_endpoint": "https://inference.letta.com/v1",
    "embedding_model": "letta-free",
    "embedding_dim": 1024,
    "handle": "letta/letta-free",
}


class Archivist:
    """Writes passages for agents that keep notes."""

    def __init__(self, stage: Stage, talk: Talk, customers: list[Customer]) -> None:
        self.stage = stage
        self.talk = talk
        self.customers = customers
        self.embedder = Embedder(stage.rng, dimension=1536, topics=TOPICS)
        self._other: Embedder | None = None
        self._archives: dict[str, str] = {}

    def keep(self, agents: list[Agent], count: int) -> None:
        """Spread `count` passages over the agents, the first ones having far more."""
        weights = [1 / (rank + 1) for rank in range(len(agents))]
        for number in range(count):
            agent = agents[number] if number < len(agents) else None
            agent = agent or self.stage.rng.choices(agents, weights)[0]
            self._passage(agent, number)
            agent.archival += 1
            if number % 200 == 199:
                self.stage.sink.checkpoint()

    def share(self, owner: Agent, reader: Agent) -> None:
        """Let another agent read the owner's archive (0.11+)."""
        archive_id = self._archive(owner)
        link = {"agent_id": reader.id, "archive_id": archive_id, "is_owner": False}
        self.stage.sink.add("archives_agents", link | {"created_at": owner.created})

    def _archive(self, agent: Agent) -> str:
        if agent.id in self._archives:
            return self._archives[agent.id]
        key = self._archives[agent.id] = self.stage.ids.new("archive")
        user = agent.organization.backend
        self.stage.sink.add(
            "archives",
            {
                "id": key,
                "name": f"{agent.name}'s Archive",
                "description": "Default archive created automatically",
                "organization_id": agent.organization.id,
                "vector_db_provider": "NATIVE",
                "embedding_config": dumps(EMBEDDING),
                "metadata_": "null",
            }
            | stamps(agent.created, user=user),
        )
        self.stage.sink.add(
            "archives_agents",
            {
                "agent_id": agent.id,
                "archive_id": key,
                "is_owner": True,
                "created_at": agent.created,
            },
        )
        return key

    def _passage(self, agent: Agent, number: int) -> None:
        rng, topic = self.stage.rng, self.stage.rng.choice(TOPICS)
        at = agent.created + (self.stage.until - agent.created) * rng.random()
        slots = self.talk.slots(rng.choice(self.customers), at=at)
        text = phrases.say(rng, "notes", topic, slots)
        if rng.random() < 0.5:
            text += " " + phrases.say(rng, "notes", topic, slots)
        config, embedding = self._embedding(topic, number)
        tags = [topic, *([f"lang:{agent.customer.language}"] if agent.customer else [])]
        row: dict[str, Any] = {
            "id": self.stage.ids.new("passage"),
            "text": text,
            "embedding": embedding,
            "embedding_config": config,
            "metadata_": dumps({"order": slots["order"]} if rng.random() < 0.3 else {}),
            "tags": dumps(tags),
            "organization_id": agent.organization.id,
        } | stamps(at, user=agent.organization.backend)
        if not self.stage.era.since("0.11.7"):
            self.stage.sink.add("agent_passages", row | {"agent_id": agent.id})
            return
        archive_id = self._archive(agent)
        self.stage.sink.add("archival_passages", row | {"archive_id": archive_id})
        for tag in tags:
            self._tag(row, tag, archive_id)

    def _tag(self, row: dict[str, Any], tag: str, archive_id: str) -> None:
        self.stage.sink.add(
            "passage_tags",
            {
                "id": self.stage.ids.new("passage-tag"),
                "tag": tag,
                "passage_id": row["id"],
                "archive_id": archive_id,
                "organization_id": row["organization_id"],
            }
            | stamps(row["created_at"] + timedelta(milliseconds=19), user=row["_created_by_id"]),
        )

    def _embedding(self, topic: str, number: int) -> tuple[str, str | None]:
        """Mostly one model; every so often another one, a zero vector, or none at all."""
        if number % 151 == 37 and self.stage.era.since("0.16.8"):
            return "null", None
        if number % 173 == 41:
            return dumps(EMBEDDING), zero_vector()
        if number % 29 == 11:
            self._other = self._other or Embedder(self.stage.rng, dimension=1024, topics=TOPICS)
            return dumps(OTHER_MODEL), self._other.vector(topic)
        spread = 0.03 if number % 41 == 5 else 0.8  # Some are near-duplicates of each other.
        return dumps(EMBEDDING), self.embedder.vector(topic, spread=spread)
