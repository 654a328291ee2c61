"""A value judged together with the name it stands under: what "password", "phone" or "api_key" say of it."""

from collections.abc import Collection
from typing import Final

from agents_app.text.masking.finding import Lines, find
from agents_app.text.masking.kinds import Found, Kind
from agents_app.text.masking.names import LONGEST_NAME, tells, whole

_SHORT: Final = 300


def find_under(
    name: str, value: str, kinds: Collection[Kind], *, lines: Lines | None = None
) -> list[Found]:
    """What stands where in `value`: found in it alone, or because of its name."""
    all_of_it = whole(name, value, kinds)
    if all_of_it is not None:
        return [Found(0, len(value), *all_of_it)]
    if not name or len(value) > _SHORT or "\n" in value or not _may_need_name(name, value):
        return find(value, kinds, lines=lines)
    before = f"{name[-LONGEST_NAME:]}: "
    found = find(before + value, kinds, lines=lines)
    return [
        Found(max(one.start - len(before), 0), one.end - len(before), one.kind, one.format)
        for one in found
        if one.end > len(before)
    ]


def _may_need_name(name: str, value: str) -> bool:
    return tells(name) or any(map(str.isdigit, value))
