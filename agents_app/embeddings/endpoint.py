"""Embeds a few words through the OpenAI-compatible endpoint of the settings; every fault is a sentence.

Only called after a person pressed the button. Nothing is kept: neither words nor vector.
"""

import http.client
import json
import math
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import numpy as np
from django.conf import settings

from agents_app.letta.vectors import STORED_DIMENSIONS
from agents_app.letta.vectors.reading import Floats

LONGEST_WAIT_S: Final = 5.0
LARGEST_ANSWER: Final = 1_000_000
MOST_CHARACTERS: Final = 4_000
_LANES = threading.BoundedSemaphore(2)
_PIECE = 65_536
_SAID = {
    400: "did not accept the question (HTTP 400); it may not know the model {model}",
    401: "refused the key. Operations should check INSPECTOR_EMBEDDING_API_KEY",
    403: "refused the key. Operations should check INSPECTOR_EMBEDDING_API_KEY",
    404: "does not know the model {model}, or offers no embeddings at this address",
    413: "found the text too long",
    429: "asks to slow down. Try again in a minute",
}


class EndpointError(Exception):
    """Why there is no vector, as a sentence for readers; it holds no key and none of the words."""


@dataclass(frozen=True)
class Endpoint:
    """Where words are sent; `address` is shown to readers, without whatever a URL may hide."""

    url: SplitResult

    @property
    def address(self) -> str:
        return f"{self.url.scheme}://{self.url.hostname}{_port(self.url)}{self.path}"

    @property
    def path(self) -> str:
        return f"{self.url.path.rstrip('/')}/embeddings"

    @property
    def is_encrypted(self) -> bool:
        return self.url.scheme == "https"


def endpoint() -> Endpoint | None:
    """The configured one; None when there is none. A setting that is no address is an EndpointError."""
    text = settings.INSPECTOR_EMBEDDING_BASE_URL.strip()
    if not text:
        return None
    try:
        url = urlsplit(text)
        usable = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise EndpointError(
            "INSPECTOR_EMBEDDING_BASE_URL is not an address like https://host/v1, so nothing can be sent."
        )
    return Endpoint(url)


def embed(where: Endpoint, words: str, *, model: str) -> Floats:
    """The vector of `words` as that model's, unchecked against any dimension; or EndpointError."""
    if not _LANES.acquire(blocking=False):
        raise EndpointError("Two searches by meaning are under way. Try again in a few seconds.")
    try:
        status, body = _asked(where, {"model": model, "input": words, "encoding_format": "float"})
    finally:
        _LANES.release()
    if status != http.client.OK:
        raise EndpointError(_refusal(where, status, model=model))
    return _vector(where, body)


def _asked(where: Endpoint, question: dict[str, Any]) -> tuple[int, bytes]:
    ends_at, connection = time.monotonic() + LONGEST_WAIT_S, _connection(where)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if settings.INSPECTOR_EMBEDDING_API_KEY:
        headers["Authorization"] = f"Bearer {settings.INSPECTOR_EMBEDDING_API_KEY}"
    try:
        connection.request("POST", where.path, json.dumps(question).encode(), headers)
        response = connection.getresponse()
        return response.status, _read(where, response, ends_at=ends_at)
    except TimeoutError as error:
        raise _late(where) from error
    except ssl.SSLError as error:
        raise EndpointError(
            f"The identity of {where.address} could not be verified, so nothing was sent."
        ) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise EndpointError(f"{where.address} could not be reached.") from error
    finally:
        connection.close()


def _connection(where: Endpoint) -> http.client.HTTPConnection:
    host, port = where.url.hostname or "", where.url.port
    if where.is_encrypted:
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=LONGEST_WAIT_S, context=context)
    return http.client.HTTPConnection(host, port, timeout=LONGEST_WAIT_S)


def _read(where: Endpoint, response: http.client.HTTPResponse, *, ends_at: float) -> bytes:
    """The whole answer; a trickle ends with the time, a flood with the limit."""
    found = bytearray()
    while piece := response.read1(_PIECE):
        found += piece
        if len(found) > LARGEST_ANSWER:
            raise EndpointError(f"{where.address} answered with far more than a vector.")
        if time.monotonic() > ends_at:
            raise _late(where)
    return bytes(found)


def _late(where: Endpoint) -> EndpointError:
    return EndpointError(f"{where.address} gave no answer within {LONGEST_WAIT_S:.0f} seconds.")


def _refusal(where: Endpoint, status: int, *, model: str) -> str:
    if 300 <= status < 400:
        return f"{where.address} points elsewhere (HTTP {status}); the console does not follow."
    said = _SAID.get(status, "failed (HTTP {status})")
    return f"{where.address} {said.format(model=model[:80], status=status)}."


def _vector(where: Endpoint, body: bytes) -> Floats:
    try:
        numbers = json.loads(body)["data"][0]["embedding"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise EndpointError(
            f"{where.address} answered with something that is no embedding."
        ) from error
    if not isinstance(numbers, list) or not all(map(_is_number, numbers)):
        raise EndpointError(f"{where.address} answered with something that is no list of numbers.")
    if not 1 <= len(numbers) <= STORED_DIMENSIONS:
        raise EndpointError(
            f"{where.address} answered with {len(numbers):,} numbers; a vector has 1 to {STORED_DIMENSIONS:,}."
        )
    vector = np.array(numbers, dtype=np.float64)
    if not vector.any():
        raise EndpointError(f"{where.address} answered with zeros only, which point nowhere.")
    scaled: Floats = (vector / np.abs(vector).max()).astype(np.float32)
    return scaled


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and _is_finite(value)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _port(url: SplitResult) -> str:
    return f":{url.port}" if url.port else ""
