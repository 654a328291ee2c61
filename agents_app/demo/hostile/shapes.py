"""Message columns with hostile shapes: raw JSON texts, odd numbers, times beyond the calendar."""

import base64
import json
from collections.abc import Iterator
from random import Random
from typing import Any

Shape = tuple[int, str, dict[str, Any]]  # number, description, columns of a messages row

_MEGABYTE = 1_000_000


def shapes() -> Iterator[Shape]:
    """All of them in the order of their numbers; large values are made when reached."""
    yield from _numbers()
    yield from _structures()
    yield from _parts()
    yield from _calls()
    yield from _times()


def _content(raw: str) -> dict[str, Any]:
    return {"content": raw}


def _with(key: str, raw: str) -> dict[str, Any]:
    """A good text part with one more key whose value is raw JSON."""
    return _content(f'[{{"type": "text", "text": "good words, odd key", "{key}": {raw}}}]')


def _numbers() -> Iterator[Shape]:
    yield 27, "5,000-digit integer", _with("amount", "7" * 5000)
    yield 27, "1e999 and -0", _with("amount", "[1e999, -1e999, -0, -0.0]")
    yield 27, "float noise and 2^53+1", _with("amount", "[0.30000000000000004, 9007199254740993]")


def _structures() -> Iterator[Shape]:
    yield 28, "6,500-deep JSON", _content("[" * 6500 + "]" * 6500)
    keys = ", ".join(f'"k{number}": {number}' for number in range(100_000))
    yield 29, "100,000 keys", _with("extra", "{" + keys + "}")
    yield 29, "10 MB key name", _with("extra", '{"' + "k" * 10 * _MEGABYTE + '": 1}')
    yield 29, "duplicate keys", _content('[{"type": "text", "text": "first", "text": "second"}]')
    odd = '{"__proto__": {"admin": true}, "constructor": 1, "toString": 2, "": 3, "<b>": 4}'
    yield 30, "odd keys", _with("extra", odd)
    for raw in (
        "null",
        '""',
        "0",
        "[]",
        '"a string"',
        "[[1, 2], [3]]",
        '{"type": "text", "text": "no list"}',
    ):
        yield 31, f"content is {raw[:24]}", _content(raw)
    yield 32, "SQL NULL", {"content": None}
    yield 32, "JSON null", _content("null")
    yield 32, 'the string "null"', _content('"null"')
    yield 33, "old row: only text", {"text": "only in the old column", "content": None}
    both = json.dumps([{"type": "text", "text": "in the new column"}])
    yield 33, "both columns", {"text": "in the old column", "content": both}
    yield 33, "neither column", {"text": None, "content": "[]"}


def _parts() -> Iterator[Shape]:
    yield 34, "unknown part type", _content('[{"type": "hologram", "payload": "<b>x</b>"}]')
    yield 34, "part without type", _content('[{"text": "no type"}]')
    yield 34, "type of 1 MB", _content(json.dumps([{"type": "t" * _MEGABYTE}]))
    yield 34, "type is a number", _content('[{"type": 7, "text": "seven"}]')
    picture = base64.b64encode(Random(35).randbytes(22 * _MEGABYTE + 500_000)).decode()
    yield 35, "30 MB of base64", _image("image/png", picture)
    yield 35, "bad base64", _image("image/png", "%%%not base64%%%")
    svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(35)'/>").decode()
    yield 35, "SVG", _image("image/svg+xml", svg)
    yield 35, "SVG declared as PNG", _image("image/png", svg)
    yield (
        35,
        "remote address",
        _content(
            json.dumps(
                [
                    {
                        "type": "image",
                        "source": {"type": "url", "url": "http://evil.example/pixel.png"},
                    }
                ]
            )
        ),
    )


def _image(media_type: str, encoded: str) -> dict[str, Any]:
    source = {
        "type": "letta",
        "file_id": "file-bad00035",
        "media_type": media_type,
        "data": encoded,
    }
    return _content(json.dumps([{"type": "image", "source": source}]))


def _calls() -> Iterator[Shape]:
    nested = '{"a": 1}'
    for _level in range(10):
        nested = json.dumps(nested)
    yield 36, "arguments encoded ten times", _called("call_bad36a", nested)
    yield 36, "arguments that are no JSON", _called("call_bad36b", '{"a": }{"b"')
    yield 36, "5 MB of arguments", _called("call_bad36c", json.dumps({"x": "y" * 5 * _MEGABYTE}))
    yield 37, "call without return", _called("call_bad37a", '{"order_id": "FJ-1"}')
    yield 37, "return without call", _answered("call_bad37_nobody", "An answer to no call")
    yield 37, "duplicate call id", _called("call_bad37a", '{"order_id": "FJ-2"}')
    yield 37, "call id of another thread", _answered("call_bad36a", "An answer to another thread")
    yield 37, "calls that are no list", {"role": "assistant", "tool_calls": '{"id": "call_x"}'}
    yield 37, "function missing", {"role": "assistant", "tool_calls": '[{"id": 5}, null, "x"]'}
    yield (
        38,
        "secrets in a return",
        _answered("call_bad38", "Authorization: Bearer demo-secret-bearer\nAKIAIOSFODNN7EXAMPLE"),
    )


def _called(key: str, arguments: str) -> dict[str, Any]:
    call = {
        "id": key,
        "type": "function",
        "function": {"name": "lookup_order", "arguments": arguments},
    }
    return {"role": "assistant", "content": "[]", "tool_calls": json.dumps([call])}


def _answered(key: str, body: str) -> dict[str, Any]:
    packed = json.dumps(
        {"status": "OK", "message": body, "time": "2026-01-01 08:00:00 AM UTC+0000"}
    )
    returned = {
        "tool_call_id": key,
        "status": "success",
        "stdout": None,
        "stderr": None,
        "func_response": packed,
    }
    return {
        "role": "tool",
        "name": "lookup_order",
        "tool_call_id": key,
        "content": json.dumps([{"type": "text", "text": packed}]),
        "tool_returns": json.dumps([returned]),
    }


def _times() -> Iterator[Shape]:
    for stamp in (
        "infinity",
        "-infinity",
        "20000-01-01 00:00:00+00",
        "0044-03-15 12:00:00+00 BC",
        "0001-01-01 00:00:00+00",
        "1901-12-13 20:45:52+00",
    ):
        yield 54, f"created_at {stamp}", {"created_at": stamp}
    yield 55, "created in the future", {"created_at": "2099-12-31 23:59:59+00"}
    yield 55, "created_at is NULL", {"created_at": None, "updated_at": None}
    yield 55, "earlier than the row before", {"created_at": "2020-01-01 00:00:00+00"}
    yield 58, "unknown role", {"role": "<oracle>"}
