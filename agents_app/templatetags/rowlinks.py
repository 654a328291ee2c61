"""Links to the pages of rows; without a link is shown what the reader may not open, and an id that no route
accepts (imports bring their own)."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from django.template import Library
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents_app.converters import LettaId
from agents_app.templatetags.inspector import NOTHING, named, short_id
from agents_app.templatetags.ui import code
from agents_app.text.marks import name_label
from agents_app.text.masking import policy
from agents_app.text.masking.trees import masked
from agents_app.ui import doors

register = Library()

LETTA_ID = re.compile(LettaId.regex)
SAMPLE = "sample-id"


@register.simple_tag
def row_link(
    url_name: str, identifier: Any, name: Any = None, *, opens: bool = False
) -> SafeString | str:
    """The row's name, or its id where it has none, as a link; `opens` marks the link of a list's row.

    `name` may be the row itself, or None when that row is gone.
    """
    if identifier is None or identifier == "":
        return NOTHING
    words = getattr(name, "name", name)
    label, href = named(identifier if words is None else words), address(url_name, identifier)
    if not href:
        return label
    return format_html(
        '<a data-open href="{}">{}</a>' if opens else '<a href="{}">{}</a>', href, label
    )


@register.simple_tag
def id_link(url_name: str, identifier: Any) -> SafeString | str:
    """A short id with a copy button, as a link where a page shows it."""
    return short_id(identifier, address(url_name, identifier))


@register.simple_tag
def id_page(url_name: str, identifier: Any, words: str, **query: str) -> SafeString | str:
    """A link to another page of a row; nothing for an id that no page can have, or where it is refused."""
    href = address(url_name, identifier)
    if href and query:
        href = f"{href}?{urlencode(query)}"
    return format_html('<a href="{}">{}</a>', href, words) if href else ""


@register.simple_tag
def address(url_name: str, identifier: Any) -> str:
    """The URL of a row's page, or nothing. `reverse` is asked once a route: listings have many links."""
    if not doors.is_open(url_name):
        return ""
    before, after = _around(url_name, get_urlconf(), get_script_prefix())
    accepted = before and isinstance(identifier, str) and LETTA_ID.fullmatch(identifier)
    return f"{before}{identifier}{after}" if accepted else ""


@lru_cache(maxsize=256)
def _around(url_name: str, urlconf: str | None, prefix: str) -> tuple[str, str]:
    """What stands before and after the id; nothing where there is no such route."""
    try:
        before, _, after = reverse(url_name, urlconf, args=[SAMPLE]).partition(SAMPLE)
    except NoReverseMatch:
        return "", ""
    return before, after


@register.simple_tag
def organization_link(identifier: str | None, names: Mapping[str, str | None]) -> SafeString | str:
    """The organization of a listed row, by the names that were fetched for the page."""
    return row_link("agents:organization", identifier, names.get(identifier or ""))


@register.inclusion_tag("ui/code.html")
def masked_code(value: Any, label: str = "text") -> dict[str, Any]:
    """A block of stored text or JSON in which what looks like a key or password is masked."""
    return code(masked(value), label)


@register.filter
def titled(name: Any) -> str:
    """A name of Letta's as plain text on one line, for the title of a page."""
    return name_label("" if name is None else str(name))


@register.simple_tag
def tag_links(tags: Sequence[str], most: int = 1_000) -> SafeString:
    """Tags of an agent, each a link to the agents that have it; beyond `most` only their number."""
    before = reverse("agents:list")
    shown = format_html_join(
        " ",
        "{}",
        ((_tag_link(before, tag),) for tag in tags[:most]),
    )
    if len(tags) <= most:
        return shown
    return format_html('{} <span class="muted">and {} more</span>', shown, len(tags) - most)


def _tag_link(before: str, tag: str) -> SafeString:
    """A masked tag has no link: its address would say what it is."""
    if policy.shown(tag) != tag:
        return format_html('<span class="badge" data-outline>{}</span>', name_label(tag))
    link = '<a class="badge" data-outline href="{}?tag={}"><bdi>{}</bdi></a>'
    return format_html(link, before, quote(tag, safe=""), name_label(tag))
