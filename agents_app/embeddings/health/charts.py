"""Bars as plain SVG: places and sizes in a box of 100 by 40."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 100.0, 40.0


@dataclass(frozen=True)
class Column:
    """One bar; `title` says what it counts."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class Chart:
    """`first` and `last` are written below its ends."""

    columns: Sequence[Column]
    first: str
    last: str
    highest: int


def chart(counts: Sequence[int], titles: Sequence[str], *, ends: tuple[str, str]) -> Chart | None:
    """Bars of these heights; None when there is nothing to draw."""
    highest = max(counts, default=0)
    if not highest:
        return None
    step = WIDTH / len(counts)
    columns = [
        Column(
            x=round(number * step, 3),
            y=round(HEIGHT - _height(count, highest), 3),
            width=round(step * 0.86, 3),
            height=round(_height(count, highest), 3),
            title=title,
        )
        for number, (count, title) in enumerate(zip(counts, titles, strict=True))
    ]
    return Chart(columns, *ends, highest)


def _height(count: int, highest: int) -> float:
    """At least a line for one."""
    return max(HEIGHT * count / highest, 0.5) if count else 0.0
