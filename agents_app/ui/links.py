"""Addresses of pages, for values that may not fit into one."""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def link(url_name: str, *arguments: str | None, **query: str) -> str:
    """The address of a page; empty where there is no such page or an id cannot stand in an address.

    Letta's ids are opaque and an imported one may hold anything: such a row is shown unlinked.
    """
    if not all(arguments):
        return ""
    try:
        address = reverse(url_name, args=arguments)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address
