"""Writes a bundle piece by piece, for a browser that takes it while it is made: nothing goes back."""

import hashlib
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from agents_app.evidence.container.layout import ATTRIBUTES, DATE
from agents_app.evidence.container.manifest import File

LEVEL: Final = 6


class Writer:
    """Files are added one after the other; each call gives the bytes that are to be sent next."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w", ZIP_DEFLATED, compresslevel=LEVEL)  # type: ignore[call-overload]
        self.files: list[File] = []
        self.sent = 0

    def add(self, path: str, contents: bytes) -> bytes:
        """One whole file."""
        info = ZipInfo(path, DATE)
        info.create_system, info.external_attr = 3, ATTRIBUTES
        self._zip.writestr(info, contents, ZIP_DEFLATED, LEVEL)
        self.files.append(File(path, hashlib.sha256(contents).hexdigest(), len(contents)))
        return self._taken()

    def end(self) -> bytes:
        """The directory of the ZIP file."""
        self._zip.close()
        return self._taken()

    def _taken(self) -> bytes:
        taken = self._sink.taken()
        self.sent += len(taken)
        return taken


class _Sink:
    """A file that can only be written to, and forgets what was taken from it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found
