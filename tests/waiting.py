"""Waiting for something outside of the test to come true."""

import time
from collections.abc import Callable


def eventually(holds: Callable[[], bool], *, within_s: float) -> bool:
    """Whether it comes true in time."""
    gives_up = time.monotonic() + within_s
    while time.monotonic() < gives_up:
        if holds():
            return True
        time.sleep(0.02)
    return holds()
