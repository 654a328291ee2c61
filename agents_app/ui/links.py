"""Addresses of pages, for values that may not fit into one, and readers who may not open each."""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from agents_app.ui import doors


def link(url_name: str, *arguments: str | None, **query: str) -> str:
    """The address of a page; empty where there is no such page, an id cannot stand in an address, or
    the reader would be refused.

    Letta's ids are opaque and an imported one may hold anything: such a row is shown unlinked.
    """
    if not all(arguments) or not doors.is_open(url_name):
        return ""
    try:
        address = reverse(url_name, args=arguments)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address
