"""Who woke the cluster: each resume with its likely cause. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from agents_app.cluster.activity.work import Work

Kind = Literal["console", "agent", "connection", "unknown"]
BEFORE, AFTER = timedelta(minutes=3), timedelta(minutes=1)


@dataclass(frozen=True)
class ConsoleConnect:
    """A connection of this console's own: when, and who had asked for it."""

    at: datetime
    user: str
    woke: bool


@dataclass(frozen=True)
class Resume:
    """`at` is exact when an event told it, else the start of the first period above 0."""

    at: datetime
    exact: bool
    period: timedelta = timedelta(minutes=1)


@dataclass(frozen=True)
class Cause:
    """`agents` are those whose work began around the resume, the first of them first."""

    resume: Resume
    kind: Kind
    user: str = ""
    agents: tuple[str, ...] = ()
    attempts: float | None = None


def causes(
    resumes: Iterable[Resume],
    *,
    console: Sequence[ConsoleConnect],
    pieces: Sequence[Work] | None,
    attempts: Sequence[tuple[datetime, float | None]],
) -> list[Cause]:
    """Newest first. `pieces` None: nobody asked Letta what its agents did."""
    ordered = sorted(resumes, key=lambda one: one.at, reverse=True)
    return [_cause(one, console=console, pieces=pieces, attempts=attempts) for one in ordered]


def _cause(
    resume: Resume,
    *,
    console: Sequence[ConsoleConnect],
    pieces: Sequence[Work] | None,
    attempts: Sequence[tuple[datetime, float | None]],
) -> Cause:
    """The earliest in the window wins; attempts alone mean somebody else."""
    start = resume.at - BEFORE
    end = resume.at + (AFTER if resume.exact else resume.period + AFTER)
    ours = sorted((one for one in console if start <= one.at <= end), key=lambda one: one.at)
    work = sorted(
        (one for one in pieces or () if start.timestamp() <= one.start <= end.timestamp()),
        key=lambda one: one.start,
    )
    tried = [value for at, value in attempts if value is not None and start <= at <= end]
    total = sum(tried) if tried else None
    agents = tuple(dict.fromkeys(one.agent_id for one in work))[:5]
    woke = next((one for one in ours if one.woke), None)
    if woke or (ours and not (work and work[0].start < ours[0].at.timestamp())):
        return Cause(resume, "console", (woke or ours[0]).user, agents, total)
    if agents:
        return Cause(resume, "agent", "", agents, total)
    return Cause(resume, "connection" if pieces is not None or total else "unknown", "", (), total)
