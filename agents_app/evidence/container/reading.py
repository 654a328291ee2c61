"""Contents of members, unpacked in pieces: as long as the directory says, and nothing hidden behind them."""

import hashlib
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from agents_app.evidence.container.layout import Damaged, Member

PIECE: Final = 1 << 18


def contents(file: BinaryIO, member: Member, *, most: int) -> bytes:
    """The whole contents of a small member."""
    if member.size > most:
        raise Damaged(member.path, f"is longer than {most:,} bytes")
    return b"".join(unpacked(file, member))


def digest(file: BinaryIO, member: Member) -> str:
    """SHA-256 of the contents, in hex."""
    found = hashlib.sha256()
    for piece in unpacked(file, member):
        found.update(piece)
    return found.hexdigest()


def unpacked(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """The contents in pieces, never more than the directory says."""
    unpacker, size, crc = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0
    for packed in _packed(file, member):
        data = packed
        while data:
            try:
                piece = unpacker.decompress(data, PIECE)
            except zlib.error as error:
                raise Damaged(
                    member.path, "its contents were changed: they cannot be unpacked"
                ) from error
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            if size > member.size:
                raise Damaged(member.path, "its contents were changed: they are too long")
            yield piece
            data = unpacker.unconsumed_tail
            if unpacker.unused_data or (unpacker.eof and data):
                raise Damaged(member.path, "something is hidden behind its contents")
    if not unpacker.eof or size != member.size:
        raise Damaged(member.path, "its contents were changed: they break off")
    if crc != member.crc:
        raise Damaged(member.path, "its contents were changed: their CRC is another one")


def _packed(file: BinaryIO, member: Member) -> Iterator[bytes]:
    at, left = member.start, member.packed
    while left:
        file.seek(at)
        piece = file.read(min(PIECE, left))
        if not piece:
            raise Damaged(member.path, "its contents are cut off")
        yield piece
        at, left = at + len(piece), left - len(piece)
