"""Encrypts what our own database keeps for the program only, with keys made of SECRET_KEY."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def fernet(purpose: str) -> Fernet:
    """A cipher for one purpose; its tokens are unreadable once SECRET_KEY has changed."""
    digest = hashlib.sha256(f"{purpose} ".encode() + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
