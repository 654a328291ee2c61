"""The worker's wish to stop, which all work under way hears of."""

import threading

STOPPING = threading.Event()


class Interrupted(Exception):
    """The worker was asked to stop while the work was under way."""
