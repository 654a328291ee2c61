"""Scenes about threads: approvals on both sides, a fork, isolated memory, a soft deletion."""

from datetime import datetime, timedelta

from agents_app.demo.world.approvals import Approvals
from agents_app.demo.world.people import Customer
from agents_app.demo.world.scene import Scene, Scenery
from agents_app.demo.world.turns import Call


class Threads(Scenery):
    """Scenes of the releases that have approvals (0.11.7+) and conversations (0.16.2+)."""

    __slots__ = ()

    def scenes(self) -> list[Scene]:
        era, found = self.stage.era, list[Scene]()
        if era.has_approvals:
            found += [(0.42, self.approved), (0.55, self.denied), (0.985, self.pending)]
        if era.since("0.13.0"):
            found.append((0.61, self.mixed_approval))
        if era.has_conversations:
            found += [(0.5, self.fork), (0.58, self.isolated), (0.64, self.deleted)]
        return found

    def _approvals(self) -> Approvals:
        return Approvals(self.scribe)

    def approved(self, at: datetime) -> None:
        self._approval(at, approve=True)

    def denied(self, at: datetime) -> None:
        self._approval(at, approve=False)

    def _approval(self, at: datetime, *, approve: bool) -> None:
        customer = self.speaker("en")
        turn = self.turn(customer, "refund.ask", "refund.answer", at=at)
        call = self._refund(customer)
        asked = self._approvals().ask(self.threads["returns"], turn, call)
        words = "approval.granted" if approve else "approval.denied"
        later = self.turn(customer, "refund.ask", words, at=at + timedelta(minutes=7))
        reason = None if approve else "Above the limit for this customer, please offer a voucher."
        self._approvals().answer(
            self.threads["returns"], later, asked, approve=approve, reason=reason
        )

    def mixed_approval(self, at: datetime) -> None:
        """A step with an allowed call and one that needs a person: two rows."""
        customer = self.speaker("en")
        turn = self.turn(customer, "refund.ask", "refund.answer", at=at)
        beside = Call("lookup_order", {"order_id": customer.orders[0]}, {"status": "returned"})
        call = self._refund(customer)
        asked = self._approvals().ask(self.threads["returns"], turn, call, beside=beside)
        later = self.turn(customer, "refund.ask", "approval.granted", at=at + timedelta(minutes=3))
        self._approvals().answer(self.threads["returns"], later, asked, approve=True)

    def pending(self, at: datetime) -> None:
        """The last thing in the thread: a request nobody has answered."""
        customer, thread = self.speaker("de"), self.threads["returns"]
        if self.stage.era.has_conversations:
            thread = self.conversations.open(
                self.roles["returns"], "Refund that waits for approval", at=at, customer=customer
            )
        turn = self.turn(customer, "refund.ask", "refund.answer", at=at)
        self._approvals().ask(thread, turn, self._refund(customer))

    def _refund(self, customer: Customer) -> Call:
        amount = self.stage.rng.randrange(160, 420)
        return Call(
            "issue_refund",
            {"order_id": customer.orders[0], "amount": amount},
            f"Refunded {amount}.00 EUR",
            "The money is owed; a team lead has to agree.",
        )

    def fork(self, at: datetime) -> None:
        origin = self.threads["desk"]
        thread = self.conversations.fork(origin, "What if we had sent a voucher", at=at)
        turn = self.turn(self.speaker("en"), "refund.follow", "refund.resolve", at=at)
        self.scribe.turn(thread, turn)

    def isolated(self, at: datetime) -> None:
        customer = self.speaker("fr")
        thread = self.conversations.open(
            self.roles["desk"],
            "Training conversation",
            at=at,
            customer=customer,
            isolated=("human",),
        )
        slots = self.talk.slots(customer, at=at)
        turn = self.turn(customer, "remark.city", "welcome", at=at)
        turn.steps = [[self.talk.remember(thread, customer, "city", "Nantes", slots)]]
        self.scribe.turn(thread, turn)

    def deleted(self, at: datetime) -> None:
        customer = self.speaker("en")
        thread = self.conversations.open(self.roles["desk"], "Opened by mistake", at=at)
        turn = self.turn(customer, "privacy.ask", "privacy.answer", at=at)
        self.scribe.turn(thread, turn)
        self.conversations.delete(thread, at=at + timedelta(days=2))
