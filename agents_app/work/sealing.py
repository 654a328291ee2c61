"""Encrypts the arguments of background work, which may be content."""

import json
from typing import Any

from agents_app.accounts.sealing import fernet


def seal(arguments: dict[str, Any]) -> bytes:
    """Arguments encrypted with a key made of SECRET_KEY."""
    return fernet("background work").encrypt(json.dumps(arguments).encode())


def unseal(sealed: bytes) -> dict[str, Any]:
    """The arguments again; raises cryptography's InvalidToken when SECRET_KEY has changed."""
    arguments: dict[str, Any] = json.loads(fernet("background work").decrypt(bytes(sealed)))
    return arguments
