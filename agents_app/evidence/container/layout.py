"""The one layout that a bundle's ZIP has: every byte beside the compressed contents follows from them.

Programs disagree about ZIP files in which the two descriptions of a member differ, which lie about
sizes or hide bytes between members. A bundle is none of these, so that all of them show the same.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

LOCAL: Final = struct.Struct("<4sHHHHHLLLHH")
DESCRIPTOR: Final = struct.Struct("<4sLLL")
CENTRAL: Final = struct.Struct("<4sHHHHHHLLLHHHHHLL")
END: Final = struct.Struct("<4sHHHHLLH")

VERSION: Final = 20
MADE_BY: Final = (3 << 8) | VERSION  # Unix
FLAGS: Final = 0x08  # sizes follow the contents
DEFLATED: Final = 8
ATTRIBUTES: Final = 0o600 << 16
DATE: Final = (1980, 1, 1, 0, 0, 0)
DOS_TIME, DOS_DAY = 0, (1 << 5) | 1
MOST_DIRECTORY: Final = 16_000_000  # bytes
LONGEST_PATH: Final = 200


class Damaged(Exception):
    """A bundle is not as it was written: `path` is the member (or "" for the ZIP itself), `problem` says how."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}" if path else f"The ZIP file is {problem}")
        self.path, self.problem = path, problem


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the bundle; `start` is where its compressed contents begin."""

    path: str
    crc: int
    packed: int
    size: int
    at: int

    @property
    def start(self) -> int:
        return self.at + LOCAL.size + len(self.path)

    @property
    def end(self) -> int:
        return self.start + self.packed + DESCRIPTOR.size

    def local(self) -> bytes:
        """The bytes before its contents."""
        fields = (VERSION, FLAGS, DEFLATED, DOS_TIME, DOS_DAY, 0, 0, 0, len(self.path), 0)
        return LOCAL.pack(b"PK\3\4", *fields) + self.path.encode("ascii")

    def descriptor(self) -> bytes:
        """The bytes after its contents."""
        return DESCRIPTOR.pack(b"PK\7\x08", self.crc, self.packed, self.size)

    def central(self) -> bytes:
        """Its entry in the directory at the end."""
        fields = (MADE_BY, VERSION, FLAGS, DEFLATED, DOS_TIME, DOS_DAY, self.crc, self.packed,
                  self.size, len(self.path), 0, 0, 0, 0, ATTRIBUTES, self.at)  # fmt: skip
        return CENTRAL.pack(b"PK\1\2", *fields) + self.path.encode("ascii")


def members(file: BinaryIO) -> list[Member]:
    """The members in their order, once everything around their contents is as it has to be."""
    directory, begins, count = _directory(file)
    found, at = list(_entries(directory)), 0
    if len(found) != count:
        raise Damaged("", f"changed: its directory lists {len(found):,} files and counts {count:,}")
    names = set[str]()
    for one in found:
        if one.path in names:
            raise Damaged(one.path, "is in the ZIP file twice")
        names.add(one.path)
        if one.at != at:
            raise Damaged(one.path, "does not begin where the file before it ends")
        _framed(file, one)
        at = one.end
    if at != begins:
        raise Damaged("", "changed: something lies between its files and its directory")
    return found


def _directory(file: BinaryIO) -> tuple[bytes, int, int]:
    """The directory's bytes, where they begin, and how many members the end record counts."""
    length = file.seek(0, 2)
    if length < END.size:
        raise Damaged("", "cut off, or no bundle")
    file.seek(length - END.size)
    raw = file.read(END.size)
    _, _, _, count, _, size, begins, _ = END.unpack(raw)
    if raw != END.pack(b"PK\5\6", 0, 0, count, count, size, begins, 0):
        raise Damaged("", "cut off, or no bundle: it does not end as one")
    if size > MOST_DIRECTORY or begins + size != length - END.size:
        raise Damaged("", "changed: its directory is not where its end says")
    file.seek(begins)
    return file.read(size), begins, count


def _entries(directory: bytes) -> Iterator[Member]:
    at = 0
    while at < len(directory):
        raw = directory[at : at + CENTRAL.size]
        if len(raw) < CENTRAL.size:
            raise Damaged("", "changed: its directory breaks off")
        fields = CENTRAL.unpack(raw)
        name = directory[at + CENTRAL.size : at + CENTRAL.size + fields[10]]
        member = Member(_path(name), fields[7], fields[8], fields[9], fields[16])
        if raw + name != member.central():
            raise Damaged(member.path, "its entry in the ZIP file’s directory was changed")
        yield member
        at += len(raw) + len(name)


def _path(name: bytes) -> str:
    """A relative path of plain letters; nothing that leads out of a folder."""
    text = name.decode("ascii", "replace")
    plain = text.replace("/", "").replace("-", "").replace(".", "").replace("_", "")
    if len(name) > LONGEST_PATH or not plain.isascii() or not plain.isalnum():
        raise Damaged("", f"changed: a file in it has an odd name ({text[:60]!r})")
    if text.startswith("/") or ".." in text:
        raise Damaged("", f"changed: a file in it would lie elsewhere ({text[:60]!r})")
    return text


def _framed(file: BinaryIO, member: Member) -> None:
    """What stands before and after a member's contents repeats what the directory says."""
    file.seek(member.at)
    if file.read(len(member.local())) != member.local():
        raise Damaged(member.path, "its beginning differs from the ZIP file’s directory")
    file.seek(member.end - DESCRIPTOR.size)
    if file.read(DESCRIPTOR.size) != member.descriptor():
        raise Damaged(member.path, "its end differs from the ZIP file’s directory")
