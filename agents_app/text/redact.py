"""Addresses without the parts that carry secrets."""

import re
from typing import Final

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,31}://")
_AUTHORITY = re.compile(r"(?:\[[0-9A-Fa-f:.%]*\]|[^:/?#@\[\]\\]*)(?::\d*)?")
_MAX_URL: Final = 2000


def strip_url(url: str) -> str:
    """`url` without user name, password, query and fragment, cut at 2,000 characters.

    Everything before the last "@" that may belong to a password goes: a password may hold "/",
    "?" or "#", and then no parser can tell where it ends. Text without a scheme is treated alike.
    """
    text = url.strip()
    scheme = _SCHEME.match(text)
    start = scheme[0] if scheme else ""
    rest = text[len(start) :]
    return (start + _without_secrets(rest))[:_MAX_URL]


def _without_secrets(rest: str) -> str:
    authority = _before(rest, "/?#")
    if "@" in authority:
        rest = rest[authority.rindex("@") + 1 :]
        authority = _before(rest, "/?#")
    if not _AUTHORITY.fullmatch(authority):
        if "@" not in rest:
            return authority.partition(":")[0]
        rest = rest[rest.rindex("@") + 1 :]
    return _before(rest, "?#")


def _before(text: str, stops: str) -> str:
    return re.split(f"[{stops}]", text, maxsplit=1)[0]
