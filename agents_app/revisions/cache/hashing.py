"""Hashes of texts, keyed by SECRET_KEY: nobody else can try texts against them."""

import hashlib
import hmac
from functools import lru_cache

from django.conf import settings

LENGTH = 32


def digest(text: str) -> str:
    """32 hexadecimal digits."""
    data = text.encode("utf-8", "surrogatepass")
    return hmac.digest(_key(settings.SECRET_KEY), data, "sha256").hex()[:LENGTH]


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"histories " + secret.encode()).digest()
