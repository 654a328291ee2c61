"""Places for what only a clock can place: the last known row before a moment."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from agents_app.revisions.collect.rows import last_places
from agents_app.revisions.evidence import START, Moment, Place

FAR_SECONDS: Final = 4e9  # more than any timestamp, little enough to tell microseconds apart
SKEW_SECONDS: Final = 2  # that the clocks of server and database may differ


class Clock:
    """Maps moments to places by rows whose both are known: returns, and what `prepare` asks for."""

    def __init__(
        self, known: Iterable[tuple[object, Place]], *, agents: Sequence[str] = ()
    ) -> None:
        self.agents = agents
        self.known = [(at, place) for at, place in known if isinstance(at, datetime)]
        self.rows = sorted(self.known)
        self.first_after = list(accumulate((place for _, place in reversed(self.rows)), min))[::-1]
        self._order()

    def _order(self) -> None:
        self.known.sort()
        self.moments = [at for at, _ in self.known]
        self.places = list(accumulate((place for _, place in self.known), max))

    def prepare(self, moments: Iterable[object], *offsets: float) -> None:
        """Reads where the agents' messages stood at these moments, each moved by seconds."""
        known = {at for at in moments if isinstance(at, datetime)}
        wanted = sorted({at + timedelta(seconds=more) for at in known for more in offsets})
        for agent in self.agents if wanted else ():
            self.known += last_places(agent, wanted)
        self._order()

    def place(self, moment: Moment, *, seconds: float = 0) -> Place:
        """Just after the last row that was there at `moment` plus `seconds`.

        Before the first row that is known places are negative, in the order of time.
        """
        if not isinstance(moment, datetime):
            return START
        moment += timedelta(seconds=seconds)
        index = bisect_right(self.moments, moment)
        return self.places[index - 1] + 0.25 if index else moment.timestamp() - FAR_SECONDS

    def sent_before(self, moment: Moment, place: Place) -> Place:
        """`place`, or an earlier one when rows that came later than the moment stand before it."""
        if not isinstance(moment, datetime):
            return place
        sent = moment + timedelta(seconds=SKEW_SECONDS)
        index = bisect_right(self.rows, sent, key=lambda row: row[0])
        if index == len(self.rows) or self.first_after[index] >= place:
            return place
        return max((before for _, before in self.rows[:index]), default=START) + 0.25
