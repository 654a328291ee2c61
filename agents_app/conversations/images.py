"""Images inside messages: which bytes may be shown, told by the bytes themselves."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from agents_app.text.jsontext import parse

LARGEST_BYTES = 64_000_000


class NotAnImage(Exception):
    """Why this part cannot be shown, in a sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Raster bytes with the media type that they really are."""

    media_type: str
    data: bytes


def picture(content: str | None, part: int) -> Picture:
    """The image at index `part` of a message's content; raises NotAnImage with the reason."""
    parsed = parse(content)
    elements = parsed.value if isinstance(parsed.value, list) else [parsed.value]
    element = elements[part] if part < len(elements) else None
    if not isinstance(element, dict) or element.get("type") != "image":
        raise NotAnImage("This part of the message is not an image.")
    data = _stored(element.get("source"))
    media_type = media_type_of(data)
    if media_type is None:
        raise NotAnImage(
            "These bytes are no PNG, JPEG, GIF or WebP, whatever the message calls them; nothing else is shown."
        )
    return Picture(media_type, data)


def _stored(source: Any) -> bytes:
    text = source.get("data") if isinstance(source, dict) else None
    if not isinstance(text, str) or not text:
        raise NotAnImage(
            "The message holds no bytes for this image, perhaps only an address, which is never fetched."
        )
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotAnImage("The bytes of this image are not valid base64.") from error


def media_type_of(data: bytes) -> str | None:
    """The raster format that the first bytes tell; None for anything else, SVG included."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None
