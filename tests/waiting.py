"""Waiting for something outside of the test to come true."""

import time
from collections.abc import Callable

# What needs no waiting is told from what waits for Letta (3 s and more) with room for a machine that
# is busy with something else for a moment; the promised figures themselves are benchmarks.
AT_ONCE_S = 1.0
AFTER_WAITING_S = 5.0


def eventually(holds: Callable[[], bool], *, within_s: float) -> bool:
    """Whether it comes true in time."""
    gives_up = time.monotonic() + within_s
    while time.monotonic() < gives_up:
        if holds():
            return True
        time.sleep(0.02)
    return holds()
