"""What one row shows: pieces in the order in which they were said and done, already inert HTML.

Everything a template needs is made here, once, so that fifty rows cost little to draw.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from agents_app.conversations.effects import edits, slot
from agents_app.conversations.highlighting import Pen
from agents_app.conversations.words import EVENTS, HIDDEN_THOUGHTS, MEDIA, TRIGGERS, counted
from agents_app.letta.reading.approvals import Approval
from agents_app.letta.reading.calls import LOOKING_UP, ToolCall
from agents_app.letta.reading.messages import Reading
from agents_app.letta.reading.pairing import Answer, CallKey, Pairing
from agents_app.letta.reading.parts import REASONING, Image, Part
from agents_app.letta.reading.returns import ToolReturn
from agents_app.letta.reading.withheld import is_withheld
from agents_app.text.jsontext import pretty
from agents_app.text.marks import name_label, plain
from agents_app.text.masking import policy, trees
from agents_app.text.masking.names import tells

BRIEF = 90
ARGUMENT = 4_000
MOST_ARGUMENTS = 40
PROBLEMS_SHOWN = 6


@dataclass(slots=True)
class Piece:
    """`form` names how the template draws it.

    It is one of said, thought, call, return, approval, summary, image, prompt, raw, problems, note.
    """

    form: str
    html: SafeString | str = ""
    brief: str = ""
    title: str = ""
    level: str = ""
    call: "CallPiece | None" = None
    image: "ImagePiece | None" = None
    lines: tuple[SafeString | str, ...] = ()


@dataclass(slots=True)
class CallPiece:
    """A tool call with what came back. `status` is success, error, unknown, waiting or absent.

    `slot` is the element that what it did to memory appears in; empty where it cannot do anything.
    `looks_up` says that it searched archival memory or files; `index` is its place in its row.
    """

    name: str
    brief: str
    arguments: tuple[tuple[str, SafeString], ...]
    text: SafeString | str
    note: str
    status: str
    returned: "ReturnPiece | None" = None
    slot: str = ""
    index: int = 0
    looks_up: bool = False


@dataclass(slots=True)
class ReturnPiece:
    """What a tool gave back; `elsewhere` is set where another row than those shown holds it."""

    message_id: str
    html: SafeString
    output: SafeString | str
    note: str
    images: tuple["ImagePiece", ...] = ()
    elsewhere: bool = False


@dataclass(slots=True)
class ImagePiece:
    """An image that is not loaded until it is clicked; `part` is None where the page cannot serve it."""

    label: str
    message_id: str
    part: int | None
    size_bytes: int | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What drawing needs beside the row: pen, pairs, which rows are on the page, whether prompts may be read."""

    pen: Pen
    pairing: Pairing
    on_page: frozenset[str]
    prompts: bool
    earlier: Mapping[CallKey, ToolCall] = field(default_factory=dict)


def pieces(reading: Reading, drawing: Drawing) -> list[Piece]:
    """Everything the row holds, in reading order."""
    if is_withheld(reading, prompts=drawing.prompts):
        return [Piece("note", "A system prompt. Reading it needs the right to see prompts.")]
    found = [*_thoughts(reading, drawing), *_words(reading, drawing), *_images(reading)]
    found += [_approval(one, drawing) for one in reading.approvals]
    drawn = [call for call in reading.calls if _is_drawn(reading, call, drawing)]
    found += [Piece("call", call=_call(reading, call, drawing)) for call in drawn]
    found += _returns(reading, drawing)
    found += _leftovers(reading, drawing)
    if reading.problems:
        found.append(_problems(reading))
    return found or [Piece("note", "An empty row.")]


# --- what was said -----------------------------------------------------------------------------------


def _thoughts(reading: Reading, drawing: Drawing) -> Iterator[Piece]:
    for thought in reading.thoughts:
        yield Piece("thought", drawing.pen.draw(thought), brief=_brief(thought))
    for part in reading.parts:
        if part.kind in REASONING and not part.text:
            yield Piece("note", HIDDEN_THOUGHTS.get(part.kind, "A hidden thought."))


def _words(reading: Reading, drawing: Drawing) -> Iterator[Piece]:
    for reply in reading.reply_texts:
        yield Piece("said", drawing.pen.draw(reply))
    if reading.kind == "summary":
        yield _summary(reading, drawing)
    elif reading.kind == "system_prompt":
        title = f"System prompt · {counted(len(reading.text), 'character')}"
        yield Piece(
            "prompt", drawing.pen.draw(reading.text), title=title, brief=_brief(reading.text)
        )
    elif reading.kind in ("event", "transcript"):
        yield from _event(reading, drawing)
    elif reading.text:
        yield Piece("said", drawing.pen.draw(reading.text))
    for reminder in (
        reading.envelope.reminders if reading.envelope and reading.kind == "user" else ()
    ):
        yield Piece(
            "thought",
            drawing.pen.draw(reminder),
            title="Added by the client",
            brief=_brief(reminder),
        )


def _event(reading: Reading, drawing: Drawing) -> Iterator[Piece]:
    envelope = reading.envelope
    kind = envelope.kind if envelope else ""
    words = EVENTS.get(kind, "Letta told the agent:")
    if kind == "login" and envelope and envelope.last_login:
        words = f"{words} Last seen: {plain(envelope.last_login, limit=60)}."
    if kind == "transcript" or len(reading.text) > 400:
        yield Piece(
            "thought", drawing.pen.draw(reading.text), title=words, brief=_brief(reading.text)
        )
    else:
        yield Piece("said", drawing.pen.draw(f"{words} {reading.text}".strip()))


def _summary(reading: Reading, drawing: Drawing) -> Piece:
    stats = reading.envelope.stats if reading.envelope else None
    return Piece("summary", drawing.pen.draw(reading.text), title=compaction(stats or {}))


def compaction(stats: dict[str, Any]) -> str:
    """Letta's compaction_stats in a sentence."""
    before, after = stats.get("messages_count_before"), stats.get("messages_count_after")
    sentence = "Older messages were replaced by a summary here"
    if _is_count(before) and _is_count(after):
        sentence = f"Compacted here: {before:,} messages in context became {after:,}"
    told = [sentence]
    tokens = stats.get("context_tokens_before"), stats.get("context_tokens_after")
    if _is_count(tokens[0]) and _is_count(tokens[1]):
        told.append(f"{tokens[0]:,} tokens became {tokens[1]:,}")
    trigger = stats.get("trigger")
    if isinstance(trigger, str) and trigger:
        told.append(TRIGGERS.get(trigger, f"trigger {plain(trigger, limit=60)}"))
    return "; ".join(told) + "."


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _images(reading: Reading) -> Iterator[Piece]:
    for part in reading.parts:
        if part.kind == "image":
            yield Piece("image", image=_image(part, reading.id))


def _image(part: Part, message_id: str) -> ImagePiece:
    if part.image is None:
        return ImagePiece("an image without a source", message_id, None, None)
    return image_piece(part.image, message_id, part.index)


def image_piece(image: Image, message_id: str, part: int | None) -> ImagePiece:
    """The placeholder of an image; one that is only an address is never fetched."""
    label = MEDIA.get(image.media_type) or plain(image.media_type, limit=40)
    if image.url and not image.size_bytes:
        return ImagePiece(label, message_id, None, None, url=plain(image.url, limit=300))
    return ImagePiece(label, message_id, part, image.size_bytes)


# --- what was done -----------------------------------------------------------------------------------


def _is_drawn(reading: Reading, call: ToolCall, drawing: Drawing) -> bool:
    """A sent message is drawn as what was said; its call only when something went wrong."""
    if not call.is_plumbing:
        return True
    answer = drawing.pairing.answer(reading.id, call.index)
    return bool(call.problem) or (answer is not None and not answer.tool_return.is_empty)


def _call(reading: Reading, call: ToolCall, drawing: Drawing) -> CallPiece:
    answer = drawing.pairing.answer(reading.id, call.index)
    arguments = call_arguments(call, drawing.pen)
    return CallPiece(
        name=name_label(call.name) if call.name else "(no name)",
        brief=_call_brief(call),
        arguments=arguments,
        text="" if arguments else drawing.pen.draw(call.raw or _arguments_text(call)),
        note=call.problem or "",
        status=answer.tool_return.status
        if answer
        else "waiting"
        if reading.kind == "approval_request"
        else "absent",
        returned=_return(answer, drawing) if answer else None,
        slot=slot(reading.id, call.index) if edits(call) else "",
        index=call.index,
        looks_up=call.name in LOOKING_UP,
    )


def call_arguments(call: ToolCall, pen: Pen) -> tuple[tuple[str, SafeString], ...]:
    """Each argument by name, masked as that name says; text as it is, the rest as indented JSON."""
    own = call.own_arguments
    if not own:
        return ()
    pairs = [(str(name), value) for name, value in own.items()]
    if call.is_plumbing:
        pairs = [(name, value) for name, value in pairs if name != "message"]
    shown = pairs[:MOST_ARGUMENTS]
    return tuple(
        (plain(name, limit=80), pen.draw(_value(_own(name, value)), limit=ARGUMENT))
        for name, value in shown
    )


def _own(name: str, value: Any) -> Any:
    """The value as its name lets it be seen; a long text is masked by its door, as far as it is drawn."""
    if isinstance(value, str) and len(value) > ARGUMENT and not tells(name):
        return value
    return trees.shown(value, name)


def _value(value: Any) -> str:
    return value if type(value) is str else pretty(value, limit=ARGUMENT)


def _arguments_text(call: ToolCall) -> str:
    """What is no object with a member: an empty one, or the stored text."""
    return call.raw_arguments if call.own_arguments is None else call.arguments_text(limit=ARGUMENT)


def _call_brief(call: ToolCall) -> str:
    own = call.own_arguments
    if not own:
        return ""
    said = [f"{name}: {_one_line(_own(str(name), value))}" for name, value in list(own.items())[:3]]
    return _brief(", ".join(said))


def _one_line(value: Any) -> str:
    return (
        policy.beginning(value, BRIEF)[0] if isinstance(value, str) else pretty(value, limit=BRIEF)
    )


def _return(answer: Answer, drawing: Drawing) -> ReturnPiece:
    return return_piece(
        answer.tool_return,
        answer.message_id,
        pen=drawing.pen,
        note=answer.note or "",
        elsewhere=answer.message_id not in drawing.on_page,
    )


def return_piece(
    found: ToolReturn, message_id: str, *, pen: Pen, note: str = "", elsewhere: bool = False
) -> ReturnPiece:
    """A tool's return to read; what it printed stands apart."""
    notes = [note, found.problem or ""]
    if found.truncated:
        notes.append(f"Letta kept {found.truncated.shown:,} of {found.truncated.full:,} characters")
    printed = "\n".join((*found.stdout, *found.stderr))
    return ReturnPiece(
        message_id=message_id,
        html=pen.draw(found.message or found.raw or ""),
        output=pen.draw(printed, limit=ARGUMENT) if printed else "",
        note="; ".join(filter(None, notes)),
        images=tuple(image_piece(image, message_id, None) for image in found.images),
        elsewhere=elsewhere,
    )


def _returns(reading: Reading, drawing: Drawing) -> Iterator[Piece]:
    """Returns whose call is not drawn on this page, or that answer a call a second time."""
    for found in reading.returns:
        question = drawing.pairing.questions.get((reading.id, found.index))
        first = drawing.pairing.answers.get(question) if question else None
        if first and first.message_id == reading.id and question and question[0] in drawing.on_page:
            continue
        returned = return_piece(found, reading.id, pen=drawing.pen)
        if first and first.message_id != reading.id:
            returned.note = "; ".join(
                filter(None, ("this call had a return already", returned.note))
            )
        call = drawing.earlier.get(question) if question else None
        name = name_label(call.name) if call else ""
        brief = _call_brief(call) if call else ""
        drawn = CallPiece(name, brief, (), "", "", found.status, returned)
        yield Piece(
            "return",
            call=drawn,
            title=found.call_id or "",
            brief=question[0] if question and call else "",
        )


def _approval(approval: Approval, drawing: Drawing) -> Piece:
    state = {True: "approved", False: "denied"}.get(approval.approve, "unknown")  # type: ignore[arg-type]
    reason = drawing.pen.draw(approval.reason) if approval.reason else ""
    return Piece(
        "approval", reason, title=state, brief=approval.call_id or approval.request_id or ""
    )


# --- what could not be read --------------------------------------------------------------------------


def _leftovers(reading: Reading, drawing: Drawing) -> Iterator[Piece]:
    """Parts of no known kind, and what older and newer columns hold differently."""
    for part in reading.parts:
        if part.duplicate or part.kind not in ("unknown", "legacy", "tool_return", "tool_call"):
            continue
        title = {"legacy": "The older text column says"}.get(
            part.kind, f"A part that is {part.kind.replace('_', ' ')}"
        )
        text = part.text or part.raw or ""
        yield Piece("raw", drawing.pen.draw(text), title=title, brief=_brief(text))
    if reading.kind == "unknown" and reading.text:
        return
    if reading.kind == "unknown" and not reading.parts and reading.role:
        yield Piece("note", "An empty message.")


def _problems(reading: Reading) -> Piece:
    shown = tuple(plain(problem, limit=200) for problem in reading.problems[:PROBLEMS_SHOWN])
    left = len(reading.problems) - len(shown)
    return Piece("problems", lines=(*shown, f"and {left:,} more") if left > 0 else shown)


def _brief(text: str) -> str:
    start = " ".join(policy.beginning(text, 4 * BRIEF)[0].split())
    return plain(start, limit=BRIEF).split("… ", 1)[0] + ("…" if len(start) > BRIEF else "")
