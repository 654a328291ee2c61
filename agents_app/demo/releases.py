"""What tables five Letta releases have, read from the compact descriptions in `tables/*.txt`.

The notation, one block per table:

    table messages                       every described release has it
      id! model tool_calls!:json         columns: `!` NOT NULL, `:type` (none = varchar), `=default`
      [0.13.0+] run_id approvals:json    in 0.13.0 and newer; [-0.11.7] up to it; [0.13.0] only there
      pk (id)
      unique (sequence_id) as uq_messages_sequence_id
      fk (agent_id) agents cascade
      index (agent_id, sequence_id) as ix_messages_agent_sequence

Columns stand in the order a migrated database has them. A release between two described ones
is not described: the marks speak of the five, not of the exact tag that brought a change.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

RELEASES = ("0.6.54", "0.8.17", "0.11.7", "0.13.0", "0.16.8")

ALEMBIC_HEADS = {
    "0.6.54": "a3c7d62e08ca",
    "0.8.17": "cce9a6174366",
    "0.11.7": "ddb69be34a72",
    "0.13.0": "f6cd5a1e519d",
    "0.16.8": "1c28e167b74f",
}

# Enumerations by the first described release that has this list of labels.
_ENUMS: dict[str, dict[str, tuple[str, ...]]] = {
    "sandboxtype": {"0.6.54": ("E2B", "LOCAL"), "0.11.7": ("E2B", "MODAL", "LOCAL")},
    "stepstatus": {"0.11.7": ("PENDING", "SUCCESS", "FAILED", "CANCELLED")},
    "stopreasontype": {
        "0.8.17": (
            "end_turn",
            "error",
            "invalid_tool_call",
            "max_steps",
            "no_tool_call",
            "tool_rule",
            "cancelled",
        )
    },
    "vectordbprovider": {"0.11.7": ("NATIVE", "TPUF"), "0.13.0": ("NATIVE", "TPUF", "PINECONE")},
}

_TYPES = {
    "": "varchar",
    "time": "timestamptz",
    "naive": "timestamp",
    "bool": "boolean",
    "int": "integer",
    "big": "bigint",
    "vector": "vector(4096)",
}
_DEFAULTS = {
    "now": "now()",
    "current": "CURRENT_TIMESTAMP",
    "emptylist": "'[]'::jsonb",
}
# `=next` columns take their values from these sequences.
SEQUENCES = {("messages", "sequence_id"): "message_seq_id"}
SERIALS = {("job_messages", "id"): "job_messages_id_seq"}

_SPAN = re.compile(r"^\[(?P<span>[^\]]+)\]\s+")
_COLUMN = re.compile(r"^(?P<name>\w+)(?P<required>!?)(?::(?P<type>\w+))?(?:=(?P<default>\w+))?$")
_CONSTRAINT = re.compile(
    r"^(?P<kind>pk|unique|unique-null|fk|unique-index|index) (?P<columns>\([^)]*\))"
    r"(?: (?!as )(?P<rest>.*?))?(?: as (?P<name>\w+))?$"
)


class UnknownRelease(ValueError):
    """The release is none of the described ones."""

    def __init__(self, release: str) -> None:
        super().__init__(f"Letta {release} is not described; choose one of {', '.join(RELEASES)}.")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `type` and `default` as PostgreSQL spells them."""

    name: str
    type: str
    required: bool
    default: str | None


@dataclass(frozen=True, slots=True)
class Constraint:
    """A key, foreign key or index: `kind` is pk, unique, unique-null, fk, unique-index or index."""

    kind: str
    columns: str
    rest: str
    name: str


@dataclass(slots=True)
class Table:
    """A table as one release has it."""

    name: str
    columns: list[Column] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)

    @property
    def column_names(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns)


def tables(release: str) -> dict[str, Table]:
    """Every table of the release by name; `UnknownRelease` for one that is not described."""
    if release not in ALEMBIC_HEADS:
        raise UnknownRelease(release)
    return _tables(release)


def enums(release: str) -> dict[str, tuple[str, ...]]:
    """Labels of the enumeration types the release has, in their order."""
    if release not in ALEMBIC_HEADS:
        raise UnknownRelease(release)
    found: dict[str, tuple[str, ...]] = {}
    for name, versions in _ENUMS.items():
        for first, labels in versions.items():
            if RELEASES.index(first) <= RELEASES.index(release):
                found[name] = labels
    return found


def within(span: str, release: str) -> bool:
    """Whether a mark such as `0.8.17+`, `-0.11.7`, `0.11.7-0.13.0` or `0.13.0` covers it."""
    first, dash, last = span.partition("-")
    if span.endswith("+"):
        first, last = span[:-1], RELEASES[-1]
    elif not dash:
        last = first
    low = RELEASES.index(first or RELEASES[0])
    return low <= RELEASES.index(release) <= RELEASES.index(last)


@cache
def _tables(release: str) -> dict[str, Table]:
    found: dict[str, Table] = {}
    current: Table | None = None
    for line in _lines():
        if line.startswith("table "):
            _, name, *span = line.split()
            current = None
            if not span or within(span[0], release):
                current = found[name] = Table(name)
        elif current is not None:
            _add(current, line, release=release)
    return found


def _lines() -> Iterator[str]:
    for path in sorted(Path(__file__).with_name("tables").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield line.strip()


def _add(table: Table, line: str, *, release: str) -> None:
    mark = _SPAN.match(line)
    if mark:
        if not within(mark["span"], release):
            return
        line = line[mark.end() :]
    constraint = _CONSTRAINT.match(line)
    if constraint:
        table.constraints.append(_constraint(table.name, constraint))
    else:
        table.columns.extend(_column(table.name, word) for word in line.split())


def _column(table: str, word: str) -> Column:
    match = _COLUMN.match(word)
    if match is None:
        raise ValueError(f"Column {word!r} of table {table} is not in the notation.")
    kind = match["type"] or ""
    if kind.startswith("char"):
        kind = f"varchar({kind.removeprefix('char')})"
    return Column(
        name=match["name"],
        type=_TYPES.get(kind, kind),
        required=bool(match["required"]),
        default=_default(table, match),
    )


def _default(table: str, match: re.Match[str]) -> str | None:
    word = match["default"]
    if word == "next":
        key = (table, match["name"])
        return f"nextval('{SEQUENCES.get(key) or SERIALS[key]}')"
    return _DEFAULTS.get(word, word) if word else None


def _constraint(table: str, match: re.Match[str]) -> Constraint:
    kind, columns = match["kind"], match["columns"]
    name = match["name"]
    if not name and kind == "pk":
        name = f"{table}_pkey"
    if not name:
        name = f"{table}_{columns.strip('()')}_fkey"
    return Constraint(kind=kind, columns=columns, rest=match["rest"] or "", name=name)
