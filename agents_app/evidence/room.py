"""How many bundles one process writes at a time, so that threads are left for everybody else."""

from collections.abc import Generator, Iterator
from threading import BoundedSemaphore
from typing import Final

MOST_AT_ONCE: Final = 2
_room = BoundedSemaphore(MOST_AT_ONCE)


class Sending:
    """The bytes of a bundle; takes a place and gives it back when it is sent, broken off or never begun."""

    def __init__(self) -> None:
        self.has_place = _room.acquire(blocking=False)
        self._pieces: Generator[bytes, None, None] = _nothing()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise

    def of(self, pieces: Generator[bytes, None, None]) -> "Sending":
        """These bytes from now on."""
        self._pieces = pieces
        return self

    def close(self) -> None:
        """The server calls this when the answer is over, however it ended."""
        if not self.has_place:
            return
        self.has_place = False
        try:
            self._pieces.close()
        finally:
            _room.release()


def _nothing() -> Generator[bytes, None, None]:
    yield from ()
