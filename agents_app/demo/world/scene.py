"""A scene: something that happens in every world, however small."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agents_app.demo.world import phrases
from agents_app.demo.world.cast import Casting
from agents_app.demo.world.conversations import Conversations
from agents_app.demo.world.people import Customer
from agents_app.demo.world.scribe import Scribe
from agents_app.demo.world.sessions import Talk
from agents_app.demo.world.stage import Agent, Stage, Thread
from agents_app.demo.world.turns import Turn

# The share of all activity (0 to 1) at which it plays, and what happens.
Scene = tuple[float, Callable[[datetime], None]]


@dataclass(slots=True)
class Scenery:
    """What scenes act on; `roles` and `threads` go by the keys of the cast."""

    stage: Stage
    talk: Talk
    scribe: Scribe
    casting: Casting
    conversations: Conversations
    customers: list[Customer]
    roles: dict[str, Agent]
    threads: dict[str, Thread]

    def play(self, role: str, turn: Turn) -> None:
        """Perform a turn in the default thread of a part."""
        self.scribe.turn(self.threads[role], turn)

    def turn(
        self, customer: Customer, ask: str, answer: str, *, at: datetime, book: str = ""
    ) -> Turn:
        """A turn with words of the customer's language, or of another phrase book."""
        language, rng = book or customer.language, self.stage.rng
        slots = self.talk.slots(customer, at=at)
        slots["value"] = slots["city"]
        return Turn(
            at=at,
            text=phrases.say(rng, language, ask, slots),
            sender_id=customer.id,
            reply=phrases.say(rng, language, answer, slots),
            thought=phrases.say(rng, "agent", "thought.reply", slots),
        )

    def speaker(self, language: str) -> Customer:
        """Some customer of the largest organization with this language."""
        organization = self.roles["desk"].organization
        same = [
            one
            for one in self.customers
            if one.language == language and one.organization is organization
        ]
        return self.stage.rng.choice(same or self.customers[:1])
