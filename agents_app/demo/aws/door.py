"""The handler in front of moto: pages, retention, events and alarm history as AWS has them.

moto answers everything else. Its own GetMetricData never gives a NextToken and knows no retention,
its DescribeEvents is empty, and DescribeAlarmHistory does not exist.
"""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from agents_app.demo.aws.wire import Asked, answered, asked, refused

MOST_POINTS = 100_800
_RETENTION = ((timedelta(days=455), None), (timedelta(days=63), 3600), (timedelta(days=15), 300))
_EVENT_DAYS = 14

Values = list[tuple[datetime, float]]


class World(Protocol):
    """What a simulated cluster knows by itself; None lets moto answer."""

    def values(
        self, metric: dict[str, Any], stat: str, period: int, start: datetime, end: datetime
    ) -> Values | None: ...

    def events(self) -> list[dict[str, Any]]:
        """All of them, oldest first, with SourceIdentifier, SourceType, Message, Date."""
        ...

    def alarm_history(self) -> list[dict[str, Any]]: ...


class Empty:
    """No simulation: only what was put into moto, and events that a test adds."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def values(self, *_arguments: Any) -> Values | None:
        return None

    def events(self) -> list[dict[str, Any]]:
        return self.told

    def alarm_history(self) -> list[dict[str, Any]]:
        return []


@dataclass
class Door:
    """The WSGI application. `seen` are the last requests; `page_points` how many points a page of
    GetMetricData holds."""

    moto: WSGIApplication
    world: World = field(default_factory=Empty)
    page_points: int = MOST_POINTS
    seen: list[Asked] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        question = asked(environ)
        if question is None:
            return self.moto(environ, start_response)
        with self._lock:
            self.seen = [*self.seen[-9999:], question]
        own: dict[str, Callable[..., list[bytes]]] = {
            "GetMetricData": self._metric_data,
            "DescribeEvents": self._events,
            "DescribeAlarmHistory": self._alarm_history,
        }
        if question.action in own:
            return own[question.action](question, environ, start_response)
        return self.moto(environ, start_response)

    def count(self, action: str) -> int:
        """Requests of that action."""
        return sum(question.action == action for question in self.seen)

    # ---- GetMetricData -----------------------------------------------------------------------------

    def _metric_data(
        self, question: Asked, environ: WSGIEnvironment, start_response: StartResponse
    ) -> list[bytes]:
        start, end = question.params["StartTime"], question.params["EndTime"]
        found = []
        for query in question.params["MetricDataQueries"]:
            stat = query["MetricStat"]
            words = (stat["Metric"], stat["Stat"], stat["Period"], start, end)
            values = self.world.values(*words) if _is_kept(stat["Period"], start) else []
            found.append((query["Id"], values))
        if any(values is None for _, values in found):
            found = self._from_moto(question, environ, start)
        return self._paged(question, found, start_response)

    def _from_moto(
        self, question: Asked, environ: WSGIEnvironment, start: datetime
    ) -> list[tuple[str, Values | None]]:
        """moto's own answer, emptied where AWS would have forgotten."""
        body = b"".join(self.moto(environ, lambda *_: bytes))
        told = {one["Id"]: one for one in json.loads(body)["MetricDataResults"]}
        found: list[tuple[str, Values | None]] = []
        for query in question.params["MetricDataQueries"]:
            one = told.get(query["Id"], {"Timestamps": [], "Values": []})
            times = [datetime.fromtimestamp(at, UTC) for at in one["Timestamps"]]
            kept = _is_kept(query["MetricStat"]["Period"], start)
            found.append(
                (query["Id"], list(zip(times, one["Values"], strict=True)) if kept else [])
            )
        return found

    def _paged(
        self, question: Asked, found: list[tuple[str, Values | None]], start_response: StartResponse
    ) -> list[bytes]:
        """Points in the order of the queries, so many to a page; a query that goes on is Partial."""
        skip = _number(question.params.get("NextToken"))
        room = min(int(question.params.get("MaxDatapoints") or MOST_POINTS), self.page_points)
        results, passed, taken = [], 0, 0
        backwards = question.params.get("ScanBy", "TimestampDescending") == "TimestampDescending"
        for name, values in found:
            points = sorted(values or [], reverse=backwards)
            first = max(0, skip - passed)
            some = points[first : first + room - taken] if passed + len(points) > skip else []
            if some or (not points and not skip):
                whole = first + len(some) == len(points)
                results.append(_result(name, some, whole=whole))
            passed, taken = passed + len(points), taken + len(some)
        answer: dict[str, Any] = {"MetricDataResults": results, "Messages": []}
        if skip + taken < passed:
            answer["NextToken"] = _token(skip + taken)
        return answered(question, answer, start_response)

    # ---- events and history ------------------------------------------------------------------------

    def _events(
        self, question: Asked, _environ: WSGIEnvironment, start_response: StartResponse
    ) -> list[bytes]:
        now, asked_for = datetime.now(UTC), question.params
        if asked_for.get("Filters"):
            return refused(
                question, "InvalidParameterValue", "Filters is not supported.", start_response
            )
        minutes = int(asked_for.get("Duration") or 60)
        start = asked_for.get("StartTime") or now - timedelta(minutes=minutes)
        start = max(start, now - timedelta(days=_EVENT_DAYS))
        end = asked_for.get("EndTime") or now
        found = [
            event for event in self.world.events()
            if start <= event["Date"] <= end
            and asked_for.get("SourceType") in (None, event["SourceType"])
            and asked_for.get("SourceIdentifier") in (None, event["SourceIdentifier"])
        ]  # fmt: skip
        at, most = _number(asked_for.get("Marker")), int(asked_for.get("MaxRecords") or 100)
        answer: dict[str, Any] = {"Events": found[at : at + most]}
        if at + most < len(found):
            answer["Marker"] = _token(at + most)
        return answered(question, answer, start_response)

    def _alarm_history(
        self, question: Asked, _environ: WSGIEnvironment, start_response: StartResponse
    ) -> list[bytes]:
        name = question.params.get("AlarmName")
        found = [one for one in self.world.alarm_history() if name in (None, one["AlarmName"])]
        return answered(question, {"AlarmHistoryItems": found[:100]}, start_response)


def _is_kept(period: int, start: datetime) -> bool:
    """Whether AWS still has data of that period for a stretch that begins then."""
    age = datetime.now(UTC) - start
    for limit, least in _RETENTION:
        if age > limit:
            return least is not None and period % least == 0
    return True


def _result(name: str, points: Values, *, whole: bool) -> dict[str, Any]:
    return {
        "Id": name,
        "Label": name,
        "Timestamps": [at for at, _ in points],
        "Values": [value for _, value in points],
        "StatusCode": "Complete" if whole else "PartialData",
    }


def _token(number: int) -> str:
    return base64.urlsafe_b64encode(f"after {number}".encode()).decode()


def _number(token: Any) -> int:
    return int(base64.urlsafe_b64decode(token).decode().split()[1]) if token else 0
