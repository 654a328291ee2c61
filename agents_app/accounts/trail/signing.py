"""Signed statements about the trail: an Ed25519 key in a file, checkpoints in a folder.

A checkpoint is a JSON file `{"statement": "…", "signature": "…", "public_key": "…"}`: the statement
is the exact JSON text that was signed, so that nobody has to write it the same way again.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

PREFIX: Final = "checkpoint-"


class NotSigned(Exception):
    """A key or a signed file cannot be used; the text says which and why."""


@dataclass(frozen=True)
class Checkpoint:
    """What was signed: the hash of row `sequence` at the time `at` (ISO 8601, the database's clock)."""

    sequence: int
    hash: str
    at: str
    before: str  # SHA-256 of the file of the checkpoint before; empty for the first


def make_key(path: Path) -> None:
    """Writes a new private key (mode 0600) and, beside it with `.pub`, its public half."""
    key = Ed25519PrivateKey.generate()
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path.with_name(f"{path.name}.pub").write_bytes(public)


def private_key(path: Path) -> Ed25519PrivateKey:
    """The signing key in `path` (PEM, PKCS8)."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise NotSigned(f"The key {path} cannot be read ({type(error).__name__}).") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NotSigned(f"The key {path} is no Ed25519 key.")
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The key to check signatures with, from a PEM file of the public or of the private half."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise NotSigned(f"The key {path} cannot be read ({type(error).__name__}).") from error
    except ValueError:
        return private_key(path).public_key()
    if not isinstance(key, Ed25519PublicKey):
        raise NotSigned(f"The key {path} is no Ed25519 key.")
    return key


def signed(statement: Mapping[str, Any], key: Ed25519PrivateKey) -> str:
    """The statement as a signed JSON file."""
    text = json.dumps(statement)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    body = {
        "statement": text,
        "signature": base64.b64encode(key.sign(text.encode())).decode(),
        "public_key": base64.b64encode(public).decode(),
    }
    return json.dumps(body, indent=1) + "\n"


def opened(path: Path, key: Ed25519PublicKey) -> dict[str, Any]:
    """The statement of a signed file whose signature is right."""
    try:
        text = path.read_text()
    except (OSError, ValueError) as error:
        raise NotSigned(f"{path.name}: not a signed file ({type(error).__name__}).") from error
    return opened_text(text, key, name=path.name)


def opened_text(text: str, key: Ed25519PublicKey, *, name: str) -> dict[str, Any]:
    """The same for the text of a file that is called `name`."""
    try:
        body = json.loads(text)
        key.verify(base64.b64decode(body["signature"]), body["statement"].encode())
        statement: dict[str, Any] = json.loads(body["statement"])
    except InvalidSignature as error:
        raise NotSigned(f"{name}: the signature is not of this key") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotSigned(f"{name}: not a signed file ({type(error).__name__}).") from error
    return statement


def write_checkpoint(folder: Path, checkpoint: Checkpoint, key: Ed25519PrivateKey) -> Path:
    """Signs it into a new file of the folder; files sort by sequence and time."""
    moment = checkpoint.at.replace(":", "").replace("-", "").split(".")[0]
    path = folder / f"{PREFIX}{checkpoint.sequence:012d}-{moment}.json"
    draft = path.with_suffix(".draft")
    draft.write_text(signed(vars(checkpoint), key))
    draft.rename(path)
    return path


def files(folder: Path) -> list[Path]:
    """Checkpoint files, oldest first."""
    return sorted(folder.glob(f"{PREFIX}*.json")) if folder.is_dir() else []


def checkpoints(folder: Path, key: Ed25519PublicKey) -> Iterator[Checkpoint]:
    """The folder's checkpoints, each signed by the key and naming the one before it."""
    before = None
    for path in files(folder):
        found = Checkpoint(**opened(path, key))
        if before is not None and found.before != before:
            raise NotSigned(f"{path.name}: a checkpoint before it is missing or was exchanged.")
        before = digest(path)
        yield found


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
