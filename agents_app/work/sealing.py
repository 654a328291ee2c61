"""Encrypts the arguments of background work, which may be content."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings


def seal(arguments: dict[str, Any]) -> bytes:
    """Arguments encrypted with a key made of SECRET_KEY."""
    return _fernet().encrypt(json.dumps(arguments).encode())


def unseal(sealed: bytes) -> dict[str, Any]:
    """The arguments again; raises cryptography's InvalidToken when SECRET_KEY has changed."""
    arguments: dict[str, Any] = json.loads(_fernet().decrypt(bytes(sealed)))
    return arguments


def _fernet() -> Fernet:
    digest = hashlib.sha256(b"background work " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
