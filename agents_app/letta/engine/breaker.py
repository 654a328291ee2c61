"""The circuit breaker: while Letta's database is known to be gone, questions fail at once.

Opens after one frozen question or three connections in a row that failed or broke; after a pause
one request may try, the others are told the cause. Slow, locked, denied and drifted answers are
answers and close it.
"""

import threading
import time
from dataclasses import dataclass, field

from agents_app.letta.errors import LettaError, LettaFrozen

PAUSE_SECONDS = 5.0
FAILURES = 3


@dataclass
class Breaker:
    """One per process and database; `since` is the epoch time of the first failure in a row."""

    pause_s: float = PAUSE_SECONDS
    cause: LettaError | None = None
    since: float | None = None
    _failures: int = 0
    _closed_until_probe: float | None = None  # monotonic time; None while closed
    _prober: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_open(self) -> bool:
        """Whether questions are refused, or only a probe may pass."""
        return self._closed_until_probe is not None

    def admit(self) -> None:
        """Raises the remembered cause while open; lets one thread through after the pause."""
        if self._closed_until_probe is None:
            return
        with self._lock:
            until, me = self._closed_until_probe, threading.get_ident()
            if until is None or self._prober == me:
                return
            if time.monotonic() < until:
                raise self._remembered()
            # The probe has one pause to report; a thread that vanished does not block the next.
            self._prober, self._closed_until_probe = me, time.monotonic() + self.pause_s

    def succeed(self) -> None:
        """The server gave an answer, if only an error of its own."""
        if self.cause is None:
            return
        with self._lock:
            self.cause = self.since = self._closed_until_probe = self._prober = None
            self._failures = 0

    def fail(self, error: LettaError) -> None:
        """A connection could not be opened, broke, or gave no answer in time."""
        with self._lock:
            self.cause, self.since = error.copy(), self.since or time.time()
            self._failures += 1
            probing = self._closed_until_probe is not None
            if probing or isinstance(error, LettaFrozen) or self._failures >= FAILURES:
                self._closed_until_probe = time.monotonic() + self.pause_s
                self._prober = None

    def _remembered(self) -> LettaError:
        return self.cause.copy() if self.cause else LettaError(detail="breaker without a cause")
