"""A stretch of messages as turns: grouped by step, parted by days and pauses, each row with what it shows."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils import timezone

from agents_app.conversations.effects import slots
from agents_app.conversations.highlighting import Pen
from agents_app.conversations.pieces import Drawing, Piece, pieces
from agents_app.conversations.queries.bodies import Body
from agents_app.conversations.words import LOOKS, ROLES, counted, span
from agents_app.letta.reading.messages import Reading, read_message
from agents_app.letta.reading.pairing import Pairing, pair
from agents_app.text.marks import plain

PAUSE_SECONDS = 45 * 60
READER_KINDS = frozenset(
    {"user", "reply", "agent_message", "summary", "approval_request", "approval_response"}
)
READER_FORMS = frozenset({"said", "summary", "image", "approval"})


@dataclass(frozen=True, slots=True)
class Said:
    """A row with its reading."""

    body: Body
    reading: Reading

    @property
    def row(self) -> dict[str, Any]:
        return self.body.row

    @property
    def id(self) -> str:
        return self.reading.id


@dataclass(slots=True)
class Turn:
    """One row on the page. `hidden` says what a reader's page leaves out just before it."""

    said: Said
    role: str
    look: str
    pieces: list[Piece]
    in_context: bool = False
    is_asked: bool = False
    is_error: bool = False
    sender: tuple[str, str] | None = None
    link: str = ""
    anchors: tuple[str, ...] = ()

    @property
    def row(self) -> dict[str, Any]:
        return self.said.row


@dataclass(slots=True)
class Group:
    """Turns that stand together; what parts them from those before."""

    day: datetime | None = None
    pause: str = ""
    hidden: str = ""
    hidden_from: str = ""
    hidden_slots: Sequence[str] = ()
    step: Mapping[str, Any] | None = None
    step_id: str = ""
    turns: list[Turn] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the page knows around its rows."""

    agent_type: str | None
    prompt_ids: Collection[str] = ()
    context: Collection[str] = ()
    steps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    names: Mapping[str, str | None] = field(default_factory=dict)
    before: Sequence[Said] = ()
    after: Sequence[Said] = ()


def read(
    bodies: Sequence[Body], *, agent_type: str | None, prompt_ids: Collection[str] = ()
) -> list[Said]:
    """The rows, read."""
    return [
        Said(
            body, read_message(body.row, agent_type=agent_type, prompt_ids=prompt_ids, cut=body.cut)
        )
        for body in bodies
    ]


def paired(rows: Sequence[Said], around: Surroundings) -> Pairing:
    """Calls and returns joined over the page and the rows beside it."""
    return pair([said.reading for said in (*around.before, *rows, *around.after)])


def sender_of(said: Said) -> str | None:
    """The agent that sent this row to the one it belongs to."""
    envelope = said.reading.envelope
    return envelope.sender_agent_id if envelope else None


def groups(
    rows: Sequence[Said],
    around: Surroundings,
    *,
    pen: Pen,
    full: bool,
    prompts: bool,
    asked: str = "",
    newest_first: bool = False,
    begins: Mapping[str, str] | None = None,
) -> list[Group]:
    """The page; `rows` are oldest first. A reader's page leaves out everything but people's words.

    With `newest_first` turns stand in that order: rows of which `begins` names the same first one
    stay together as they came.
    """
    pairing = paired(rows, around)
    earlier = {(said.id, call.index): call for said in around.before for call in said.reading.calls}
    drawing = Drawing(pen, pairing, frozenset(said.id for said in rows), prompts, earlier)
    asked_at = _stands_in(asked, pairing, drawing.on_page)
    found, passed, last = list[Group](), Passed(), None
    for said in _by_turn(rows, begins or {}) if newest_first else rows:
        turn = _turn(said, around, drawing, full=full)
        if turn is None:
            passed.add(said, calls=len(said.reading.calls), slots=slots(said.reading).values())
            continue
        turn.is_asked = said.id == asked_at
        _place(found, turn, last, around, full=full)
        if passed.words and not full:
            _tell(found, passed)
        passed, last = Passed(), said
        if not full:
            passed.add(said, calls=_calls_left_out(turn), slots=_slots_left_out(turn))
    if passed.words and not full:
        found.append(
            Group(hidden=passed.words, hidden_from=passed.first, hidden_slots=passed.slots)
        )
    return found


def _by_turn(rows: Sequence[Said], begins: Mapping[str, str]) -> Iterator[Said]:
    turns: dict[str, list[Said]] = {}
    for said in reversed(rows):
        turns.setdefault(begins.get(said.id, said.id), []).append(said)
    for turn in turns.values():
        yield from reversed(turn)


@dataclass(slots=True)
class Passed:
    """What a reader's page leaves out between two turns."""

    first: str = ""
    calls: int = 0
    failed: int = 0
    others: int = 0
    slots: list[str] = field(default_factory=list)

    def add(self, said: Said, *, calls: int, slots: Iterable[str] = ()) -> None:
        self.first = self.first or said.id
        self.calls += calls
        self.slots += slots
        if said.reading.kind == "tool":
            self.failed += sum(one.status == "error" for one in said.reading.returns)
        elif said.reading.kind not in READER_KINDS:
            self.others += not calls

    @property
    def words(self) -> str:
        words = [counted(self.calls, "tool call")] if self.calls else []
        words += [f"{self.failed:,} failed"] if self.failed else []
        words += [counted(self.others, "other row")] if self.others else []
        return ", ".join(words)


def _calls_left_out(turn: Turn) -> int:
    drawn = sum(piece.form == "call" for piece in turn.pieces)
    return max(sum(not call.is_plumbing for call in turn.said.reading.calls) - drawn, 0)


def _slots_left_out(turn: Turn) -> list[str]:
    drawn = {piece.call.slot for piece in turn.pieces if piece.call}
    return [one for one in slots(turn.said.reading).values() if one not in drawn]


def _tell(found: list[Group], passed: Passed) -> None:
    """The last turn gets a group of its own, so that what was left out is told before it."""
    group = found[-1]
    if len(group.turns) > 1:
        group = Group(turns=[group.turns.pop()])
        found.append(group)
    group.hidden, group.hidden_from = passed.words, passed.first
    group.hidden_slots = passed.slots


def _stands_in(asked: str, pairing: Pairing, on_page: frozenset[str]) -> str:
    """The row in whose turn the asked-for message is drawn: a return stands in the turn of its call."""
    for (message_id, _), (call_id, _) in pairing.questions.items():
        if message_id == asked and call_id in on_page:
            return call_id
    return asked


def _turn(said: Said, around: Surroundings, drawing: Drawing, *, full: bool) -> Turn | None:
    reading = said.reading
    returned_elsewhere = _is_drawn_in_calls(reading, drawing)
    if returned_elsewhere and not reading.approvals:
        return None
    shown = pieces(reading, drawing)
    if not full:
        if (
            reading.kind not in READER_KINDS
            and not reading.is_err
            and not any(p.form == "image" for p in shown)
        ):
            return None
        shown = [
            piece for piece in shown if piece.form in READER_FORMS or _is_asking(reading, piece)
        ]
        if not shown:
            return None
    return Turn(
        said=said,
        role=_role(reading),
        look=LOOKS.get(reading.kind, reading.kind),
        pieces=shown,
        in_context=said.id in around.context,
        is_error=reading.is_err,
        sender=_sender(said, around),
        link=quote(said.id, safe=""),
        anchors=tuple(dict.fromkeys(_anchors(shown, drawing.on_page))),
    )


def _is_asking(reading: Reading, piece: Piece) -> bool:
    return reading.kind == "approval_request" and piece.form == "call"


def _anchors(shown: Sequence[Piece], on_page: frozenset[str]) -> list[str]:
    """Rows on this page that are drawn inside this turn."""
    returned = [piece.call.returned for piece in shown if piece.form == "call" and piece.call]
    return [one.message_id for one in returned if one is not None and one.message_id in on_page]


def _is_drawn_in_calls(reading: Reading, drawing: Drawing) -> bool:
    """Whether the row only holds returns that are drawn beside their calls, or confirm a sent message."""
    if reading.kind != "tool" or reading.calls or reading.problems:
        return False
    places = [drawing.pairing.questions.get((reading.id, one.index)) for one in reading.returns]
    answered = [
        place is not None
        and place[0] in drawing.on_page
        and drawing.pairing.answers[place].message_id == reading.id
        for place in places
    ]
    return bool(answered) and all(answered)


def _role(reading: Reading) -> str:
    if reading.kind == "user" and reading.envelope and reading.envelope.name:
        return plain(reading.envelope.name, limit=60)
    if reading.kind == "unknown" and reading.role:
        return ROLES["reply"] if reading.role == "assistant" else plain(reading.role, limit=40)
    return ROLES[reading.kind]


def _sender(said: Said, around: Surroundings) -> tuple[str, str] | None:
    agent_id = sender_of(said)
    return (agent_id, around.names.get(agent_id) or "") if agent_id else None


def _place(
    found: list[Group], turn: Turn, last: Said | None, around: Surroundings, *, full: bool
) -> None:
    """Adds the turn to the last group, or begins a new one."""
    row, before = turn.row, last.row if last else {}
    step_id = (row["step_id"] or "") if full else ""
    group = Group(day=_new_day(row["created_at"], before.get("created_at")), step_id=step_id)
    if group.day is None:
        group.pause = _pause(row["created_at"], before.get("created_at"))
    if found and not group.day and not group.pause and found[-1].step_id == step_id:
        found[-1].turns.append(turn)
        return
    group.turns.append(turn)
    if step_id and not any(earlier.step_id == step_id for earlier in found[-8:]):
        group.step = around.steps.get(step_id, {"id": step_id})
    found.append(group)


def _new_day(moment: Any, before: Any) -> datetime | None:
    here, there = _local(moment), _local(before)
    if here is None or (there is not None and here.date() == there.date()):
        return None
    return here


def _pause(moment: Any, before: Any) -> str:
    if not isinstance(moment, datetime) or not isinstance(before, datetime):
        return ""
    seconds = (moment - before).total_seconds()
    return f"{span(seconds)} later" if seconds >= PAUSE_SECONDS else ""


def _local(moment: Any) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    try:
        return timezone.localtime(moment)
    except (OverflowError, ValueError):
        return moment
