"""Times, durations and sizes in words, with a stand-in for what no calendar of ours can hold."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import total_ordering
from typing import Any, Final
from zoneinfo import ZoneInfo

_ZONE_NAME = re.compile(r"[A-Za-z0-9+_-]{1,32}(?:/[A-Za-z0-9+_-]{1,32}){0,3}", re.ASCII)
_LOST_PLUS = re.compile(r"(T[\d:.]+) (\d\d:?\d\d)\Z", re.ASCII)
_MAX_WHEN: Final = 40


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class BeyondCalendar:
    """A timestamp that `datetime` refuses: infinity, a year after 9999 or before 1.

    It sorts before or after every datetime and formats as its own text, so that one such row
    never breaks a page. `text` is PostgreSQL's spelling.
    """

    text: str

    @property
    def is_past(self) -> bool:
        return self.text.startswith("-") or self.text.rstrip().endswith("BC")

    @property
    def tzinfo(self) -> None:
        return None

    def isoformat(self, *_: Any, **__: Any) -> str:
        return self.text

    def strftime(self, _: str) -> str:
        return self.text

    def astimezone(self, _: Any = None) -> "BeyondCalendar":
        return self

    def utcoffset(self) -> None:
        return None

    def __str__(self) -> str:
        return self.text

    def __hash__(self) -> int:
        return hash((BeyondCalendar, self.text))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BeyondCalendar) and other.text == self.text

    def __lt__(self, other: object) -> bool:
        if isinstance(other, BeyondCalendar):
            return self._order() < other._order()
        return self.is_past if isinstance(other, date) else NotImplemented

    def __gt__(self, other: object) -> bool:
        if isinstance(other, BeyondCalendar):
            return self._order() > other._order()
        return not self.is_past if isinstance(other, date) else NotImplemented

    def __add__(self, other: timedelta) -> "BeyondCalendar":
        return self

    def __sub__(self, other: object) -> timedelta | None:
        """No distance to another time can be told; a shifted time stays beyond the calendar."""
        return None

    __rsub__ = __sub__

    def _order(self) -> tuple[int, str]:
        if "infinity" in self.text:
            return (-2 if self.is_past else 2), ""
        return (-1 if self.is_past else 1), self.text.rjust(64, "0")


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone; `known` is False where UTC stands in for a name that names none."""

    tz: tzinfo
    name: str
    known: bool = True


def zone(name: str | None) -> Zone:
    """The zone called `name`; no name is UTC, a bad one is UTC with `known` False."""
    if not name or name.upper() == "UTC":
        return Zone(UTC, "UTC")
    if not _ZONE_NAME.fullmatch(name):
        return Zone(UTC, "UTC", known=False)
    try:
        return Zone(ZoneInfo(name), name)
    except (ValueError, OSError, LookupError):
        return Zone(UTC, "UTC", known=False)


def parse_when(text: str, *, tz: tzinfo = UTC) -> datetime | None:
    """The aware time a person typed: a date (its midnight), a date and time, or ISO 8601.

    Without an offset it is read in `tz`. None for anything else. A "+" that a query string
    turned into a blank is put back.
    """
    words = text.strip()
    if len(words) > _MAX_WHEN or not words.isascii():
        return None
    try:
        when = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", words))
        aware = when if when.tzinfo else when.replace(tzinfo=tz)
        aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware


def ago(when: datetime | BeyondCalendar | None, now: datetime) -> str:
    """How long ago, in the largest unit that fits; naive times count as UTC."""
    if when is None:
        return "never"
    if isinstance(when, BeyondCalendar):
        return "beyond calendar"
    seconds = (_aware(now) - _aware(when)).total_seconds()
    if abs(seconds) < 10:
        return "just now"
    words = _largest_unit(abs(seconds))
    return f"{words} ago" if seconds > 0 else f"in {words}"


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


_UNITS: Final = (
    (365 * 86_400, "year"),
    (30 * 86_400, "month"),
    (86_400, "day"),
    (3600, "hour"),
    (60, "minute"),
    (1, "second"),
)


def _largest_unit(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}" if count == 1 else f"{count:,} {unit}s"
    return "0 seconds"


def duration_ms(milliseconds: int | float | None) -> str:
    """850 ms, 12.3 s, 3 min 20 s, 2 h 5 min, 3 d 4 h; a dash when unknown."""
    if milliseconds is None:
        return "–"
    if milliseconds < 0:
        return f"−{duration_ms(-milliseconds)}"
    if milliseconds < 999.5:
        return f"{milliseconds:.0f} ms"
    if milliseconds < 59_950:
        return f"{milliseconds / 1000:.1f} s"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours == 0:
        return f"{minutes} min {seconds} s"
    return f"{hours} h {minutes_left} min" if hours < 24 else f"{hours // 24:,} d {hours % 24} h"


def size_bytes(count: int) -> str:
    """1 byte, 512 bytes, 1.5 KB, 3.2 MB; a KB has 1,024 bytes."""
    if abs(count) < 1024:
        return "1 byte" if count == 1 else f"{count} bytes"
    size = float(count)
    for unit in ("KB", "MB", "GB"):
        size /= 1024
        if abs(size) < 1023.95:
            return f"{size:.1f} {unit}"
    return f"{size / 1024:,.1f} TB"
