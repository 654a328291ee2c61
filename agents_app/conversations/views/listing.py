"""Conversations of all agents, newest activity first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record_rows
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.conversations.addresses import thread_address
from agents_app.conversations.filters import ConversationForm
from agents_app.conversations.queries.activity import ThreadRow, before_last, threads
from agents_app.conversations.queries.bodies import bodies
from agents_app.conversations.rendering import THREAD_FIELDS
from agents_app.conversations.turns import Said, read
from agents_app.conversations.words import ROLES, counted
from agents_app.letta import agent_conditions, catalogue
from agents_app.letta.agent_conditions import Where, confirmed
from agents_app.text.marks import plain
from agents_app.text.masking import policy
from agents_app.ui.http import Request, wants
from agents_app.ui.links import link
from agents_app.ui.listing import Listing, render_listing
from agents_app.ui.paging import Cursor, Page, make_page, read_cursor, walk

EXCERPT = 140
EXCERPT_HEAD = 2_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The last thing said or done in a thread, on one line."""

    who: str
    text: str


@require_safe
@requires(Right.METADATA)
def conversations(request: Request) -> HttpResponseBase:
    """Default threads and named conversations together; what was said last only for those who may read it."""
    form, cursor = ConversationForm(request.GET), read_cursor(request)
    narrowed = form.conditions()
    agents = confirmed(narrowed.agents)

    def fetch(place: Cursor) -> list[ThreadRow]:
        return threads(
            narrowed, place.key, agents=agents, backwards=place.backwards, count=place.limit + 1
        )

    page = make_page(request, cursor, fetch(cursor), key=_key)
    excerpts = _excerpts(request, page)
    fields = dict(THREAD_FIELDS)
    if may(request, Right.CONTENT) and not wants(request, "csv"):
        fields |= {
            "title": lambda row: row.title,
            "last_said": lambda row: (
                excerpts[row.message_id].text if row.message_id in excerpts else None
            ),
        }
    listing = Listing(
        "conversations", page, fields, every=lambda: walk(fetch, key=_key), partial=_partial(agents)
    )
    context = {
        "form": form,
        "narrowed": bool(narrowed),
        "content": may(request, Right.CONTENT),
        "rows": [(row, _leads_to(row), excerpts.get(row.message_id)) for row in page.rows],
        "has_named": catalogue.current().has_table("conversations"),
    }
    return render_listing(request, "conversations/list.html", listing, context=context)


def _partial(agents: Where) -> str:
    if not agents.cut:
        return ""
    return (
        f"More than {agent_conditions.MOST_AGENTS:,} agents may have this model; only so many were looked at, so"
        " conversations may be missing. Narrow by organization, tag or type as well."
    )


def _leads_to(row: ThreadRow) -> str:
    """The transcript; for who may not read it, the agent."""
    return thread_address(row.agent_id, row.conversation_id) or link("agents:agent", row.agent_id)


def _key(row: ThreadRow) -> tuple[str | None, ...]:
    return row.key


def _excerpts(request: Request, page: Page[ThreadRow]) -> dict[str, Excerpt]:
    """The last thing said in each thread on one line, by its last message; on record like any other content."""
    if not may(request, Right.CONTENT) or wants(request, "csv"):
        return {}
    rows = {row.message_id: row for row in page.rows}
    last = _read(rows, {message_id: message_id for message_id in rows})
    silent = [
        row for row in page.rows if row.message_id in last and not _words(last[row.message_id])
    ]
    last |= {id: said for id, said in _read(rows, before_last(silent)).items() if _words(said)}
    record_rows(
        request,
        "conversation.list",
        rows=[row for row in page if row.title or _is_said(last.get(row.message_id))],
        kind="message",
        key=lambda row: said.id if _is_said(said := last.get(row.message_id)) else row.message_id,
        organization=lambda row: row.organization_id,
        agent=lambda row: row.agent_id,
        about=lambda row: [row.conversation_id],
    )
    return {
        id: Excerpt(ROLES[said.reading.kind], _line(said))
        for id, said in last.items()
        if _line(said)
    }


def _read(rows: dict[str, ThreadRow], wanted: dict[str, str]) -> dict[str, Said]:
    """The messages `wanted`, by the last message of the thread for which each was asked."""
    found = bodies(list(wanted), head=EXCERPT_HEAD)
    return {
        of: read([found[id]], agent_type=rows[of].agent_type)[0]
        for id, of in wanted.items()
        if id in found
    }


def _words(said: Said) -> str:
    """What was said to or by a person; nothing for prompts and for the work of tools."""
    reading = said.reading
    if reading.kind in ("system_prompt", "system", "tool"):
        return ""
    texts: Sequence[str] = (*reading.reply_texts, reading.text, *reading.thoughts)
    return next((text for text in texts if text.strip()), "")


def _is_said(said: Said | None) -> TypeGuard[Said]:
    return said is not None and bool(_words(said))


def _line(said: Said) -> str:
    spoken = _words(said)
    if not spoken:
        names = [call.name for call in said.reading.calls]
        images = sum(part.kind == "image" for part in said.reading.parts)
        spoken = ", ".join(filter(None, names)) or (counted(images, "image") if images else "")
    line = " ".join(policy.beginning(spoken, 4 * EXCERPT)[0].split())
    return plain(line[:EXCERPT]) + ("…" if len(line) > EXCERPT else "")
