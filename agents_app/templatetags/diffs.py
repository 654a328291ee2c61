"""Compared lines in templates."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.template import Context, Library
from django.utils.safestring import SafeString

from agents_app.text.diff import Span
from agents_app.text.diffhtml import drawn

register = Library()


@register.filter
def old_line(spans: Sequence[Span], whitespace: Any = "") -> SafeString:
    """The line of the earlier side."""
    return drawn(spans, "del", whitespace=bool(whitespace))


@register.filter
def new_line(spans: Sequence[Span], whitespace: Any = "") -> SafeString:
    """The line of the later side."""
    return drawn(spans, "ins", whitespace=bool(whitespace))


@register.simple_tag(takes_context=True)
def here(context: Context, **changes: str) -> str:
    """This page's address with other parameters; an empty one is dropped. `from_` stands for `from`."""
    request: HttpRequest = context["request"]
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        query.pop(name.rstrip("_"), None)
        if value:
            query[name.rstrip("_")] = value
    query.pop("format", None)
    return f"{request.path}?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def here_only(context: Context, **changes: str) -> str:
    """A query for another page of the same block: what says which block is meant, and `changes`."""
    request: HttpRequest = context["request"]
    kept = {name: request.GET[name] for name in ("agent", "label", "part") if request.GET.get(name)}
    return f"?{urlencode(kept | changes)}"
