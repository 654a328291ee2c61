"""URLs of pages that rows link to; an id that no page can have gives an empty one."""

from django.http import HttpRequest, QueryDict

from agents_app.ui.links import link

PLACES = ("before", "after", "at", "on", "edge")


def thread_address(agent_id: str, conversation_id: str | None, **query: str) -> str:
    """The transcript of a thread; empty where `link` is."""
    if conversation_id:
        return link("conversations:conversation", conversation_id, **query)
    return link("conversations:default_thread", agent_id, **query)


def changed(request: HttpRequest, *drop: str, **query: str) -> str:
    """This page with other parameters, from another place in the thread."""
    kept: QueryDict = request.GET.copy()
    for name in (*PLACES, *drop):
        kept.pop(name, None)
    for name, text in query.items():
        kept[name] = text
    return f"{request.path}?{kept.urlencode()}" if kept else request.path
