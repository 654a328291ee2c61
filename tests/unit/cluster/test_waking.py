"""Who woke the cluster: the earliest that fits, and honest about not knowing."""

from datetime import UTC, datetime, timedelta

from agents_app.cluster.activity.waking import Cause, ConsoleConnect, Resume, causes
from agents_app.cluster.activity.work import Work

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
RESUME = Resume(AT, exact=True)


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def run(seconds: float, agent: str = "ada") -> Work:
    return Work(agent, None, after(seconds).timestamp(), 5.0)


def cause(**known: object) -> Cause:
    words = {"console": [], "pieces": None, "attempts": []} | known
    return causes([RESUME], **words)[0]  # type: ignore[arg-type]


def test_a_persons_wake_is_named() -> None:
    found = cause(console=[ConsoleConnect(after(-5), "ops", woke=True)], pieces=[run(-1)])
    assert (found.kind, found.user) == ("console", "ops")


def test_an_agents_run_before_the_resume_is_the_cause() -> None:
    found = cause(pieces=[run(-20, "bob"), run(-30, "ada")])
    assert (found.kind, found.agents) == ("agent", ("ada", "bob"))


def test_a_connection_of_ours_after_the_agents_is_not_blamed() -> None:
    found = cause(console=[ConsoleConnect(after(30), "ops", woke=False)], pieces=[run(-20)])
    assert found.kind == "agent"


def test_attempts_without_work_are_another_connection() -> None:
    found = cause(pieces=[], attempts=[(after(-30), 2.0), (after(-3000), 9.0)])
    assert (found.kind, found.attempts) == ("connection", 2.0)


def test_unasked_and_without_attempts_it_is_unknown() -> None:
    assert cause().kind == "unknown"


def test_work_far_away_is_no_cause() -> None:
    assert cause(pieces=[run(-3600), run(3600)]).kind == "connection"


def test_a_rise_between_two_points_looks_at_its_whole_period() -> None:
    risen = Resume(AT, exact=False, period=timedelta(hours=1))
    [found] = causes([risen], console=[], pieces=[run(1800)], attempts=[])
    assert found.kind == "agent"
