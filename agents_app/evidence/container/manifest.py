"""What the manifest says, and the sum over all sums that the trail and the signature vouch for."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from agents_app.evidence.container.layout import Damaged

FORMAT: Final = "letta-inspector-evidence"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.signed.json"
MOST: Final = 16_000_000  # bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file of the bundle: its path, its SHA-256 in hex, its length in bytes."""

    path: str
    sha256: str
    size_bytes: int


def contents_sum(files: Iterable[File]) -> str:
    """SHA-256 over one line for each file in order, `sha256  path`, as sha256sum writes them."""
    lines = "".join(f"{one.sha256}  {one.path}\n" for one in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def written(facts: Mapping[str, Any], files: Iterable[File]) -> bytes:
    """The manifest's bytes."""
    body = {
        "format": FORMAT,
        "format_version": VERSION,
        **facts,
        "files": [asdict(one) for one in files],
    }
    return (json.dumps(body, indent=1) + "\n").encode()


def statement(manifest: bytes, bundle: str) -> dict[str, str]:
    """What is signed."""
    return {"bundle": bundle, "manifest_sha256": hashlib.sha256(manifest).hexdigest()}


def read(raw: bytes) -> tuple[dict[str, Any], list[File]]:
    """The manifest and the files that it lists."""
    try:
        body = json.loads(raw)
        files = [
            File(str(one["path"]), str(one["sha256"]), int(one["size_bytes"]))
            for one in body["files"]
        ]
        known = (body["format"], body["format_version"]) == (FORMAT, VERSION)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Damaged(MANIFEST, "cannot be read") from error
    if not known:
        raise Damaged(MANIFEST, "is of another format or version")
    if body.get("contents_sha256") != contents_sum(files):
        raise Damaged(MANIFEST, "was changed: its sums do not add up to its contents_sha256")
    return body, files
