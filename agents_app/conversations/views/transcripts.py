"""The transcript of an agent's default thread, of a named conversation, or of everything an agent holds."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.conversations import stretches
from agents_app.conversations.addresses import changed, thread_address
from agents_app.conversations.confirming import Confirm
from agents_app.conversations.effects import effects_urls, unseen_urls
from agents_app.conversations.filters import MessageForm, Narrowed, PlaceForm
from agents_app.conversations.highlighting import Pen
from agents_app.conversations.queries import surroundings
from agents_app.conversations.queries.bodies import anchor
from agents_app.conversations.queries.calling import turns
from agents_app.conversations.queries.keys import Rows
from agents_app.conversations.queries.windows import Looked, look
from agents_app.conversations.rendering import scene_json
from agents_app.conversations.stretches import Stretch
from agents_app.conversations.threads import Key, Scope, Thread
from agents_app.conversations.transcript import Scene, scene, shown_ids
from agents_app.conversations.turns import groups
from agents_app.text.marks import name_label
from agents_app.text.masking import policy
from agents_app.text.matching import literal
from agents_app.text.times import zone
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.jsonout import json_response
from agents_app.ui.links import link
from agents_app.ui.paging import Cursor, read_cursor, seal

LONGEST_TEXT = 12_000
MOST_TEXT = 600_000
SHORTEST_TEXT = 1_500
LONGEST_LABEL = 60

Row = dict[str, Any]


@require_safe
@requires(Right.CONTENT, about="agent_id")
def default_thread(request: Request, agent_id: str) -> HttpResponse:
    """What an agent said and was told outside of named conversations; `?thread=all` shows every row it has."""
    place = PlaceForm(request.GET)
    scope = Scope.ALL if place.value("thread") else Scope.DEFAULT
    thread = Thread(agent_id, scope=scope, with_deleted=bool(place.value("deleted")))
    return _transcript(request, thread, _agent(agent_id), None, place)


@require_safe
@requires(Right.CONTENT, about="conversation_id")
def conversation(request: Request, conversation_id: str) -> HttpResponse:
    """A named conversation (0.16.2+): its own rows, and those it shares with what it was forked from."""
    place, found = PlaceForm(request.GET), surroundings.conversation(conversation_id)
    if found is None:
        raise Http404
    thread = Thread(
        found["agent_id"], conversation_id, Scope.NAMED, with_deleted=bool(place.value("deleted"))
    )
    return _transcript(request, thread, _agent(found["agent_id"]), found, place)


def _agent(agent_id: str) -> Row:
    found = surroundings.agent(agent_id)
    if found is None:
        raise Http404
    return found


def _transcript(
    request: Request, thread: Thread, agent: Row, conversation: Row | None, place: PlaceForm
) -> HttpResponse:
    if getattr(request, "times", "") == "agent":
        timezone.activate(zone(agent["timezone"]).tz)
    form, cursor, rows = MessageForm(request.GET), read_cursor(request), Rows(thread)
    narrowed = form.conditions()
    message = _asked_for(place)
    if message is not None and not rows.holds(message):
        return HttpResponseRedirect(_elsewhere(request, message))
    answer = _search if narrowed else _read
    page = answer(request, rows, agent, cursor, place=place, narrowed=narrowed, message=message)
    organization_id = agent["organization_id"]
    record(
        request,
        "conversation.read",
        kind="message",
        ids=shown_ids(page.scene),
        organization_id=organization_id,
        agent_id=thread.agent_id,
        about=[thread.conversation_id],
    )
    if wants(request, "json"):
        return json_response(page.as_json(thread))
    context = page.context(request, form=form, place=place) | _frame(
        request, thread, agent, conversation, place
    )
    return render_page(request, "conversations/transcript.html", context, fragments=["turns"])


def _asked_for(place: PlaceForm) -> Row | None:
    asked = place.value("at")
    if not asked:
        return None
    found = anchor(asked)
    if found is None:
        raise Http404
    return found


def _elsewhere(request: Request, message: Row) -> str:
    """Where a message stands that is no row of the thread it was asked for in."""
    query = {
        name: request.GET[name] for name in ("view", "deleted", "format") if name in request.GET
    }
    return thread_address(
        message["agent_id"], message["conversation_id"], at=message["id"], **query
    )


class Page:
    """Rows that were read in order, or found by a search, and how to go on from them."""

    def __init__(
        self,
        found: Scene,
        stretch: Stretch,
        looked: Looked | None,
        *,
        older: str,
        newer: str,
        next_url: str,
        begins: Mapping[str, str] | None = None,
    ) -> None:
        self.begins = begins
        self.scene, self.stretch, self.looked = found, stretch, looked
        self.older, self.newer, self.next_url = older, newer, next_url

    def as_json(self, thread: Thread) -> Row:
        """The rows, oldest first, or newest first when searched or asked for; `next` is a URL or null."""
        found: Row = {
            "agent_id": thread.agent_id,
            "conversation_id": thread.conversation_id,
            "thread": thread.scope.value,
            "results": scene_json(self.scene),
            "next": self.next_url or None,
            "effects": [f"{url}&format=json" for url in self.effects_urls()],
        }
        if self.looked is not None:
            found |= {"looked_at": self.looked.count, "looked_back_to": self.looked.back_to}
        return found

    def context(self, request: Request, *, form: MessageForm, place: PlaceForm) -> Row:
        """What the template draws."""
        prompts, full = may(request, Right.PROMPT), self.is_full(place)
        pen = Pen(self.text_limit(), literal(form.conditions().q))
        searched = self.looked is not None
        drawn = groups(
            self.scene.rows,
            self.scene.around,
            pen=pen,
            full=full,
            prompts=prompts,
            asked=self.stretch.asked,
            newest_first=searched,
            begins=self.begins,
        )
        return {
            "groups": drawn,
            "stretch": self.stretch,
            "looked": self.looked,
            "masked": policy.masks(),
            "older_url": self.older,
            "newer_url": self.newer,
            "opens_at_end": not searched and not self.stretch.has_newer and not self.stretch.asked,
            "full": full,
            "form": form,
            "place": place,
            "searched": searched,
            "opened": searched and not form.conditions().memory,
            "problems": self.scene.problems,
            "effects_urls": self.effects_urls(),
            "unseen_urls": unseen_urls(self.agent_id, (one.step_id for one in drawn if one.step)),
        }

    @property
    def agent_id(self) -> str:
        """The agent whose rows these are; empty where there are none."""
        return str(self.scene.rows[0].row["agent_id"]) if self.scene.rows else ""

    def effects_urls(self) -> list[str]:
        """From where what these rows' calls did to memory is loaded."""
        return effects_urls(self.agent_id, (said.reading for said in self.scene.rows))

    def is_full(self, place: PlaceForm) -> bool:
        """A search shows what it found, wherever it stands; else the reader's words come first."""
        asked = place.value("view")
        return asked == "full" or (asked != "reader" and self.looked is not None)

    def text_limit(self) -> int:
        """Characters of one text, so that a page of very long ones stays under a megabyte."""
        long_texts = sum(
            max((len(text) for text in (said.reading.text, *said.reading.reply_texts)), default=0)
            > SHORTEST_TEXT
            for said in self.scene.rows
        )
        return max(SHORTEST_TEXT, min(LONGEST_TEXT, MOST_TEXT // max(long_texts, 1)))


def _read(
    request: Request, rows: Rows, agent: Row, cursor: Cursor, *,
    place: PlaceForm, narrowed: Narrowed, message: Row | None,
) -> Page:  # fmt: skip
    """A stretch of the thread."""
    data = wants(request, "json")
    backwards = place.value("order") == "desc" if data else True
    stretch = _stretch(rows, cursor, place, message, from_start=data and not backwards)
    keys = stretch.keys
    found = scene(
        rows.thread,
        agent,
        keys,
        older=stretch.has_older,
        newer=stretch.has_newer,
        prompts=may(request, Right.PROMPT),
    )
    older = _turned(request, "before", stretch.older)
    newer = _turned(request, "after", stretch.newer)
    next_url = (
        request.build_absolute_uri(onward) if (onward := older if backwards else newer) else ""
    )
    if data and backwards:
        found.rows.reverse()
    return Page(found, stretch, None, older=older, newer=newer, next_url=next_url)


def _stretch(
    rows: Rows, cursor: Cursor, place: PlaceForm, message: Row | None, *, from_start: bool
) -> Stretch:
    limit, key = cursor.limit, _key(cursor)
    if key is not None:
        turned = stretches.latest if cursor.backwards else stretches.first
        return turned(rows, limit=limit, **{"before" if cursor.backwards else "after": key})
    if message is not None:
        return stretches.around(rows, message, limit=limit)
    if place.value("on"):
        return stretches.from_day(rows, place.value("on"), limit=limit)
    if from_start or place.value("edge"):
        return stretches.first(rows, limit=limit)
    return stretches.latest(rows, limit=limit)


def _key(cursor: Cursor) -> Key | None:
    return None if cursor.key is None else Key(cursor.key[0], cursor.key[1] or "")


def _turned(request: Request, name: str, key: Key | None) -> str:
    return changed(request, **{name: seal(key.sealed, request.path)}) if key else ""


def _search(
    request: Request, rows: Rows, agent: Row, cursor: Cursor, *,
    place: PlaceForm, narrowed: Narrowed, message: Row | None,
) -> Page:  # fmt: skip
    """Rows that meet the filters, newest first, and how far back the thread was looked through."""
    thread, prompts = rows.thread, may(request, Right.PROMPT)
    if narrowed.q:
        organization_id = agent["organization_id"]
        record(
            request,
            "conversation.search",
            kind="agent",
            ids=[thread.agent_id],
            organization_id=organization_id,
            agent_id=thread.agent_id,
            terms=narrowed.q,
        )
    confirm = Confirm(narrowed, thread.agent_id, agent_type=agent["agent_type"], prompts=prompts)
    looked = look(thread, narrowed, _key(cursor), count=cursor.limit, confirm=confirm)
    keys, begins = turns(thread, looked.keys) if narrowed.memory else (looked.keys[::-1], {})
    found = scene(thread, agent, keys, older=False, newer=False, prompts=prompts)
    stretch = Stretch(looked.keys[::-1])
    onward = _turned(request, "before", looked.next_key)
    if wants(request, "json"):
        found.rows.reverse()
    next_url = request.build_absolute_uri(onward) if onward else ""
    return Page(found, stretch, looked, older=onward, newer="", next_url=next_url, begins=begins)


def _frame(
    request: Request, thread: Thread, agent: Row, conversation: Row | None, place: PlaceForm
) -> Row:
    """What stands around the turns: which thread this is, the others, and the ways through it."""
    others = surroundings.conversations_of(thread.agent_id)
    return {
        "thread": thread,
        "agent": agent,
        "conversation": conversation,
        "conversations": [(one["id"], _label(one)) for one in others[: surroundings.MOST_THREADS]],
        "title": _label(conversation) if conversation else "",
        "keep": _kept(place, "view", "thread", "deleted"),
        "keep_thread": _kept(place, "thread", "deleted"),
        "more_conversations": len(others) > surroundings.MOST_THREADS,
        "urls": _urls(request, thread),
        "message_url": link("conversations:message", "x")[:-2],
        "step_url": link("runs:step", "x")[:-2],
        "run_url": link("runs:run", "x")[:-2],
        "agent_url": link("agents:agent", "x")[:-2],
        "at_url": link("memory:at", thread.agent_id),
        "printed_at": timezone.now(),
    }


def _kept(place: PlaceForm, *names: str) -> str:
    """Parameters that go on with a link to a message of this page."""
    return "".join(f"&{name}={place.value(name)}" for name in names if place.value(name))


def _label(conversation: Row) -> str:
    """A conversation's title on a tab, or the beginning of its id."""
    words = (
        name_label(conversation["summary"])
        if conversation["summary"]
        else str(conversation["id"])[:13]
    )
    return f"{words[:LONGEST_LABEL]}…" if len(words) > LONGEST_LABEL else words


def _urls(request: Request, thread: Thread) -> Row:
    return {
        "reader": changed(request, view="reader"),
        "full": changed(request, view="full"),
        "first": changed(request, *_filters(), edge="first"),
        "last": changed(request, *_filters()),
        "with_deleted": changed(request, deleted="include"),
        "without_deleted": changed(request, "deleted"),
        "default": thread_address(thread.agent_id, None),
        "all": thread_address(thread.agent_id, None, thread="all"),
        "json": changed(request, format="json"),
        "here": changed(request, *_filters()),
        "evidence": _evidence(thread),
    }


def _evidence(thread: Thread) -> str:
    """The form for an evidence bundle of what this page is about."""
    kinds = {Scope.NAMED: "conversation", Scope.DEFAULT: "thread", Scope.ALL: "agent"}
    query = {"kind": kinds[thread.scope], "id": thread.conversation_id or thread.agent_id}
    return f"{link('evidence:new')}?{urlencode(query)}"


def _filters() -> Sequence[str]:
    return tuple(MessageForm.base_fields)
