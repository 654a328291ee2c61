"""What is sealed of a row, and the check of a stretch of rows against it; needs no database.

The database computes the same text and hash when it inserts a row (migration 0003).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

FIELDS: Final = (
    "sequence",
    "at",
    "user_id",
    "user_name",
    "action",
    "outcome",
    "object_kind",
    "object_ids",
    "object_count",
    "organization_id",
    "agent_id",
    "reason",
    "terms",
    "request_id",
    "address",
)
"""The sealed columns, in the order of the sealed text."""
LINE: Final = (*FIELDS, "previous_hash", "hash")
"""What a row of the trail is outside of the database: the sealed columns and the seal."""
START: Final = "0" * 64

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Bad:
    """The first row that is not what was sealed, and how that shows."""

    sequence: int
    problem: str


@dataclass(frozen=True)
class Link:
    """Up to where a chain was followed."""

    sequence: int
    hash: str


def written(moment: datetime) -> str:
    """A time as it is sealed: UTC with microseconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def text_of(row: Row) -> str:
    """The sealed text: PostgreSQL's `json_build_array(…)::text` of the FIELDS."""
    parts = (_part(row[name]) for name in FIELDS)
    return f"[{', '.join(parts)}]"


def _part(value: Any) -> str:
    if isinstance(value, datetime):
        value = written(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def line_of(row: Row) -> dict[str, Any]:
    """The row as JSON can carry it, its time as it is sealed."""
    return {name: row[name] for name in LINE} | {"at": written(row["at"])}


def hash_of(row: Row, previous: str) -> str:
    """SHA-256 over the hash before and the row's text, in hex."""
    return hashlib.sha256((previous + text_of(row)).encode("utf-8", "surrogatepass")).hexdigest()


class Follower:
    """Follows a chain row by row from a known link; `bad` is the first row found wrong."""

    def __init__(self, start: Link, checkpoints: Mapping[int, str] | None = None) -> None:
        """`checkpoints` maps sequences to the hashes that were signed for them."""
        self.at = start
        self.bad: Bad | None = None
        self.rows = 0
        self._checkpoints = dict(checkpoints or {})

    def follow(self, rows: Iterable[Row]) -> bool:
        """Whether all these rows are as sealed; stops at the first that is not."""
        for row in rows:
            self.bad = self._wrong(row)
            if self.bad is not None:
                return False
            self.at = Link(row["sequence"], row["hash"])
            self.rows += 1
        return True

    def _wrong(self, row: Row) -> Bad | None:
        number, expected = row["sequence"], self.at.sequence + 1
        if number != expected:
            missing = f"missing; row {number:,} comes where it belongs"
            return Bad(min(number, expected), missing if number > expected else "out of order")
        sealed = hash_of(row, row["previous_hash"]) == row["hash"]
        if not sealed:
            return Bad(number, "changed: its hash is not that of its contents")
        if row["previous_hash"] != self.at.hash:
            changed = max(number - 1, 1)
            return Bad(changed, f"changed: row {number:,} was sealed upon another hash")
        signed = self._checkpoints.get(number)
        if signed is not None and signed != row["hash"]:
            return Bad(number, "changed: the checkpoint signed for it has another hash")
        return None

    def ends(self, last: Link | None) -> Bad | None:
        """What is missing at the end, against `last` and the newest checkpoint."""
        if self.bad is not None:
            return self.bad
        furthest = max([*self._checkpoints, last.sequence if last else 0], default=0)
        if self.at.sequence < furthest:
            return Bad(self.at.sequence + 1, f"missing; the trail went on to row {furthest:,}")
        if last is not None and last != self.at:
            return Bad(self.at.sequence, "the head of the chain says otherwise")
        return None
