"""How long a wait for Letta may last: the request's own deadline, and a limit for each question.

There is no watchdog: psycopg's sockets never block and each wait of its loop takes a timeout, so a
server that is frozen (SIGSTOP, a proxy that still acknowledges) frees the request without a thread
of its own. TCP's keepalives and PostgreSQL's statement_timeout do nothing against that.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# A healthy server cancels at its statement_timeout of 3 s; one that has not by then is frozen.
QUESTION_SECONDS = 3.5
FROZEN_AFTER_SECONDS = 3.2

_ends_at: ContextVar[float | None] = ContextVar("letta_deadline", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Everything inside waits for Letta at most `seconds` in total; an earlier deadline stays."""
    ends_at = time.monotonic() + seconds
    outer = _ends_at.get()
    token = _ends_at.set(ends_at if outer is None else min(outer, ends_at))
    try:
        yield
    finally:
        _ends_at.reset(token)


def remaining(limit: float | None = None) -> float:
    """Seconds that a wait may take now: at most `limit`, else QUESTION_SECONDS; zero or less when the time is over."""
    ends_at, most = _ends_at.get(), QUESTION_SECONDS if limit is None else limit
    return most if ends_at is None else min(most, ends_at - time.monotonic())
