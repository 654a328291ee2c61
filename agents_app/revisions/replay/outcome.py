"""What a memory tool call does to one block, as far as its arguments say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Arguments = Mapping[str, Any]
Release = tuple[int, ...]
"""(0, 16, 5); an empty tuple is any release: then only what every release refuses fails."""

ANY: Release = ()
Kind = Literal["value", "failed", "ambiguous", "untouched"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`value` stands with kind "value" only; `label` is the block's label afterwards when it changed.

    "failed" means that the call cannot have succeeded on this value; "ambiguous" that the value
    afterwards (or, undone, before) cannot be told from what is known; "untouched" that the call is
    not about this block's value. `partial` marks a value left by a call that then failed.
    """

    kind: Kind
    value: str | None = None
    reason: str = ""
    label: str | None = None
    partial: bool = False
    created: bool = False
    candidates: tuple[str, ...] = ()


UNTOUCHED = Outcome("untouched")


def result(value: str) -> Outcome:
    return Outcome("value", value)


def failed(reason: str) -> Outcome:
    return Outcome("failed", reason=reason)


def ambiguous(reason: str, candidates: tuple[str, ...] = ()) -> Outcome:
    return Outcome("ambiguous", reason=reason, candidates=candidates)


def text(arguments: Arguments, *names: str) -> str | None:
    """The first of these arguments that is a string; None when none is."""
    for name in names:
        found = arguments.get(name)
        if isinstance(found, str):
            return str(found)
    return None


def expanded(value: str) -> str:
    """With tabs expanded; a long text without any is left as it is."""
    return value.expandtabs() if "\t" in value else value


def at_least(release: Release, *wanted: int) -> bool:
    """Whether a known release is not older; False for an unknown one."""
    return bool(release) and release >= wanted


def before(release: Release, *wanted: int) -> bool:
    """Whether a known release is older; False for an unknown one."""
    return bool(release) and release < wanted
