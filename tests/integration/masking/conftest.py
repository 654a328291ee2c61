"""A demo world in whose every text stand an address, a number and a key that nobody but a superuser may see."""

from collections.abc import Iterator

import pytest

from agents_app.demo.load import fill
from tests.cluster import Cluster
from tests.integration.evidence.conftest import customer, download, key  # noqa: F401
from tests.lettadb import UNTIL, LettaDatabase, new_database, pointed_at

EMAIL = "zq.mailbox@leak-example.com"
CARD = "4929 1700 6543 2107"
PHONE = "+49 1512 9876501"
KEY = "sk-ant-api03-ZQLEAKq8Zk2mVx7Bn4Lw9Tc1Rf6Hj3Ys5Dp0"
PLANTED = {"order": EMAIL, "the": CARD, "delivery": PHONE, "and": KEY}
NAMES = (
    "name",
    "identifier_key",
    "summary",
    "description",
    "label",
    "error_message",
    "file_name",
    "original_file_name",
)
KEPT = ("id", "role", "type", "status", "provider", "model", "handle", "endpoint", "kind", "timezone", "schema",
        "category", "position", "vector", "embedding", "hash", "source_type", "tool_call_id", "otid", "version")  # fmt: skip
SHORT = (
    ("identities", "identity_type"),
    ("identities", "project_id"),
    ("agents_tags", "tag"),
    ("passage_tags", "tag"),
    ("messages", "tool_call_id"),
    ("messages", "otid"),
    ("messages", "model"),
    ("steps", "model"),
    ("steps", "provider_name"),
)
"""Columns of ids, kinds and tags: what no page should need to mask, and masks all the same."""


def plant(database: LettaDatabase) -> None:
    """Puts them in place of common words in every column of text and JSON, and behind names."""
    columns = database.rows(
        "SELECT table_name, column_name, udt_name FROM information_schema.columns"
        " WHERE table_schema = %s AND udt_name IN ('text', 'varchar', 'json', 'jsonb')", [database.schema])  # fmt: skip
    for table, column, kind in columns:
        if (column == "label" and table == "block") or column.endswith(("_id", "_ids")):
            continue
        if column in NAMES:
            planted = f"\"{column}\" || ' {EMAIL}'"
        elif any(part in column for part in KEPT):
            continue
        else:
            planted = f'"{column}"::text'
        for word, text in PLANTED.items():
            planted = rf"regexp_replace({planted}, '\y{word}\y', '{text}', 'g')"
        database.execute(f'UPDATE "{table}" SET "{column}" = ({planted})::{kind}')
    for table, column in SHORT:
        database.execute(f"UPDATE {table} SET {column} = {column} || ' {EMAIL}'")


@pytest.fixture(scope="session")
def planted(cluster: Cluster) -> LettaDatabase:
    database = new_database(cluster, "0.16.8")
    fill(database.owner, "0.16.8", agents=14, messages=900, passages=60, hostile=False, seed=7, until=UNTIL,
         schema=database.schema)  # fmt: skip
    plant(database)
    database.provision()
    return database


@pytest.fixture
def leaky(planted: LettaDatabase) -> Iterator[LettaDatabase]:
    with pointed_at(planted.uri()):
        yield planted
