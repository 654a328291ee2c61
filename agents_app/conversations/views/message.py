"""One message: everything its row holds, decoded and raw, its bytes to keep, and its images."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.conversations.addresses import thread_address
from agents_app.conversations.effects import effects_urls
from agents_app.conversations.filters import MarkForm
from agents_app.conversations.highlighting import Pen
from agents_app.conversations.images import LARGEST_BYTES, NotAnImage, picture
from agents_app.conversations.queries import stored, surroundings
from agents_app.conversations.queries.bodies import JSON_COLUMNS, Body, bodies
from agents_app.conversations.queries.keys import Rows
from agents_app.conversations.rendering import message_json
from agents_app.conversations.threads import Key, Scope, Thread
from agents_app.conversations.turns import Said, Surroundings, groups, read, sender_of
from agents_app.conversations.wording import wording
from agents_app.letta.errors import LettaError
from agents_app.letta.reading.context import ContextWindow, context_ids
from agents_app.letta.reading.pairing import pair
from agents_app.letta.reading.withheld import is_withheld
from agents_app.text.jsontext import clean, parse, pretty
from agents_app.text.masking import trees
from agents_app.text.times import zone
from agents_app.ui.downloads import masked_name, masked_pieces
from agents_app.ui.http import Request, render_page
from agents_app.ui.links import link

HEAD = 400_000
SHOWN_TEXT = 200_000
EXCERPT = 600
SHOWN_COLUMN = 100_000
MEMBERSHIP = ("conversation_id", "position", "in_context", "is_deleted")

logger = logging.getLogger(__name__)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A `json` column (or `text`) as stored; `problem` says what is wrong with it."""

    name: str
    text: str | None
    problem: str
    size_bytes: int


@require_safe
@requires(Right.CONTENT, about="message_id")
def message(request: Request, message_id: str) -> HttpResponse:
    """Everything the row holds, and what it belongs to."""
    body = _body(message_id)
    agent = surroundings.agent(body.row["agent_id"]) or _no_agent(body.row["agent_id"])
    if getattr(request, "times", "") == "agent":
        timezone.activate(zone(agent["timezone"]).tz)
    window, members = context_ids(agent["message_ids"]), surroundings.memberships([message_id])
    said = _read(body, agent, window, members)
    withheld = is_withheld(said.reading, prompts=may(request, Right.PROMPT))
    steps = surroundings.steps({step for step in [body.row["step_id"]] if step})
    traces = stored.trace_ids(body.row["step_id"])
    record(
        request, "message.read", kind="message", ids=[] if withheld else [message_id],
        organization_id=body.row["organization_id"], agent_id=body.row["agent_id"],
    )  # fmt: skip
    words = None if withheld else wording(MarkForm(request.GET).revision_id())
    pen = Pen(EXCERPT if request.htmx else SHOWN_TEXT, words.finder if words else None)
    context = _context(said, agent, window, members, prompts=not withheld, pen=pen) | {
        "words": words,
        "excerpt": "" if withheld else pen.draw(said.reading.text),
        "withheld": withheld,
        "step": steps.get(body.row["step_id"] or ""),
        "traces": traces,
        "columns": [] if withheld else _columns(body),
    }
    in_context = message_id in window.ids or any(row["in_context"] for row in members)
    return render_page(
        request,
        "conversations/message.html#excerpt" if request.htmx else "conversations/message.html",
        context,
        data=lambda: (
            message_json(said, in_context=in_context, withheld=withheld)
            | {
                "memberships": [{name: row[name] for name in MEMBERSHIP} for row in members],
                "step": context["step"],
                "provider_traces": traces,
                "stored": None if withheld else stored.texts(message_id, count=HEAD),
            }
        ),
    )


def _body(message_id: str) -> Body:
    found = bodies([message_id], head=HEAD).get(message_id)
    if found is None:
        raise Http404
    return found


def _no_agent(agent_id: str) -> Row:
    return dict.fromkeys(surroundings.AGENT_COLUMNS) | {"id": agent_id, "message_ids": None}


def _read(body: Body, agent: Row, window: ContextWindow, members: list[Row]) -> Said:
    first = {row["message_id"] for row in members if row["position"] == 0}
    return read([body], agent_type=agent["agent_type"], prompt_ids={*window.ids[:1], *first})[0]


def _context(
    said: Said,
    agent: Row,
    window: ContextWindow,
    members: list[Row],
    *,
    prompts: bool,
    pen: Pen,
) -> Row:
    """What the template draws, with the rows beside this one and the other half of its calls."""
    row, key = said.row, Key(said.row["place"], said.id)
    thread = Thread(
        row["agent_id"],
        row["conversation_id"],
        Scope.NAMED if row["conversation_id"] else Scope.DEFAULT,
    )
    rows = Rows(thread)
    before, after = rows.newest(count=1, before=key), rows.oldest(count=1, after=key)
    pairing = pair([said.reading])
    beside = surroundings.neighbours(
        thread, before=key if pairing.orphans else None, after=key if pairing.unanswered else None
    )
    sender = sender_of(said)
    around = Surroundings(
        agent_type=agent["agent_type"],
        context={said.id} if said.id in window.ids else (),
        names=surroundings.agent_names({sender} if sender else ()),
        before=read(beside[0], agent_type=agent["agent_type"]),
        after=read(beside[1], agent_type=agent["agent_type"]),
    )
    return {
        "message": row,
        "reading": said.reading,
        "agent": agent,
        "groups": groups([said], around, pen=pen, full=True, prompts=prompts),
        "body": said.body,
        "position": window.ids.index(said.id) + 1 if said.id in window.ids else None,
        "context_size": len(window.ids),
        "memberships": members,
        "previous": before[0].id if before else "",
        "next": after[0].id if after else "",
        "in_thread": thread_address(row["agent_id"], row["conversation_id"], at=said.id),
        "thread_url": thread_address(row["agent_id"], row["conversation_id"]),
        "message_url": link("conversations:message", "x")[:-2],
        "step_url": link("runs:step", "x")[:-2],
        "run_url": link("runs:run", "x")[:-2],
        "agent_url": link("agents:agent", "x")[:-2],
        "at_url": link("memory:at", row["agent_id"]),
        "effects_urls": effects_urls(row["agent_id"], [said.reading]),
        "full": True,
    }


def _columns(body: Body) -> list[Column]:
    found = []
    for name in (*JSON_COLUMNS, "text"):
        raw = body.row.get(name)
        if name not in body.row or (name == "text" and raw is None):
            continue
        note = "only the beginning and the end are shown here" if name in body.elided else ""
        note = "only the beginning is shown here" if name in body.cut else note
        found.append(_column(name, raw, note))
    return found


def _column(name: str, raw: str | None, note: str) -> Column:
    if raw is None:
        return Column(name, None, note, 0)
    if name == "text" or note.startswith("only the beginning is"):
        return Column(name, clean(raw), note, len(raw))
    parsed = parse(raw)
    text = pretty(trees.shown(parsed.value), limit=SHOWN_COLUMN) if parsed.usable else clean(raw)
    return Column(name, text, "; ".join(filter(None, (parsed.problem, note))), len(raw))


@require_safe
@requires(Right.CONTENT, about="message_id")
def raw(request: Request, message_id: str) -> HttpResponse | StreamingHttpResponse:
    """The row as stored, as a file: `json` columns verbatim, nothing parsed, nothing left out."""
    body = bodies([message_id]).get(message_id)
    if body is None:
        raise Http404
    _refuse_prompt(request, body)
    record(
        request,
        "message.export",
        kind="message",
        ids=[message_id],
        organization_id=body.row["organization_id"],
        agent_id=body.row["agent_id"],
    )
    response = StreamingHttpResponse(
        _stream(message_id), content_type="application/json; charset=utf-8"
    )
    name = "".join(letter for letter in message_id if letter.isalnum() or letter in "-_")
    response["Content-Disposition"] = f'attachment; filename="{masked_name(name)}.json"'
    return response


def _refuse_prompt(request: Request, body: Body) -> None:
    if may(request, Right.PROMPT):
        return
    agent = surroundings.agent(body.row["agent_id"]) or _no_agent(body.row["agent_id"])
    members = surroundings.memberships([body.row["id"]])
    said = _read(body, agent, context_ids(agent["message_ids"]), members)
    if is_withheld(said.reading, prompts=False):
        raise PermissionDenied(
            "This message is a system prompt. Reading it needs the right to see prompts."
        )


def _stream(message_id: str) -> Iterator[bytes]:
    try:
        yield from masked_pieces(stored.as_json(message_id))
    except LettaError as error:
        logger.warning("raw message stopped", extra={"cause": error.slug})
        yield f"\n\n(This file stopped here and is not complete: {error})\n".encode()


@require_safe
@requires(Right.CONTENT, about="message_id")
def image(request: Request, message_id: str, part: int) -> HttpResponse:
    """An image's bytes, if they are a raster image."""
    body = bodies([message_id], head=1_000).get(message_id)
    if body is None:
        raise Http404
    try:
        content = stored.piece(message_id, "content", at=1, count=LARGEST_BYTES) or b"null"
        found = picture(content.decode("utf-8", "replace"), part)
    except NotAnImage as reason:
        return render(request, "404.html", {"message": str(reason)}, status=404)
    record(
        request,
        "message.image",
        kind="message",
        ids=[message_id],
        organization_id=body.row["organization_id"],
        agent_id=body.row["agent_id"],
    )
    response = HttpResponse(found.data, content_type=found.media_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response
