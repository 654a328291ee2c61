"""JSON columns of any size, read by their first characters only."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, TextField
from django.db.models.functions import Cast, Left, Length

from agents_app.text.jsontext import Parsed, parse, pretty, repair
from agents_app.text.masking.trees import masked, shown

SHOWN_CHARACTERS = 262_144


@dataclass(frozen=True)
class Stored:
    """The beginning of a stored JSON text; `characters` counts the whole."""

    parsed: Parsed
    characters: int

    @property
    def is_cut(self) -> bool:
        return self.characters > SHOWN_CHARACTERS

    @property
    def is_empty(self) -> bool:
        """SQL NULL, JSON null, or a value with nothing in it."""
        return self.parsed.raw is None or (
            self.parsed.usable and self.parsed.value in (None, "", [], {})
        )

    @property
    def value(self) -> Any:
        """What can be shown: the value with secrets masked, or the raw text of what is no JSON."""
        return masked(self.parsed.value) if self.parsed.usable else self.parsed.raw

    @property
    def pretty(self) -> str:
        """Indented, for eyes."""
        return (
            pretty(shown(self.value), limit=SHOWN_CHARACTERS)
            if self.parsed.usable
            else (self.parsed.raw or "")
        )

    @property
    def problem(self) -> str | None:
        return self.parsed.problem

    def as_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "characters": self.characters,
            "is_cut": self.is_cut,
            "problem": self.problem,
        }


def head_of(field: str, *, characters: int | None = None) -> dict[str, Any]:
    """Annotations `<field>_head` and `<field>_characters` of a JSON column."""
    text = Cast(F(field), TextField())
    return {
        f"{field}_head": Left(text, characters or SHOWN_CHARACTERS),
        f"{field}_characters": Length(text),
    }


def stored(row: dict[str, Any], field: str) -> Stored:
    """What `head_of` fetched for a row."""
    head, characters = row[f"{field}_head"], row[f"{field}_characters"] or 0
    is_cut = head is not None and characters > len(head)
    return Stored(repair(head) if is_cut else parse(head), characters)
