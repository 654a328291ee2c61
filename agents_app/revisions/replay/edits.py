"""memory_replace, memory_insert and memory_rethink, which the commands of `memory` share."""

from agents_app.revisions.replay.core import chosen
from agents_app.revisions.replay.numbering import refused
from agents_app.revisions.replay.outcome import (
    Arguments,
    Outcome,
    Release,
    ambiguous,
    at_least,
    before,
    expanded,
    failed,
    result,
    text,
)  # fmt: skip


def replace(arguments: Arguments, value: str, release: Release) -> Outcome:
    """The one occurrence, after tabs were expanded in both texts and in the whole value."""
    old, new = text(arguments, "old_str", "old_string"), text(arguments, "new_str", "new_string")
    if old is None or new is None:
        return failed("the old or the new text is missing")
    if refused(old, release) or refused(new, release):
        return failed("line numbers in the arguments")
    old, new, value = expanded(old), expanded(new), expanded(value)
    count = value.count(old)
    return (
        result(value.replace(old, new))
        if count == 1
        else failed(f"the old text occurs {count} times")
    )


def undo_replace(arguments: Arguments, value: str, release: Release) -> Outcome:
    """Tabs that were expanded do not come back."""
    old, new = text(arguments, "old_str", "old_string"), text(arguments, "new_str", "new_string")
    if old is None or new is None:
        return failed("the old or the new text is missing")
    old, new = expanded(old), expanded(new)
    if "\t" in value:
        return failed("the call would have expanded the tabs")
    if not new:
        return result(old) if not value else ambiguous("where the text was cut out is not stored")
    candidates = [value[:at] + old + value[at + len(new) :] for at in _places(value, new)]
    return chosen(candidates, lambda was: replace(arguments, was, release).value == value)


def _places(value: str, wanted: str) -> list[int]:
    """Where `wanted` begins, overlapping places too."""
    places: list[int] = []
    at = value.find(wanted)
    while at >= 0 and len(places) < 200:
        places.append(at)
        at = value.find(wanted, at + 1)
    return places


def insert(arguments: Arguments, value: str, release: Release) -> Outcome:
    """The new lines after line `insert_line`; an omitted one is the end."""
    new, number = text(arguments, "new_str", "new_string"), arguments.get("insert_line", -1)
    if new is None or not isinstance(number, int) or isinstance(number, bool):
        return failed("the new text is missing or insert_line is no number")
    if refused(new, release):
        return failed("line numbers in the arguments")
    lines = expanded(value).split("\n")
    lowest = 0 if at_least(release, 0, 6, 54) and before(release, 0, 8) else -1
    if not lowest <= number <= len(lines):
        return failed("insert_line is out of range")
    place = len(lines) if number == -1 else number
    return result("\n".join(lines[:place] + expanded(new).split("\n") + lines[place:]))


def undo_insert(arguments: Arguments, value: str, release: Release) -> Outcome:
    new, number = text(arguments, "new_str", "new_string"), arguments.get("insert_line", -1)
    if new is None or not isinstance(number, int):
        return failed("the new text is missing or insert_line is no number")
    lines, added = value.split("\n"), expanded(new).split("\n")
    place = len(lines) - len(added) if number == -1 else number
    if place < 0 or "\t" in value or lines[place : place + len(added)] != added:
        return failed("the inserted lines do not stand there")
    rest = lines[:place] + lines[place + len(added) :]
    return result("\n".join(rest)) if rest else failed("a value has at least one line")


def rethink(arguments: Arguments, release: Release) -> Outcome:
    """The whole value, verbatim."""
    new = text(arguments, "new_memory")
    if new is None:
        return failed("new_memory is missing")
    return failed("line numbers in the arguments") if refused(new, release) else result(new)
