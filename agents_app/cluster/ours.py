"""This console's own part: its connections and wakes, out of our own database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from agents_app.cluster.activity.waking import ConsoleConnect
from agents_app.letta import access
from agents_app.letta.console import ConsoleConnection, WakeRequest

NEAR_A_WAKE = timedelta(minutes=2)
MOST = 2_000


@dataclass(frozen=True)
class Ours:
    """Connections opened and clusters woken in the range; `open_now` are those of this process."""

    connects: list[ConsoleConnect]
    failed: int
    open_now: int

    @property
    def wakes(self) -> int:
        return sum(one.woke for one in self.connects)


def ours(start: datetime, end: datetime) -> Ours:
    """A connection counts as a wake when it took as long as one, or a person had pressed the button for it."""
    asked = list(
        WakeRequest.objects.filter(at__gte=start - NEAR_A_WAKE, at__lt=end)
        .order_by("at")
        .values_list("at", "user__username")[:MOST]
    )
    rows = ConsoleConnection.objects.filter(at__gte=start, at__lt=end).order_by("at")
    made = list(rows.values_list("at", "user__username", "woke", "succeeded")[:MOST])
    found = [
        ConsoleConnect(at, user or _who(at, asked), woke=woke or _is_first_after(at, asked, made))
        for at, user, woke, succeeded in made
        if succeeded
    ]
    failed = sum(not succeeded for *_, succeeded in made)
    return Ours(found, failed, access.status().open_connections)


def last_wakes(now: datetime | None = None) -> Ours:
    """Those of the last 24 hours."""
    end = now or datetime.now(UTC)
    return ours(end - timedelta(days=1), end + timedelta(minutes=1))


def _who(at: datetime, asked: list[tuple[datetime, str]]) -> str:
    near = [user for time, user in asked if timedelta() <= at - time <= NEAR_A_WAKE]
    return near[-1] if near else ""


def _is_first_after(
    at: datetime, asked: list[tuple[datetime, str]], made: list[tuple[datetime, str, bool, bool]]
) -> bool:
    """Whether it is the first connection that succeeded within two minutes of a pressed button."""
    for time, _ in asked:
        after = [one for one, *_, succeeded in made if one >= time and succeeded]
        if after and after[0] == at and at - time <= NEAR_A_WAKE:
            return True
    return False
