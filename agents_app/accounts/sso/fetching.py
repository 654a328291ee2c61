"""Questions to the provider: bounded in time and size, and never led on to another address."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import requests

SECONDS: Final = 4.0
"""What all questions of one request may take together."""
_WAIT_SECONDS: Final = 2.0
_MOST_BYTES: Final = 262_144
_ends: ContextVar[float | None] = ContextVar("provider", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Bounds what is asked of the provider meanwhile."""
    token = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


def _left() -> float:
    ends = _ends.get()
    left = SECONDS if ends is None else ends - time.monotonic()
    if left <= 0:
        raise requests.Timeout("the provider took too long")
    return left


class BoundedSession(requests.Session):
    """Raises `requests.RequestException` for an answer that is late, huge or a redirection."""

    def request(self, method: Any, url: Any, *arguments: Any, **options: Any) -> requests.Response:
        timeout = min(_left(), _WAIT_SECONDS)
        options |= {"timeout": timeout, "stream": True, "allow_redirects": False}
        with super().request(method, url, *arguments, **options) as response:
            response._content = _read(response)
        if response.is_redirect:
            raise requests.TooManyRedirects("the provider answers with another address")
        return response


def _read(response: requests.Response) -> bytes:
    """The body, as it comes: a trickle runs out of time and a flood out of room."""
    parts, size = [], 0
    while part := response.raw.read1(65_536, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > _MOST_BYTES:
            raise requests.RequestException("the provider's answer is too large")
        _left()
    return b"".join(parts)
