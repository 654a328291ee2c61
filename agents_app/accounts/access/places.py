"""What a form was given, and where it goes on to: paths of this console only."""

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2_000


def local_path(text: str) -> str:
    """`text` if it is a path of this console; empty for everything that leads or might lead elsewhere."""
    clean = text.startswith("/") and text.isprintable() and "\\" not in text
    local = clean and len(text) <= LONGEST
    return text if local and url_has_allowed_host_and_scheme(text, allowed_hosts=None) else ""


def given(request: HttpRequest) -> QueryDict:
    """What the form was sent with, or what the link to it says."""
    return request.POST if request.method == "POST" else request.GET


def next_path(request: HttpRequest) -> str:
    """Where to go on to after the form; empty without a path of this console."""
    return local_path(given(request).get("next", ""))
