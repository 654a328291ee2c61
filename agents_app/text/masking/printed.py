"""The printed list: every format that is taken for a secret, as a table for the documentation."""

from collections.abc import Iterator
from itertools import groupby

from agents_app.text.masking.formats import FORMATS


def table() -> str:
    """Markdown; formats of one name that are told in several ways stand in one row."""
    return "\n".join(["| Format | Looked for where this stands |", "| --- | --- |", *_rows()])


def _rows() -> Iterator[str]:
    for name, formats in groupby(sorted(FORMATS, key=lambda one: one.name.casefold()), key=lambda one: one.name):  # fmt: skip
        hints = dict.fromkeys(hint for one in formats for hint in one.hints)
        yield f"| {name} | {' '.join(f'`{_cell(hint)}`' for hint in hints)} |"


def _cell(hint: str) -> str:
    return hint.replace("|", "\\|").replace("`", "'").replace("\n", "↵").strip()
