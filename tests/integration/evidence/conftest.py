"""Bundles as a browser gets them, and what verify_bundle says of them."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from agents_app.accounts.trail import signing

REASON = "The customer wants to know what was said."
OCCASION = {"category": "request", "ticket": "T-1", "reason": REASON}
ON_RECORD = f"A customer's question, ticket T-1: {REASON}"


@dataclass(frozen=True)
class Opened:
    """A bundle on disk with its files."""

    path: Path
    raw: bytes
    files: dict[str, bytes]

    def json(self, name: str) -> Any:
        return json.loads(self.files[name].decode("ascii"))

    @property
    def manifest(self) -> dict[str, Any]:
        return self.json("manifest.json")  # type: ignore[no-any-return]

    def entries(self, folder: str = "") -> list[dict[str, Any]]:
        """All entries of the chapters whose folder's name ends so, in order."""
        names = [
            n
            for n in self.files
            if n.endswith(".json") and "/" in n and n.split("/")[0].endswith(folder)
        ]
        return [entry for name in names for entry in self.json(name)["entries"]]

    @property
    def html(self) -> str:
        return "\n".join(self.files[name].decode() for name in self.files if name.endswith(".html"))


@pytest.fixture
def download(tmp_path: Path) -> Callable[..., Opened]:
    """`download(client, kind="thread", id=…)`: the bundle that the form's button gives."""

    def make(client: Client, **asked: str) -> Opened:
        response = client.post(reverse("evidence:download"), OCCASION | asked)
        assert response.status_code == 200, response.content[:2000]
        assert response["Content-Type"] == "application/zip"
        raw = b"".join(response.streaming_content)
        return opened(raw, tmp_path / "bundle.zip")

    return make


def opened(raw: bytes, path: Path) -> Opened:
    path.write_bytes(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as found:
        return Opened(path, raw, {name: found.read(name) for name in found.namelist()})


@pytest.fixture
def key(tmp_path: Path, settings: Any) -> Path:
    """The public half of a checkpoint key that the console has."""
    settings.INSPECTOR_CHECKPOINT_KEY_FILE = str(tmp_path / "key.pem")
    signing.make_key(tmp_path / "key.pem")
    return tmp_path / "key.pem.pub"


def verified(path: Path, *arguments: Any) -> str:
    """What verify_bundle says, of success or of the first bad file."""
    out, told = StringIO(), [str(one) for one in arguments]
    try:
        call_command("verify_bundle", str(path), *told, stdout=out, stderr=out)
    except CommandError as error:
        if error.returncode != 1:
            raise
        return f"BAD {error}"
    return out.getvalue()
