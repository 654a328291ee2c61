"""Starting a search through a whole thread, watching it, cancelling it."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, may
from agents_app.conversations import background
from agents_app.conversations.addresses import thread_address
from agents_app.conversations.filters import MessageForm
from agents_app.conversations.queries import surroundings
from agents_app.conversations.queries.places import places
from agents_app.conversations.threads import Scope, Thread
from agents_app.ui.http import Request, render_page
from agents_app.work import queue

STOP_POLLING = 286  # htmx's own status for "this was the last poll"


@require_POST
@requires(Right.CONTENT)
def start(request: Request, agent_id: str) -> HttpResponse:
    """Queues a search through a thread of the agent with the filters of its transcript."""
    agent = surroundings.agent(agent_id)
    form = MessageForm(request.POST)
    if agent is None:
        raise Http404
    if not form.is_valid() or not form.conditions():
        raise BadRequest(
            "Say what to look for first: a text, a role, a tool, changes of memory, errors, or a range of time."
        )
    thread = _thread(request, agent_id)
    record(
        request,
        "conversation.search",
        kind="agent",
        ids=[agent_id],
        organization_id=agent["organization_id"],
        agent_id=agent_id,
        terms=form.conditions().q,
    )
    given = background.arguments(
        thread,
        form.conditions(),
        agent_type=agent["agent_type"],
        prompts=may(request, Right.PROMPT),
    )
    try:
        work = queue.start(request.user, background.KIND, given)
    except queue.TooMuchWork as error:
        raise BadRequest(str(error)) from error
    return HttpResponseRedirect(reverse("conversations:search", args=[agent_id, work.pk]))


def _thread(request: Request, agent_id: str) -> Thread:
    conversation_id = request.POST.get("conversation_id") or None
    if conversation_id:
        found = surroundings.conversation(conversation_id)
        if found is None or found["agent_id"] != agent_id:
            raise Http404
        return Thread(agent_id, conversation_id, Scope.NAMED)
    return Thread(
        agent_id, scope=Scope.ALL if request.POST.get("thread") == "all" else Scope.DEFAULT
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.CONTENT)
def watch(request: Request, agent_id: str, work_id: UUID) -> HttpResponse:
    """The search's progress and its hits as places in the thread; POST cancels it.

    While it runs this asks our own database only; the hits' times are read when it is over.
    """
    if request.method == "POST":
        queue.cancel(request.user, work_id)
    work = queue.watched(request.user, work_id)
    if work is None:
        raise Http404
    ids = work.result.get("ids", [])
    found = places(ids) if work.is_over else []
    hits = [
        hit | {"url": thread_address(agent_id, hit["conversation_id"], at=hit["id"])}
        for hit in found
    ]
    data = {
        "state": work.state,
        "looked_at": work.done,
        "results": hits,
        "more": bool(work.result.get("more")),
    }
    context = {
        "work": work,
        "agent_id": agent_id,
        "hits": hits,
        "found": len(ids),
        "result": work.result,
    }
    polled = request.htmx and request.htmx.target == "progress"
    status = STOP_POLLING if polled and work.is_over else 200
    return render_page(
        request,
        "conversations/search.html",
        context,
        fragments=["progress"],
        data=lambda: data,
        status=status,
    )


start.starts_work = watch.starts_work = True  # type: ignore[attr-defined]
