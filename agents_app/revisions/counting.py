"""How many lines a change added and removed."""

from collections import Counter
from collections.abc import Callable


def lines_changed(before: str | None, after: str | None) -> tuple[int, int]:
    """Lines that only the later and only the earlier value has; moved lines count as unchanged."""
    if after is None:
        return 0, 0
    if not before or not after:
        return len(_lines(after)), len(_lines(before or ""))
    old, new = _differing(before, after)
    return (new - old).total(), (old - new).total()


def _lines(value: str) -> list[str]:
    return value.split("\n") if value else []


def _differing(old: str, new: str) -> tuple[Counter[str], Counter[str]]:
    """The lines of both without those that they begin and end with alike."""
    shortest = min(len(old), len(new))
    alike = _alike(shortest, lambda size: old[:size] == new[:size])
    begins = old.rfind("\n", 0, alike) + 1
    alike = _alike(shortest - begins, lambda size: old[len(old) - size :] == new[len(new) - size :])
    cut = old.find("\n", len(old) - alike)
    kept = len(old) - cut if cut >= 0 else 0
    return _counted(old, begins, kept), _counted(new, begins, kept)


def _counted(value: str, begins: int, kept: int) -> Counter[str]:
    """The lines between; none where both ends meet."""
    ends = len(value) - kept
    return Counter(value[begins:ends].split("\n")) if ends >= begins else Counter()


def _alike(most: int, same: Callable[[int], bool]) -> int:
    """The largest size, up to `most`, for which `same` holds; it holds for every smaller one."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(middle) else (low, middle - 1)
    return low
