"""The six months: who is created when, who writes when, and what is left at the end."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from agents_app.demo.world import phrases
from agents_app.demo.world.archives import Archivist
from agents_app.demo.world.cast import Casting, spaced
from agents_app.demo.world.conversations import Conversations
from agents_app.demo.world.era import Era
from agents_app.demo.world.failures import TOOL_ERRORS, some_failure
from agents_app.demo.world.files import Librarian
from agents_app.demo.world.people import Customer, customers, organizations
from agents_app.demo.world.roles import ROLES
from agents_app.demo.world.rows import Sink, dumps
from agents_app.demo.world.scenes_memory import Memories
from agents_app.demo.world.scenes_proof import Proofs
from agents_app.demo.world.scenes_threads import Threads
from agents_app.demo.world.scenes_tools import Troubles
from agents_app.demo.world.scenes_words import Words
from agents_app.demo.world.scribe import Scribe
from agents_app.demo.world.secrets import keep_secrets
from agents_app.demo.world.sessions import Talk
from agents_app.demo.world.stage import Agent, Stage, Thread
from agents_app.demo.world.timeline import Timeline
from agents_app.demo.world.tools import Toolbox
from agents_app.demo.world.turns import Turn

_SCENE_ROWS = 190  # About what set pieces, system rows and boot rows add in a small world.
_DESKS = ("desk", "returns", "advice", "workshop")

Event = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    agents: int
    messages: int
    passages: int


class Story:
    """Plays the events in the order of time, so that sequence numbers follow it."""

    def __init__(self, sink: Sink, release: str, size: Size, *, seed: int, until: datetime) -> None:
        rng = Random(f"{seed}/{until.isoformat()}/{size.agents}/{size.messages}/{size.passages}")
        self.size = size
        self.stage = Stage(rng, sink, Era(release), until=until)
        self.timeline = Timeline(until)
        self.scribe = Scribe(self.stage)
        self.talk = Talk(self.stage)
        self.casting = Casting(self.stage)
        self.conversations = Conversations(self.stage, self.scribe, self.casting)
        self.roles: dict[str, Agent] = {}
        self.threads: dict[str, Thread] = {}
        self._events: list[tuple[datetime, int, Event]] = []
        self._order = count()
        self._committed = _SCENE_ROWS + 3 * size.agents
        self._writers: list[Thread] = []
        self._weights: list[float] = []
        self._dormant: list[tuple[datetime, Agent, str]] = []

    def tell(self, progress: Callable[[float], None]) -> None:
        """Everything, from the first organization to the last membership row."""
        self._people()
        self._agents()
        self._scenes()
        self._spawn()
        while self._events:
            self._play(progress)
        while self.stage.messages < self.size.messages and self._writers:
            self._session(self.stage.until - timedelta(seconds=self.stage.rng.randrange(60, 3000)))
            while self._events:
                self._play(progress)
        self._finish()

    # -- before the curtain -------------------------------------------------------------------

    def _people(self) -> None:
        stage, start = self.stage, self.timeline.start
        self.tenants = organizations(stage.rng, stage.sink, start=start)
        amount = max(24, self.size.agents * 2)
        self.customers = customers(stage.rng, stage.sink, self.tenants, count=amount, start=start)
        for tenant in self.tenants:
            Toolbox.create(stage.toolbox, stage.rng, stage.sink, tenant, at=start)
        stage.sink.checkpoint()

    def _agents(self) -> None:
        start, main = self.timeline.start, self.tenants[0]
        for number, role in enumerate(ROLES):
            at = spaced(start, number)
            self.roles[role.key] = self.casting.role(role, main, at=at)
            self._dormant.append((at, self.roles[role.key], role.key))
        self._pairs(start)
        for number, tenant in enumerate(self.tenants[1:]):
            at = spaced(start, number + 13)
            agent = self.casting.role(ROLES[0], tenant, at=at, name=f"{tenant.name} Desk")
            self._dormant.append((at, agent, f"desk-{number}"))
        personal = max(0, self.size.agents - len(self.casting.agents))
        for number in range(personal):
            at = spaced(start, 16 + number)
            agent = self.casting.personal(
                self.customers[number % len(self.customers)], number, at=at
            )
            self._dormant.append((at, agent, f"personal-{number}"))
        for at, agent, key in self._dormant:
            self._at(at, self._opening(agent, key))
        self._belongings(start)

    def _pairs(self, start: datetime) -> None:
        for main, sleeper, kind in (
            ("advice", "advice-sleep", "sleeptime"),
            ("voice", "voice-sleep", "voice_sleeptime"),
        ):
            self.casting.pair(
                self.roles[main],
                self.roles[sleeper],
                manager_type=kind,
                at=start + timedelta(days=6),
            )

    def _belongings(self, start: datetime) -> None:
        stage, main = self.stage, self.tenants[0]
        self.archivist = Archivist(stage, self.talk, self.customers)
        keepers = [self.roles[key] for key in (*_DESKS, "classic", "vip")]
        keepers += [agent for agent in self.casting.agents if agent.customer][:12]
        self.archivist.keep(keepers, self.size.passages)
        if stage.era.since("0.11.7"):
            self.archivist.share(self.roles["desk"], self.roles["night"])
        librarian = Librarian(stage, self.talk, self.archivist)
        readers = [self.roles["desk"], self.roles["advice"]]
        librarian.fill(main, readers, self.customers[0], at=start + timedelta(days=9))
        keep_secrets(stage, main, self.roles["desk"], at=start + timedelta(days=8))
        stage.sink.checkpoint()

    def _opening(self, agent: Agent, key: str) -> Event:
        def open_thread(at: datetime) -> None:
            thread = Thread(agent, customer=agent.customer)
            self.scribe.open(thread, at=at)
            self.threads[key] = thread
            silent = ("advice-sleep", "voice-sleep", "workflow", "react", "subagent")
            if key not in silent:
                self._writers.append(thread)
                self._weights.append(1 / (len(self._writers) ** 0.55))

        return open_thread

    def _scenes(self) -> None:
        """Every world has each scene once, at its share of the activity."""
        scenery = (
            self.stage,
            self.talk,
            self.scribe,
            self.casting,
            self.conversations,
            self.customers,
            self.roles,
            self.threads,
        )
        memories = Memories(*scenery)
        opened = spaced(self.timeline.start, 16)
        for scenes in (
            Words(*scenery),
            Troubles(*scenery),
            memories,
            Threads(*scenery),
            Proofs(*scenery),
        ):
            for share, scene in scenes.scenes():
                self._at(max(self.timeline.at(share, self.stage.rng), opened), scene)
        self._hand_edits(memories)

    def _hand_edits(self, pieces: Memories) -> None:
        """Support staff correct memory by REST now and then: about one edit per agent."""
        for number in range(self.size.agents):
            share = 0.3 + 0.65 * self.stage.rng.random()
            self._at(self.timeline.at(share, self.stage.rng), self._hand_edit(pieces, number))

    def _hand_edit(self, pieces: Memories, number: int) -> Event:
        note = (
            "Prefers answers by chat",
            "Has a standing order for socks",
            "Speaks slowly, be patient",
            "Complaint resolved, be generous",
            "Do not offer newsletters",
        )

        def edit(at: datetime) -> None:
            thread = self.stage.rng.choice(self._writers)
            block = thread.agent.blocks["human"]
            line = f"{note[number % len(note)]} (set by support)"
            if line not in block.value:
                pieces.edit_by_hand(block, f"{block.value}\n{line}", at=at)

        return edit

    # -- the play -----------------------------------------------------------------------------

    def _at(self, at: datetime, event: Event) -> None:
        heapq.heappush(self._events, (at, next(self._order), event))

    def _play(self, progress: Callable[[float], None]) -> None:
        at, _number, event = heapq.heappop(self._events)
        event(at)
        self.stage.sink.checkpoint()
        progress(min(1.0, self.stage.messages / max(1, self.size.messages)))

    def _spawn(self) -> None:
        """Plan the moment of the next session; the one after is planned when it starts."""
        if self._committed >= self.size.messages - 12:
            return
        at = self.timeline.at(self._committed / self.size.messages, self.stage.rng)
        at = max(at, spaced(self.timeline.start, 16))
        self._at(at, self._spawned)

    def _spawned(self, at: datetime) -> None:
        self._session(at)
        self._spawn()

    def _session(self, at: datetime) -> None:
        rng = self.stage.rng
        home = rng.choices(self._writers, self._weights)[0]
        customer = home.customer or self._customer(home.agent)
        thread = home
        if self._has_conversations(home) and rng.random() < 0.6:
            thread = self.conversations.of(home.agent, customer, at=at)
        for turn in self.talk.session(home, customer, at=at):
            if turn.at >= self.stage.until:
                turn.at = self.stage.until - timedelta(seconds=rng.randrange(1, 30))
            planned = _rows(home.agent, turn)
            self._committed += planned
            self._at(turn.at, self._performance(thread, turn, planned=planned))

    def _has_conversations(self, thread: Thread) -> bool:
        named = self.stage.era.has_conversations
        return named and thread.customer is None and thread.agent.type == "letta_v1_agent"

    def _customer(self, agent: Agent) -> Customer:
        same = [one for one in self.customers if one.organization is agent.organization]
        return self.stage.rng.choice(same or self.customers)

    def _performance(self, thread: Thread, turn: Turn, *, planned: int) -> Event:
        rng = self.stage.rng
        chance = rng.random()
        if chance < 0.012:
            turn.failure = some_failure(rng)
            turn.steps = []
        elif chance < 0.016:
            turn.unfinished = True
            turn.steps = []
        elif chance < 0.045 and turn.steps and turn.steps[0][0].edit is None:
            turn.steps[0][0].error = rng.choice(TOOL_ERRORS)
        if thread.agent.model.endpoint == "anthropic" and chance > 0.98:
            turn.reasoning = "redacted"
        turn.kind = rng.choices(
            ("send_message", "send_message_streaming", "send_message_async"), (80, 14, 6)
        )[0]
        turn.group_id = thread.agent.group_id if thread.agent.sleeper else None

        def perform(at: datetime) -> None:
            before = self.stage.messages
            turn.at = max(at, (thread.last or at) + timedelta(milliseconds=1))
            self.scribe.turn(thread, turn)
            self._afterwards(thread, turn)
            self._committed += self.stage.messages - before - planned

        return perform

    def _afterwards(self, thread: Thread, turn: Turn) -> None:
        if thread.agent.sleeper and thread.turns % 5 == 0:
            at = (thread.last or turn.at) + timedelta(seconds=20)
            self._at(min(at, self.stage.until), self._sleep(thread, turn))
        if len(thread.context) > 70:
            customer = thread.customer or self.customers[0]
            at = (thread.last or turn.at) + timedelta(seconds=2)
            slots = self.talk.slots(customer, at=at)
            summary = phrases.say(self.stage.rng, "agent", "summary", slots)
            role = "summary" if thread.turns % 3 == 0 else "user"
            self.scribe.ledger.summarized(thread, summary, at=at)
            self.scribe.compact(thread, summary, at=at, role=role)

    def _sleep(self, thread: Thread, turn: Turn) -> Event:
        """The memory keeper's own turn: transcript in, edits of the shared blocks, done."""

        def sleep(at: datetime) -> None:
            sleeper = thread.agent.sleeper
            keeper = next(own for own in self.threads.values() if own.agent is sleeper)
            customer = thread.customer or self.customers[0]
            before = self.stage.messages
            self.scribe.turn(keeper, self.talk.sleeping(thread, turn, customer, at=at))
            self._committed += self.stage.messages - before

        return sleep

    # -- after the curtain --------------------------------------------------------------------

    def _finish(self) -> None:
        self.conversations.finish()
        sink = self.stage.sink
        for thread in (*self.threads.values(), *self.conversations.threads):
            part: dict[str, str | None] = {"type": "text", "text": thread.prompt}
            if self.stage.era.signs_parts:
                part["signature"] = None
            sink.change(
                "messages",
                thread.system_id,
                {"content": dumps([part]), "updated_at": thread.prompt_at},
            )
        for thread in self.threads.values():
            agent = thread.agent
            sink.change(
                "agents",
                agent.id,
                {
                    "message_ids": dumps(thread.context),
                    "last_stop_reason": agent.last_stop,
                    "updated_at": agent.updated or agent.created,
                },
            )
        for block in self.casting.blocks:
            sink.change("block", block.id, block.changes())


def _rows(agent: Agent, turn: Turn) -> int:
    """How many rows the turn will take, before failures and edits that change nothing."""
    return 2 + 2 * len(turn.steps) if agent.speaks else 3 + 3 * len(turn.steps)
