"""The shape of a diagnosis."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at; `todo` is a next step in words, a command or SQL, empty when all is well."""

    level: Level
    text: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines on one subject, in the order they were looked at."""

    title: str
    lines: tuple[Line, ...]
