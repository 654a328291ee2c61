"""Bundles as a browser gets them, and what verify_bundle says of them."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from agents_app.accounts.trail import signing
from tests.cluster import Cluster
from tests.lettadb import LettaDatabase, new_database, pointed_at

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


CUSTOMER = """
INSERT INTO organizations (id, name, privileged_tools, is_deleted) VALUES ('org-1', 'Shop', false, false);
INSERT INTO agents (id, name, organization_id, message_buffer_autoclear, is_deleted)
  SELECT 'agent-' || n, 'Desk', 'org-1', false, false FROM generate_series(1, 3) AS n;
INSERT INTO identities (id, identifier_key, name, identity_type, properties, organization_id, is_deleted)
  SELECT 'identity-' || n, 'ada@example.com' || n, 'Ada', 'user', '[]', 'org-1', false FROM generate_series(1, 2) AS n;
INSERT INTO identities_agents (identity_id, agent_id)
  VALUES ('identity-1', 'agent-1'), ('identity-1', 'agent-2'), ('identity-2', 'agent-2'), ('identity-2', 'agent-3');
INSERT INTO block (id, label, value, "limit", version, is_template, read_only, hidden, organization_id, is_deleted)
  SELECT 'block-' || n, 'human', 'Ada likes tea.', 5000, 1, false, false, false, 'org-1', false
    FROM generate_series(1, 3) AS n;
INSERT INTO identities_blocks (identity_id, block_id) VALUES ('identity-1', 'block-1');
INSERT INTO blocks_agents (agent_id, block_id, block_label)
  SELECT 'agent-' || n, 'block-' || n, 'human' FROM generate_series(1, 3) AS n;
INSERT INTO messages (id, agent_id, role, content, tool_calls, sequence_id, created_at, organization_id, is_deleted)
  SELECT 'message-' || n, 'agent-' || 1 + n % 3, 'user', '[{"type": "text", "text": "tea"}]', '[]', n,
         timestamptz '2026-06-01 12:00Z' + n * interval '1 day', 'org-1', false FROM generate_series(1, 9) AS n
"""


@pytest.fixture
def customer(cluster: Cluster) -> Iterator[LettaDatabase]:
    """Ada, identity-1, has agent-1 and shares agent-2 with somebody else."""
    database = new_database(cluster)
    for statement in CUSTOMER.split(";\n"):
        database.execute(statement)
    database.provision()
    with pointed_at(database.uri()):
        yield database
