"""Waiting for something outside of the test to come true."""

import time
from collections.abc import Callable

# What needs no waiting is told from one wait for Letta (3.2 s to 3.6 s), and that from two in a row, with
# room for a machine that is busy with something else; the promised figures are benchmarks
# (tests/benchmarks/test_faults.py).
AT_ONCE_S = 2.0
AFTER_WAITING_S = 6.4


def eventually(holds: Callable[[], bool], *, within_s: float) -> bool:
    """Whether it comes true in time."""
    gives_up = time.monotonic() + within_s
    while time.monotonic() < gives_up:
        if holds():
            return True
        time.sleep(0.02)
    return holds()
