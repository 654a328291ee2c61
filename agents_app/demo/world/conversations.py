"""Named conversations (0.16.2+): opened for customers, forked, isolated, deleted softly."""

from datetime import datetime
from typing import Any

from agents_app.demo.world.cast import Casting
from agents_app.demo.world.people import Customer
from agents_app.demo.world.rows import stamps
from agents_app.demo.world.scribe import Scribe
from agents_app.demo.world.stage import Agent, Stage, Thread


class Conversations:
    """Keeps the named threads of all agents and writes their membership at the end."""

    def __init__(self, stage: Stage, scribe: Scribe, casting: Casting) -> None:
        self.stage = stage
        self.scribe = scribe
        self.casting = casting
        self.threads: list[Thread] = []
        self._by_customer: dict[tuple[str, str], Thread] = {}
        self._deleted: dict[str, datetime] = {}

    def of(self, agent: Agent, customer: Customer, *, at: datetime) -> Thread:
        """The customer's conversation with a desk, opened when they first write."""
        key = (agent.id, customer.id)
        if key not in self._by_customer:
            title = f"{customer.first} {customer.last}"
            self._by_customer[key] = self.open(agent, title, at=at, customer=customer)
        return self._by_customer[key]

    def open(
        self,
        agent: Agent,
        title: str | None,
        *,
        at: datetime,
        customer: Customer | None = None,
        isolated: tuple[str, ...] = (),
    ) -> Thread:
        """A new conversation with its own system row; `isolated` labels get private blocks."""
        thread = Thread(agent, conversation_id=self.stage.ids.new("conv"), customer=customer)
        self._insert(thread, title, at=at)
        for label in isolated:
            source = agent.blocks[label]
            copy = self.casting.block(label, source.value, agent.organization, at=at)
            thread.isolated[label] = copy
            self.stage.sink.add(
                "blocks_conversations",
                {
                    "conversation_id": thread.conversation_id,
                    "block_id": copy.id,
                    "block_label": label,
                },
            )
        self.scribe.open(thread, at=at)
        return thread

    def fork(self, origin: Thread, title: str, *, at: datetime) -> Thread:
        """A conversation that starts with the rows of another thread's context (0.16.7+)."""
        thread = Thread(
            origin.agent, conversation_id=self.stage.ids.new("conv"), customer=origin.customer
        )
        self._insert(thread, title, at=at)
        self.scribe.open(thread, at=at)
        shared = [key for key in origin.context if key != origin.system_id]
        thread.context += shared
        thread.members += shared
        thread.said.extend(origin.said)
        return thread

    def delete(self, thread: Thread, *, at: datetime) -> None:
        """Soft deletion: the conversation, its membership and its messages stay as rows."""
        key = str(thread.conversation_id)
        self._deleted[key] = at
        self.stage.sink.change("conversations", key, {"is_deleted": True, "updated_at": at})
        for message_id in thread.members:
            self.stage.sink.change("messages", message_id, {"is_deleted": True})

    def finish(self) -> None:
        """Write the membership rows; positions as compaction leaves them."""
        for thread in self.threads:
            self._members(thread)
            key = str(thread.conversation_id)
            if key not in self._deleted:
                used = {"last_message_at": thread.last, "updated_at": thread.last}
                self.stage.sink.change("conversations", key, used)
            self.stage.sink.checkpoint()

    def _members(self, thread: Thread) -> None:
        context = {key: position for position, key in enumerate(thread.context)}
        deleted = self._deleted.get(thread.conversation_id or "")
        for position, key in enumerate(thread.members):
            row: dict[str, Any] = {
                "id": self.stage.ids.new("conv_msg"),
                "conversation_id": thread.conversation_id,
                "agent_id": thread.agent.id,
                "message_id": key,
                "position": context.get(key, position),
                "in_context": key in context,
                "organization_id": thread.agent.organization.id,
            } | stamps(thread.last or self.stage.until, user=None)
            row["is_deleted"] = deleted is not None
            self.stage.sink.add("conversation_messages", row)

    def _insert(self, thread: Thread, title: str | None, *, at: datetime) -> None:
        self.threads.append(thread)
        agent = thread.agent
        self.stage.sink.add(
            "conversations",
            {
                "id": thread.conversation_id,
                "agent_id": agent.id,
                "summary": title,
                "organization_id": agent.organization.id,
                "model_settings": "null",
                "last_message_at": at,
            }
            | stamps(at, user=agent.organization.backend),
        )
