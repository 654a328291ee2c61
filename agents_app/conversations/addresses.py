"""URLs of pages that rows link to; an id that no page can have gives an empty one."""

from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse

PLACES = ("before", "after", "at", "on", "edge")


def address(url_name: str, *arguments: object) -> str:
    """The page's path, or nothing where there is no such page."""
    try:
        return reverse(url_name, args=arguments)
    except NoReverseMatch:
        return ""


def thread_address(agent_id: str, conversation_id: str | None, **query: str) -> str:
    """The transcript of a thread."""
    path = (
        address("conversations:conversation", conversation_id)
        if conversation_id
        else address("conversations:default_thread", agent_id)
    )
    return f"{path}?{urlencode(query)}" if path and query else path


def changed(request: HttpRequest, *drop: str, **query: str) -> str:
    """This page with other parameters, from another place in the thread."""
    kept: QueryDict = request.GET.copy()
    for name in (*PLACES, *drop):
        kept.pop(name, None)
    for name, text in query.items():
        kept[name] = text
    return f"{request.path}?{kept.urlencode()}" if kept else request.path
