"""Messages for evidence bundles: a named conversation, an agent's default one, or every row of an agent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from agents_app.accounts.roles import Right
from agents_app.conversations.queries import surroundings
from agents_app.conversations.queries.bodies import anchor, bodies
from agents_app.conversations.queries.keys import Rows, numbered
from agents_app.conversations.queries.surroundings import around_time
from agents_app.conversations.queries.windows import EDGE_ROWS
from agents_app.conversations.rendering import message_json
from agents_app.conversations.threads import Key, Scope, Thread
from agents_app.conversations.transcript import scene
from agents_app.conversations.turns import Said, read
from agents_app.evidence.sources import Asked, Chapter, Coverage, Portion, Source, Subject
from agents_app.revisions.replay import TOOLS
from agents_app.text.marks import name_label

WINDOW: Final = 200
COUNTED: Final = 2_000
LONGEST: Final = 1_000_000  # characters of one column

Row = dict[str, Any]
SCOPES: Final = {"conversation": Scope.NAMED, "thread": Scope.DEFAULT, "agent": Scope.ALL}
NAMES: Final = {
    "conversation": "Conversation", "thread": "Default conversation of", "agent": "All messages of",
}  # fmt: skip

WITHHELD: Final = "System prompts left out, as the exporter’s role may not see prompts: {}."
CUT: Final = f"Messages with a text of more than {LONGEST:,} characters, of which the rest is left out: {{}}."
PICTURES: Final = "Messages whose images are left out; the images are named with type and size: {}."
TIMELESS: Final = "Messages left out as they have no time, and a range of time was asked for: {}."
OTHERS: Final = "Messages left out as they neither call a memory tool nor return from one: {}."
DELETED: Final = "Messages that are soft-deleted in Letta are left out."
STEPS: Final = "Steps, runs and the raw requests to models are left out."


def _thread(asked: Asked) -> Thread | None:
    scope, deleted = SCOPES[asked.kind], asked.with_deleted
    if scope is not Scope.NAMED:
        return Thread(asked.id, scope=scope, with_deleted=deleted)
    found = surroundings.conversation(asked.id)
    if found is None or not found["agent_id"]:
        return None
    return Thread(found["agent_id"], asked.id, scope, with_deleted=deleted)


def subject(asked: Asked) -> Subject | None:
    """The thread with the facts of its agent and conversation."""
    thread = _thread(asked)
    agent = surroundings.agent(thread.agent_id) if thread else None
    if thread is None or agent is None:
        return None
    found = surroundings.conversation(asked.id) if thread.conversation_id else None
    facts = {
        "agent": {name: agent[name] for name in ("id", *surroundings.AGENT_COLUMNS)},
        "conversation": found,
        "thread": thread.scope.value,
    }
    title = f"{NAMES[asked.kind]} {name_label((found or agent).get('summary') or agent['name'])}"
    return Subject(asked.id, title, agent["organization_id"], thread.agent_id, facts)


def expected(asked: Asked) -> list[tuple[str, Any]]:
    """How many messages there are, up to 2,000, and the times of the first and last; by index only."""
    thread = _thread(asked)
    if thread is None:
        return []
    rows, span = Rows(thread), _Span(thread, asked)
    keys = [] if span.is_empty else rows.oldest(count=COUNTED + 1, after=span.start)
    inside = [key for key in keys if not span.is_beyond(key)]
    more = len(inside) > COUNTED
    told: list[tuple[str, Any]] = [("Messages", f"more than {COUNTED:,}" if more else len(inside))]
    if inside:
        last = inside[-1] if not more else (rows.newest(count=1) or inside)[0]
        told += [("First", _time(inside[0])), ("Last", _time(last))]
    return told


def _time(key: Key) -> Any:
    found = anchor(key.id)
    return found and found["created_at"]


def chapters(asked: Asked, coverage: Coverage) -> Iterator[Chapter]:
    """One chapter: the messages."""
    thread = _thread(asked)
    agent = surroundings.agent(thread.agent_id) if thread else None
    if thread is None or agent is None:
        return
    title = (
        f"{NAMES[asked.kind]} {name_label(agent['name'])}"
        if asked.kind != "conversation"
        else "Messages"
    )
    portions = _portions(thread, agent, asked, coverage=coverage)
    coverage.note(STEPS, count=int(STEPS not in coverage.notes))
    coverage.note(DELETED, count=int(not asked.with_deleted and DELETED not in coverage.notes))
    yield Chapter(
        "messages",
        title,
        "message",
        "conversations/evidence.html",
        portions,
        agent_id=thread.agent_id,
    )


class _Span:
    """The places between which a range of time lies; clocks and places disagree by a few rows at most."""

    def __init__(self, thread: Thread, asked: Asked) -> None:
        self.start: Key | None = None
        self.is_empty, self.ends, self.until = False, None, asked.until
        agent_id = thread.agent_id
        if asked.since is not None:
            self._begin(around_time(agent_id, asked.since, later=True, count=EDGE_ROWS))
        if asked.until is not None and numbered():
            last = around_time(agent_id, asked.until, later=False, count=EDGE_ROWS)
            self.is_empty = self.is_empty or not last
            self.ends = max((int(key.place or 0) for key in last), default=None)

    def _begin(self, keys: list[Key]) -> None:
        self.is_empty = not keys
        if keys and numbered():
            self.start = Key(str(min(int(key.place or 0) for key in keys) - 1), "")
        elif keys:
            self.start = Key(keys[0].place, "")

    def is_beyond(self, key: Key) -> bool:
        """Whether neither this row nor any after it can lie in the range."""
        return self.ends is not None and int(key.place or 0) > self.ends


def _portions(thread: Thread, agent: Row, asked: Asked, *, coverage: Coverage) -> Iterator[Portion]:
    rows, span, kept = Rows(thread), _Span(thread, asked), _Kept(asked, coverage)
    start = span.start
    while not span.is_empty and (keys := rows.oldest(count=WINDOW, after=start)):
        inside = [key for key in keys if not span.is_beyond(key)]
        yield _portion(thread, agent, inside, kept=kept)
        if len(inside) < len(keys) or len(keys) < WINDOW:
            return
        start = keys[-1]


def _portion(thread: Thread, agent: Row, keys: list[Key], *, kept: "_Kept") -> Portion:
    found = scene(thread, agent, keys, older=False, newer=False, prompts=kept.asked.prompts)
    entries = []
    for said in found.rows:
        if not kept.keeps(said):
            continue
        withheld = said.id in found.withheld
        whole = said if withheld else kept.whole(said, agent)
        kept.tell(whole, withheld=withheld)
        in_context = said.id in found.context
        entries.append(message_json(whole, in_context=in_context, withheld=withheld))
    return Portion(entries, [str(entry["id"]) for entry in entries])


class _Kept:
    """Which rows of a thread the bundle holds, and what it says of the others."""

    def __init__(self, asked: Asked, coverage: Coverage) -> None:
        self.asked, self.coverage = asked, coverage
        self._called = set[str]()

    def keeps(self, said: Said) -> bool:
        if not self._is_within(said.row["created_at"]):
            return False
        if not self.asked.memory_only or self._concerns_memory(said):
            return True
        self.coverage.note(OTHERS)
        return False

    def _is_within(self, at: Any) -> bool:
        since, until = self.asked.since, self.asked.until
        if since is None and until is None:
            return True
        if not isinstance(at, datetime):
            self.coverage.note(TIMELESS)
            return False
        moment = at if at.tzinfo else at.replace(tzinfo=UTC)
        return (since is None or moment >= since) and (until is None or moment < until)

    def _concerns_memory(self, said: Said) -> bool:
        """Calls of memory tools, and what came back from them."""
        calls = [call for call in said.reading.calls if call.name in TOOLS]
        self._called |= {call.id for call in calls if call.id}
        answered = {one.call_id for one in said.reading.returns if one.call_id} & self._called
        self._called -= answered
        return bool(calls or answered)

    def whole(self, said: Said, agent: Row) -> Said:
        """The row with its long texts, read again by itself where the window brought their beginnings only."""
        if not said.body.cut:
            return said
        body = bodies([said.id], head=LONGEST).get(said.id)
        prompts = {said.id} if said.reading.kind == "system_prompt" else set[str]()
        if body is None:
            return said
        return read([body], agent_type=agent["agent_type"], prompt_ids=prompts)[0]

    def tell(self, said: Said, *, withheld: bool) -> None:
        if withheld:
            self.coverage.note(WITHHELD)
            return
        self.coverage.note(CUT, count=int(bool(said.body.cut)))
        images = any(part.image for part in said.reading.parts)
        self.coverage.note(PICTURES, count=int(images))


_RIGHTS = frozenset({Right.CONTENT})
THREAD = Source(
    "default conversation", "agent_id", _RIGHTS, subject, expected, chapters, is_own=True
)
AGENT = replace(THREAD, name="agent’s messages")
CONVERSATION = replace(THREAD, name="conversation", argument="conversation_id")
