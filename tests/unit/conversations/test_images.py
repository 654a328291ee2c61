"""Which bytes count as an image."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.conversations.images import NotAnImage, media_type_of, picture

RASTER = {
    "image/png": b"\x89PNG\r\n\x1a\n...",
    "image/jpeg": b"\xff\xd8\xff\xe0...",
    "image/gif": b"GIF89a...",
    "image/webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
}


def content(data: bytes | str, declared: str = "image/png") -> str:
    text = data if isinstance(data, str) else base64.b64encode(data).decode()
    return json.dumps(
        [{"type": "image", "source": {"type": "letta", "media_type": declared, "data": text}}]
    )


@pytest.mark.parametrize("media_type", RASTER)
def test_the_bytes_tell_the_type_not_the_message(media_type: str) -> None:
    assert picture(content(RASTER[media_type], "image/svg+xml"), 0).media_type == media_type


@pytest.mark.parametrize(
    "data", [b"<svg onload=alert(1)>", b"", b"%PDF-1.7", "no base64!", "=", "QUJD\n"]
)
def test_anything_else_is_refused_with_a_reason(data: bytes | str) -> None:
    with pytest.raises(NotAnImage, match=r"\.$"):
        picture(content(data), 0)


@pytest.mark.parametrize(
    "stored", [None, "null", "[]", "7", '["x"]', '[{"type": "image"}]', "[", '[{"type": "text"}]']
)
def test_odd_content_is_no_image(stored: str | None) -> None:
    with pytest.raises(NotAnImage):
        picture(stored, 0)


@given(st.binary(max_size=40))
def test_no_markup_passes_for_an_image(data: bytes) -> None:
    assert media_type_of(b"<" + data) is None
