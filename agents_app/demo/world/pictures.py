"""Small real PNG pictures, as Letta keeps images: base64 in the message row (0.8.4+)."""

import base64
import struct
import zlib
from random import Random
from typing import Any

from agents_app.demo.world.rows import Ids


def png(rng: Random, *, side: int = 32) -> bytes:
    """A square picture of coloured stripes."""
    colours = [bytes(rng.randrange(256) for _ in range(3)) for _ in range(4)]
    lines = b"".join(
        b"\0" + b"".join(colours[(x + y) // 8 % 4] for x in range(side)) for y in range(side)
    )
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def image_part(rng: Random, ids: Ids) -> dict[str, Any]:
    """A content part of type image; its `file_id` names no row of `files`."""
    source = {
        "type": "letta",
        "file_id": ids.new("file"),
        "media_type": "image/png",
        "data": base64.b64encode(png(rng)).decode(),
        "detail": None,
    }
    return {"type": "image", "source": source}


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum
