"""The simulated cluster minute by minute: who is connected, how much capacity, asleep or awake.

A writer that the agents use, and a reader of promotion tier 2 that a nightly report uses; so the
two pause independently, and the report wakes the writer as well.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from agents_app.demo.aws.activity import Activity

WRITER, READER = "letta-demo-1", "letta-demo-2"
INSTANCES = (WRITER, READER)
MOST_ACU, LEAST_ACU = 8.0, 0.5
AUTO_PAUSE_MINUTES = 15
DAYS = 95
_SERVER_STAYS = 2  # minutes for which Letta's server keeps its connections after the last message
_REPORT_HOUR, _REPORT_MINUTES = 2, 11


@dataclass
class Track:
    """One instance: by minute its capacity (0 while paused), connections and load."""

    capacity: array[float] = field(default_factory=lambda: array("d"))
    connections: array[float] = field(default_factory=lambda: array("d"))
    load: array[float] = field(default_factory=lambda: array("d"))
    woken: array[float] = field(default_factory=lambda: array("d"))  # minutes since it woke up
    last_connected: int = -1
    awake: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """An instance went to sleep or woke up."""

    minute: int
    instance: str
    kind: str


class Minutes:
    """The state of the cluster for each minute from `first` (epoch seconds / 60) on."""

    def __init__(self, activity: Activity, *, first: int) -> None:
        self.activity, self.first = activity, first
        self.tracks = {name: Track() for name in INSTANCES}
        self.turns: list[Turn] = []
        self.noise = array("d")
        self._random = Random(7)

    def __len__(self) -> int:
        return len(self.noise)

    def advance(self, until: int) -> None:
        """Lives on up to that minute, exclusive."""
        while self.first + len(self) < until:
            self._live(self.first + len(self))

    def _live(self, minute: int) -> None:
        self.noise.append(self._random.random())
        load = float(self.activity.messages.get(minute, 0))
        guests = self._guests(minute)
        report = _reports(minute)
        self._step(self.tracks[WRITER], WRITER, minute, load, guests, awaken=bool(report))
        self._step(self.tracks[READER], READER, minute, 6.0 * bool(report), report, awaken=False)

    def _guests(self, minute: int) -> int:
        recent = [self.activity.messages.get(minute - n, 0) for n in range(_SERVER_STAYS + 1)]
        server = 3 + min(12, recent[0]) if any(recent) else 0
        return server + self.activity.console.get(minute, 0)

    def _step(
        self, track: Track, name: str, minute: int, load: float, guests: int, *, awaken: bool
    ) -> None:
        if guests:
            track.last_connected = minute
        if not track.awake and (guests or awaken):
            track.awake = True
            track.last_connected = max(track.last_connected, minute)
            self.turns.append(Turn(minute, name, "resume"))
            track.woken.append(0.0)
        elif track.awake and minute - track.last_connected >= AUTO_PAUSE_MINUTES:
            track.awake = False
            self.turns.append(Turn(minute, name, "pause"))
            track.woken.append(0.0)
        else:
            track.woken.append(track.woken[-1] + 1 if track.woken else 0.0)
        track.capacity.append(_capacity(track, load))
        track.connections.append(float(guests))
        track.load.append(load)


def _capacity(track: Track, load: float) -> float:
    """Up quickly, down by half an ACU a minute, in steps of 0.5."""
    if not track.awake:
        return 0.0
    before = track.capacity[-1] if track.capacity else 0.0
    wanted = min(MOST_ACU, LEAST_ACU + 0.6 * load)
    reached = min(wanted, before + 2.0) if wanted >= before else max(wanted, before - 0.5)
    return max(LEAST_ACU, round(reached * 2) / 2)


def _reports(minute: int) -> int:
    """Connections of the nightly report, Monday to Friday."""
    at = datetime.fromtimestamp(minute * 60, UTC)
    running = at.hour == _REPORT_HOUR and at.minute < _REPORT_MINUTES and at.weekday() < 5
    return 2 if running else 0
