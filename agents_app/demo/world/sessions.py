"""What customers and agents say: sessions of a few turns about one subject."""

from datetime import datetime, timedelta
from typing import Any

from agents_app.demo.world import memory, phrases
from agents_app.demo.world.era import Era
from agents_app.demo.world.memory import Block, Edit
from agents_app.demo.world.people import (
    CARRIERS,
    COLOURS,
    DEPOTS,
    PRODUCTS,
    WEARABLES,
    Customer,
    fact_value,
)
from agents_app.demo.world.stage import Agent, Stage, Thread
from agents_app.demo.world.turns import Call, Turn

_FACT_LINES = {
    "shoe_size": "Shoe size: {}",
    "pet": "Pet: {}",
    "city": "City: {}",
    "birthday": "Birthday: {}",
    "delivery": "If not at home, parcels go to: {}",
    "partner": "Partner: {}",
    "bike": "Bike: {}",
    "height": "Height: {} cm",
}


class Talk:
    """Makes sessions for customers."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.rng = stage.rng

    def session(self, thread: Thread, customer: Customer, *, at: datetime) -> list[Turn]:
        """The turns of one contact, a few minutes apart."""
        topic = self.rng.choice(phrases.topics(customer.language))
        slots = self.slots(customer, at=at)
        if topic in ("size", "damaged"):
            slots["product"] = self.rng.choice(WEARABLES)
        turns = [self._ask(thread, customer, topic, slots, at=at)]
        if self.rng.random() < 0.7:
            turns.append(self._follow(thread, customer, topic, slots, at=self._later(turns)))
        if self.rng.random() < 0.45:
            turns.append(self._remark(thread, customer, slots, at=self._later(turns)))
        if self.rng.random() < 0.6:
            turns.append(self._thanks(thread, customer, slots, at=self._later(turns)))
        return turns

    def slots(self, customer: Customer, *, at: datetime) -> dict[str, str]:
        """Values for every slot the phrase books know, the customer's own facts among them."""
        rng, size = self.rng, int(customer.facts["shoe_size"])
        product, product2 = rng.sample(PRODUCTS, 2)
        day = at + timedelta(days=rng.randrange(1, 6))
        past = at - timedelta(days=rng.randrange(3, 20))
        return {
            "first": customer.first,
            "last": customer.last,
            "email": customer.email,
            "order": rng.choice(customer.orders),
            "product": product,
            "product2": product2,
            "size": str(size),
            "size2": str(size + rng.choice((-1, 1))),
            "carrier": rng.choice(CARRIERS),
            "depot": rng.choice(DEPOTS),
            "city": customer.facts["city"],
            "street": customer.facts["street"],
            "pet": customer.facts["pet"],
            "pet_kind": customer.facts["pet_kind"],
            "weekday": phrases.book(customer.language)["weekdays"][day.weekday()],
            "date": f"{past:%d.%m.%Y}",
            "tracking": f"JD{rng.randrange(10**12, 10**13)}",
            "amount": f"{rng.randrange(8, 420)}.{rng.choice(('00', '50', '90', '95'))} €",
            "rma": f"RMA-{rng.randrange(10_000, 99_999)}",
            "card": f"{rng.randrange(1000, 9999)}",
            "code": f"{rng.choice(('AUTUMN', 'FJORD', 'DRY', 'TRAIL'))}{rng.randrange(5, 25)}",
            "invoice": f"R-{rng.randrange(100_000, 999_999)}",
            "points": str(rng.randrange(3, 90) * 10),
            "count": str(rng.randrange(3, 19)),
            "stock": str(rng.randrange(2, 40)),
            "colour": rng.choice(COLOURS),
        }

    def _ask(
        self, thread: Thread, customer: Customer, topic: str, slots: dict[str, str], *, at: datetime
    ) -> Turn:
        language = customer.language
        hello, ask = self._say(language, "hello", slots), self._say(language, f"{topic}.ask", slots)
        text = [hello, ask if hello.endswith(",") else ask[0].upper() + ask[1:]]
        if self.rng.random() < 0.4:
            text.append(self._say(language, "mood", slots))
        steps = [[self._lookup(topic, slots, at=at)]]
        if topic in ("size", "advice", "damaged") and self.rng.random() < 0.5:
            steps.append([self._stock(slots)])
        return Turn(
            at=at,
            text=" ".join(text),
            steps=steps,
            sender_id=customer.id,
            reply=self._answer(language, f"{topic}.answer", slots),
            thought=self._say("agent", "thought.reply", slots),
            feedback=self.rng.choices((None, "positive", "negative"), (94, 4, 2))[0],
        )

    def _follow(
        self, thread: Thread, customer: Customer, topic: str, slots: dict[str, str], *, at: datetime
    ) -> Turn:
        language = customer.language
        steps: list[list[Call]] = []
        if self.rng.random() < 0.35:
            steps = [[self._action(topic, slots)]]
        if self.rng.random() < 0.2:
            steps.append([self._team_note(slots)])
        text = self._said(language, f"{topic}.follow", "mood", slots)
        return Turn(
            at=at,
            text=text,
            steps=steps,
            reply=self._answer(language, f"{topic}.resolve", slots),
            sender_id=customer.id,
            thought=self._say("agent", "thought.reply", slots),
        )

    def _remark(
        self, thread: Thread, customer: Customer, slots: dict[str, str], *, at: datetime
    ) -> Turn:
        fact = self.rng.choice(phrases.remarks(customer.language))
        value = fact_value(self.rng, customer, fact)
        customer.facts[fact] = value
        language = customer.language
        text = self._said(language, f"remark.{fact}", "tail", slots | {"value": value})
        call = self.remember(thread, customer, fact, value, slots)
        return Turn(
            at=at,
            text=text,
            steps=[[call]],
            sender_id=customer.id,
            reply=self._say(language, "welcome", slots),
            thought=self._say("agent", "thought.reply", slots),
        )

    def _thanks(
        self, thread: Thread, customer: Customer, slots: dict[str, str], *, at: datetime
    ) -> Turn:
        language = customer.language
        return Turn(
            at=at,
            text=self._said(language, "thanks", "tail", slots),
            sender_id=customer.id,
            reply=self._closing(language, slots),
            thought=self._say("agent", "thought.reply", slots),
        )

    def sleeping(self, thread: Thread, turn: Turn, customer: Customer, *, at: datetime) -> Turn:
        """The memory keeper's turn after some turns of its main agent."""
        slots = self.slots(customer, at=at)
        transcript = "\n".join(f"{said.role}: {said.text}" for said in list(thread.said)[-6:])
        text = (
            "<system-reminder>\nYou are in a sleeptime turn. Below is what was said since your "
            "last one. Update the shared memory blocks; do not answer the customer.\n"
            f"</system-reminder>\n\nMessages:\n{transcript}"
        )
        done = Call("memory_finish_edits", {}, "None", "Nothing more to change.")
        return Turn(
            at=at,
            text=text,
            steps=[[self._tidy(customer, slots)], [done]],
            group_id=thread.agent.group_id,
            reply=self._say("agent", "sleeptime.done", slots)
            if self.stage.era.since("0.16.8")
            else "",
            kind="send_message_async",
            thought=self._say("agent", "thought.memory", slots),
        )

    def _tidy(self, customer: Customer, slots: dict[str, str]) -> Call:
        """Add a line, or rewrite the whole block when it has become long."""
        era = self.stage.era
        line = f"{customer.first} {customer.last} liked the {slots['product']} in {slots['colour']}"

        def edit(blocks: dict[str, Block]) -> Edit | None:
            human = blocks["human"]
            lines = human.value.split("\n")
            if len(lines) > 9:
                return memory.rethink(human, "\n".join([*lines[:3], *lines[-3:], line]))
            return memory.insert(human, line, len(lines), era=era)

        return Call("memory", edit=edit, thought=self._say("agent", "thought.memory", slots))

    # -- calls --------------------------------------------------------------------------------

    def remember(
        self, thread: Thread, customer: Customer, fact: str, value: str, slots: dict[str, str]
    ) -> Call:
        """A memory edit that fits the agent's tools and keeps one line per fact."""
        agent, era, choice = thread.agent, self.stage.era, self.rng.random()
        whose = "" if agent.customer else f"{customer.first} {customer.last}: "
        line = whose + _FACT_LINES[fact].format(value)
        start = whose + _FACT_LINES[fact].partition(":")[0] + ":"

        def edit(blocks: dict[str, Block]) -> Edit | None:
            block = blocks.get("human")
            if block is None:
                return None
            return remembered(agent, block, line, start, era=era, choice=choice)

        return Call("memory", edit=edit, thought=self._say("agent", "thought.memory", slots))

    def _team_note(self, slots: dict[str, str]) -> Call:
        line = f"{slots['carrier']} {slots['depot']}: backlog, tell customers {slots['weekday']}"
        era = self.stage.era

        def edit(blocks: dict[str, Block]) -> Edit | None:
            block = blocks.get("team_notes")
            if block is None:
                return None
            if block.value.count("\n") > 12:
                kept = block.value.split("\n")
                return memory.rethink(block, "\n".join([*kept[:2], *kept[-4:], line]))
            return memory.insert(block, line, -1 if era.since("0.8.17") else 2, era=era)

        return Call("memory", edit=edit, thought=self._say("agent", "thought.memory", slots))

    def _lookup(self, topic: str, slots: dict[str, str], *, at: datetime) -> Call:
        thought = self._say("agent", "thought.lookup", slots)
        if topic == "advice":
            found = [
                {"name": slots["product"], "price": slots["amount"], "colour": slots["colour"]},
                {"name": slots["product2"], "price": slots["amount"]},
            ]
            return Call(
                "catalogue_search", {"query": slots["product"]}, {"results": found}, thought
            )
        if topic == "late" and self.rng.random() < 0.5:
            scans = [
                {"at": f"{at - timedelta(days=day):%Y-%m-%d} 06:{day}2", "place": slots["depot"]}
                for day in (1, 3)
            ]
            return Call(
                "carrier_status",
                {"tracking": slots["tracking"]},
                {"carrier": slots["carrier"], "scans": scans},
                thought,
            )
        return Call("lookup_order", {"order_id": slots["order"]}, self._order(slots), thought)

    def _order(self, slots: dict[str, str]) -> dict[str, Any]:
        status = self.rng.choice(("paid", "packed", "shipped", "delivered", "returned"))
        return {
            "order_id": slots["order"],
            "status": status,
            "carrier": slots["carrier"],
            "tracking": slots["tracking"],
            "items": [{"name": slots["product"], "size": slots["size"], "quantity": 1}],
            "total": slots["amount"],
            "ship_to": f"{slots['street']}, {slots['city']}",
        }

    def _stock(self, slots: dict[str, str]) -> Call:
        arguments = {"product": slots["product"], "size": slots["size2"]}
        return Call(
            "check_stock",
            arguments,
            {"pieces": int(slots["stock"]), "depot": slots["depot"]},
            self._say("agent", "thought.lookup", slots),
            printed=f"cache hit {slots['depot']}\n",
        )

    def _action(self, topic: str, slots: dict[str, str]) -> Call:
        thought = self._say("agent", "thought.reply", slots)
        if topic in ("size", "damaged"):
            arguments = {
                "order_id": slots["order"],
                "size": slots["size2"],
                "email": slots["email"],
            }
            return Call(
                "start_exchange", arguments, {"rma": slots["rma"], "label": "sent"}, thought
            )
        if topic == "invoice":
            arguments = {"order_id": slots["order"], "email": slots["email"]}
            return Call("send_invoice", arguments, f"Invoice {slots['invoice']} sent.", thought)
        if topic == "address":
            address = f"{slots['street']}, {slots['city']}"
            arguments = {"order_id": slots["order"], "address": address}
            return Call("change_address", arguments, {"changed": True}, thought)
        query = {"query": f"{slots['product']} {slots['last']}"}
        if self.rng.random() < 0.5:
            found = self._say("notes", "products", slots)
            return Call("archival_memory_search", query, f"[{{'content': {found!r}}}]", thought)
        return Call(
            "conversation_search",
            query,
            f"Showing 1 of 1 results: {self._say('en', 'late.ask', slots)}",
            thought,
        )

    # -- words --------------------------------------------------------------------------------

    def _answer(self, language: str, purpose: str, slots: dict[str, str]) -> str:
        parts = [self._say(language, purpose, slots)]
        if self.rng.random() < 0.6:
            parts.insert(0, self._say(language, "opener", slots))
        if self.rng.random() < 0.6:
            parts.append(self._say(language, "closer", slots))
        return (" " if self.rng.random() < 0.6 else "\n\n").join(parts)

    def _said(self, language: str, purpose: str, after: str, slots: dict[str, str]) -> str:
        """A customer's sentence, often with a word before it or another sentence after it."""
        parts = [self._say(language, purpose, slots)]
        if self.rng.random() < 0.6:
            parts.insert(0, self._say(language, "start", slots))
        if self.rng.random() < 0.45:
            parts.append(self._say(language, after, slots))
        return " ".join(parts)

    def _closing(self, language: str, slots: dict[str, str]) -> str:
        words = self._say(language, "welcome", slots)
        if self.rng.random() < 0.4:
            words += " " + self._say(language, "closer", slots)
        return words

    def _say(self, language: str, purpose: str, slots: dict[str, str]) -> str:
        return phrases.say(self.rng, language, purpose, slots)

    def _later(self, turns: list[Turn]) -> datetime:
        return turns[-1].at + timedelta(seconds=self.rng.randrange(40, 900))


def remembered(
    agent: Agent, block: Block, line: str, start: str, *, era: Era, choice: float
) -> Edit | None:
    """Add the line, or correct the one that starts alike, with a tool this agent type has."""
    known = next((old for old in block.value.split("\n") if old.startswith(start)), None)
    if known == line:
        return None
    if block.limit and len(block.value) + len(line) > block.limit:
        return memory.rethink(block, line)
    if agent.type == "memgpt_agent":
        return memory.core_replace(block, known, line) if known else memory.append(block, line)
    if known is None:
        end = -1 if era.since("0.8.17") else block.value.count("\n") + 1
        return memory.insert(block, line, end if choice < 0.7 else 1, era=era)
    if era.since("0.16.8") and choice < 0.2:
        return memory.apply_patch(block, known, line)
    if era.since("0.13.0") and choice < 0.4:
        return memory.memory_replace_command(block, known, line, era=era)
    return memory.replace(block, known, line, era=era)
