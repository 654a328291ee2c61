"""The oldest tools: core_memory_append, core_memory_replace, core_memory_insert, rethink_memory."""

from collections.abc import Callable
from typing import Final

from agents_app.revisions.replay.outcome import (
    UNTOUCHED,
    Arguments,
    Outcome,
    Release,
    ambiguous,
    before,
    failed,
    result,
    text,
)  # fmt: skip

MOST_PLACES: Final = 10  # of a replacement that is undone; each doubles the candidates


def append(arguments: Arguments, value: str, release: Release) -> Outcome:
    """An empty value gets a leading newline."""
    content = text(arguments, "content")
    return failed("no content") if content is None else result(f"{value}\n{content}")


def undo_append(arguments: Arguments, value: str, release: Release) -> Outcome:
    content = text(arguments, "content")
    if content is None or not value.endswith(f"\n{content}"):
        return failed("the value does not end with what was appended")
    return result(value[: len(value) - len(content) - 1])


def replace(arguments: Arguments, value: str, release: Release) -> Outcome:
    """Every occurrence; tabs stay as they are."""
    old, new = text(arguments, "old_content"), text(arguments, "new_content")
    if old is None or new is None:
        return failed("old_content or new_content is missing")
    return result(value.replace(old, new)) if old in value else failed("old_content does not occur")


def undo_replace(arguments: Arguments, value: str, release: Release) -> Outcome:
    """Any of the occurrences of the new text may have been there before."""
    old, new = text(arguments, "old_content"), text(arguments, "new_content")
    if old is None or new is None:
        return failed("old_content or new_content is missing")
    if old == new:
        return result(value) if old in value else failed("old_content does not occur")
    if not new or not old:
        return ambiguous("where the text stood is not stored")
    if value.count(new) > MOST_PLACES or _overlaps(value, new):
        return ambiguous("the new text occurs too often, or in itself")
    return chosen(
        _before_replace(value, old, new),
        lambda was: replace(arguments, was, release).value == value,
    )


def _overlaps(value: str, text: str) -> bool:
    """Whether occurrences share characters: then splitting at them is one way of several."""
    at = value.find(text)
    while at >= 0:
        following = value.find(text, at + 1)
        if 0 <= following < at + len(text):
            return True
        at = following
    return False


def _before_replace(value: str, old: str, new: str) -> list[str]:
    """Every value in which one or more of the occurrences were the old text."""
    pieces = value.split(new)
    found = []
    for chosen_places in range(1, 2 ** (len(pieces) - 1)):
        joined = pieces[0]
        for place, piece in enumerate(pieces[1:]):
            joined += (old if chosen_places >> place & 1 else new) + piece
        found.append(joined)
    return found


def chosen(candidates: list[str], fits: Callable[[str], bool]) -> Outcome:
    """The only candidate that the call turns into the value; ambiguous when several do."""
    good = tuple(dict.fromkeys(candidate for candidate in candidates if fits(candidate)))
    if len(good) == 1:
        return result(good[0])
    return (
        ambiguous("several values could have been there", good)
        if good
        else failed("the new text does not occur")
    )


def insert(arguments: Arguments, value: str, release: Release) -> Outcome:
    """core_memory_insert of 0.6.49 to 0.6.53."""
    new, number = text(arguments, "new_memory"), arguments.get("line_number")
    if new is None or not (number is None or isinstance(number, int)):
        return failed("new_memory is missing or line_number is no number")
    lines = value.split("\n")
    place = len(lines) if number is None else number
    if not arguments.get("replace") or release[:3] == (0, 6, 49):
        lines.insert(place, new)
        return result("\n".join(lines))
    if not release:
        return ambiguous("0.6.50 and 0.6.51 count lines differently")
    place = place if before(release, 0, 6, 51) else place - 1
    if not -len(lines) <= place < len(lines):
        return failed("line_number is out of range")
    lines[place] = new
    return result("\n".join(lines))


def undo_insert(arguments: Arguments, value: str, release: Release) -> Outcome:
    new, number = text(arguments, "new_memory"), arguments.get("line_number")
    if new is None or arguments.get("replace") or not (number is None or isinstance(number, int)):
        return ambiguous("the overwritten line is not stored")
    lines, count = value.split("\n"), len(new.split("\n"))
    place = len(lines) - count if number is None else number
    if place < 0 or lines[place : place + count] != new.split("\n"):
        return failed("the inserted line does not stand there")
    return result("\n".join(lines[:place] + lines[place + count :]))


def rethink(arguments: Arguments, release: Release) -> Outcome:
    """rethink_memory and rethink_user_memory: the whole value."""
    new = text(arguments, "new_memory")
    return UNTOUCHED if new is None else result(new)
