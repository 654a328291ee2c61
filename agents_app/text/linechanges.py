"""Which lines of a text differ from those of the one before it, as numbers; quick where little changed."""

from collections.abc import Callable, Sequence

from agents_app.text.diff import Step, opcodes


def line_changes(old: str, new: str) -> list[int]:
    """Four numbers for each change, in order: lines [a, b) of the old text became lines [c, d)."""
    if old == new:
        return []
    begins, kept = edges(old, new) if old and new else (0, 0)
    first = old.count("\n", 0, begins)
    steps, _ = opcodes(_between(old, begins, kept), _between(new, begins, kept))
    found: list[int] = []
    for tag, low, high, start, end in steps:
        if tag != "equal":
            found += (first + low, first + high, first + start, first + end)
    return found


def as_steps(changes: Sequence[int], count: int) -> list[Step]:
    """The same as steps over `count` old lines, with what is equal between them."""
    found: list[Step] = []
    old = new = 0
    for at in range(0, len(changes), 4):
        low, high, start, end = changes[at : at + 4]
        if low > old:
            found.append(("equal", old, low, new, start))
        found.append(("replace", low, high, start, end))
        old, new = high, end
    if count > old:
        found.append(("equal", old, count, new, new + count - old))
    return found


def edges(old: str, new: str) -> tuple[int, int]:
    """How many characters of whole lines both begin and end with alike.

    The end, when there is one, has the line feed before it; it may be the one that the beginning
    ends with: then nothing lies between.
    """
    shortest = min(len(old), len(new))
    alike = _alike(shortest, lambda size: old[:size] == new[:size])
    begins = old.rfind("\n", 0, alike) + 1
    alike = _alike(shortest - begins, lambda size: old[len(old) - size :] == new[len(new) - size :])
    if begins and alike == shortest - begins and old[-alike - 1] == new[-alike - 1] == "\n":
        return begins, alike + 1
    cut = old.find("\n", len(old) - alike)
    return begins, len(old) - cut if cut >= 0 else 0


def _between(text: str, begins: int, kept: int) -> list[str]:
    ends = len(text) - kept
    if ends < begins:
        return []
    return text[begins:ends].split("\n") if text else []


def _alike(most: int, same: Callable[[int], bool]) -> int:
    """The largest size, up to `most`, for which `same` holds; it holds for every smaller one."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(middle) else (low, middle - 1)
    return low
