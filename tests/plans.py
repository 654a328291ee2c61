"""Which tables a page reads without an index: its statements, explained again with sequential scans discouraged."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tests.lettadb import LettaDatabase


def statements(ask: Callable[[], Any]) -> list[str]:
    """The SQL that `ask` sends to Letta, values included."""
    with CaptureQueriesContext(connections["letta"]) as captured:
        ask()
    return [query["sql"] for query in captured.captured_queries]


def scanned(database: LettaDatabase, sql: list[str]) -> set[str]:
    """Tables that a statement reads whole because no index of Letta's helps it."""
    found: set[str] = set()
    with psycopg.connect(database.owner, autocommit=True) as connection:
        connection.execute(f"SET search_path = {database.schema}, public")
        connection.execute("SET enable_seqscan = off")
        for statement in sql:
            row = connection.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode()).fetchone()
            plan = row[0] if row else []
            found |= set(_scans((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]))
    return found


def _scans(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for child in node.get("Plans", []):
        yield from _scans(child)
