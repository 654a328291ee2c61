"""Scenes about what is said: pictures, hidden thoughts, parallel calls, phone, other agents."""

from datetime import datetime, timedelta

from agents_app.demo.world import phrases
from agents_app.demo.world.scene import Scene, Scenery
from agents_app.demo.world.turns import Call, Turn


class Words(Scenery):
    """Scenes that differ in what rows and parts a turn leaves."""

    __slots__ = ()

    def scenes(self) -> list[Scene]:
        found: list[Scene] = [(0.3, self.image), (0.66, self.between_agents)]
        found += [(0.7, self.nightly), (0.74, self.phone), (0.83, self.summarise)]
        if self.stage.era.since("0.13.0"):
            found += [(0.36, self.parallel), (0.47, self.hidden_thoughts)]
        return found

    def image(self, at: datetime) -> None:
        customer = self.speaker("en")
        slots = self.talk.slots(customer, at=at)
        turn = self.turn(customer, "damaged.ask", "damaged.answer", at=at)
        turn.image = True
        turn.steps = [
            [
                Call(
                    "lookup_order",
                    {"order_id": slots["order"]},
                    {"status": "delivered"},
                    "A photo of the damage. Let me find the order.",
                )
            ]
        ]
        self.play("desk", turn)

    def hidden_thoughts(self, at: datetime) -> None:
        for number, style in enumerate(("redacted", "omitted", "")):
            turn = self.turn(
                self.speaker("en"),
                "refund.ask",
                "refund.answer",
                at=at + timedelta(minutes=4 * number),
            )
            turn.reasoning = style
            self.play("returns", turn)

    def parallel(self, at: datetime) -> None:
        customer = self.speaker("en")
        turn = self.turn(customer, "size.ask", "size.answer", at=at)
        slots = self.talk.slots(customer, at=at)
        thought = "Three look-ups that do not depend on each other: I ask for all at once."
        turn.steps = [
            [
                Call(
                    "lookup_order",
                    {"order_id": customer.orders[0]},
                    {"status": "delivered"},
                    thought,
                ),
                Call(
                    "check_stock",
                    {"product": slots["product"], "size": slots["size2"]},
                    {"pieces": 7},
                    printed="stock of 3 depots read\n",
                ),
                Call(
                    "carrier_status",
                    {"tracking": slots["tracking"]},
                    error="MCP server parcel-desk: 504 Gateway Timeout",
                ),
            ]
        ]
        self.play("returns", turn)

    def phone(self, at: datetime) -> None:
        for number in range(2):
            turn = self.turn(
                self.speaker("en"),
                "voice.ask",
                "voice.answer",
                book="agent",
                at=at + timedelta(seconds=25 * number),
            )
            turn.kind = "send_message_streaming"
            self.play("voice", turn)

    def nightly(self, at: datetime) -> None:
        for role in ("workflow", "react"):
            purpose = ("workflow.ask", "workflow.answer")
            if role == "react":
                purpose = ("subagent.ask", "subagent.answer")
            turn = self.turn(self.customers[0], *purpose, book="agent", at=at)
            turn.kind, turn.sender_id = "send_message_async", None
            turn.steps = [
                [
                    Call(
                        "catalogue_search",
                        {"query": "returns"},
                        {"results": []},
                        "I count the returns first.",
                    )
                ]
            ]
            self.play(role, turn)

    def between_agents(self, at: datetime) -> None:
        """One agent asks another; the message arrives in a row of role system."""
        sender, receiver = self.roles["desk"], self.roles["subagent"]
        slots = self.talk.slots(self.customers[0], at=at)
        words = phrases.say(self.stage.rng, "agent", "subagent.ask", slots)
        call = Call(
            "send_message_to_agent_async",
            {"message": words, "other_agent_id": receiver.id},
            "Successfully sent message",
            "The counter can answer that.",
        )
        turn = self.turn(self.speaker("en"), "size.follow", "size.resolve", at=at)
        turn.steps = [[call]]
        self.play("desk", turn)
        prefix = f"[Incoming message from agent with ID '{sender.id}' - to reply to this message, "
        prefix += "make sure to use the 'send_message' at the end, and the system will notify the "
        prefix += "sender of your response] "
        answer = phrases.say(self.stage.rng, "agent", "subagent.answer", slots)
        asked = Turn(
            at=at + timedelta(seconds=6),
            text=prefix + words,
            reply=answer,
            role="system",
            sender_id=sender.id,
            thought="Another agent asks me to count.",
        )
        self.scribe.turn(self.threads["subagent"], asked)

    def summarise(self, at: datetime) -> None:
        """Compaction, once with a row of role user and once (0.16.5+) of role summary."""
        for role, kind in (("classic", "user"), ("desk", "summary")):
            thread = self.threads[role]
            slots = self.talk.slots(self.speaker("en"), at=at)
            summary = phrases.say(self.stage.rng, "agent", "summary", slots)
            self.scribe.ledger.summarized(thread, summary, at=at)
            self.scribe.compact(thread, summary, at=at, role=kind)
