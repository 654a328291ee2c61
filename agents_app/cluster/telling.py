"""The cluster page as JSON and CSV: series as CloudWatch gave them, and what the page says beside them."""

from collections.abc import Iterator
from typing import Any

from agents_app.aws.events import Event
from agents_app.aws.metrics import Series
from agents_app.cluster.picture import Picture
from agents_app.ui.listing import Listing
from agents_app.ui.paging import Page


def as_json(series: Series) -> dict[str, Any]:
    """`{metric, unit, statistic, period, instance, points: [[iso, value]]}`; instance null: the cluster."""
    return {
        "metric": series.metric,
        "unit": series.unit,
        "statistic": series.statistic,
        "period": series.period,
        "instance": series.instance,
        "points": [[f"{at:%Y-%m-%dT%H:%M:%S}Z", value] for at, value in series.points],
    }


def _event(event: Event) -> dict[str, Any]:
    return {"at": event.at, "kind": event.kind, "source": event.source, "message": event.message}


def told(found: Picture, context: dict[str, Any]) -> dict[str, Any]:
    state = found.state
    return {
        "configured": True,
        "range": context["range"],
        "start": found.span.start,
        "end": found.span.end,
        "period": found.span.period,
        "cut": found.span.cut,
        "read_at": found.reading.read_at if found.reading else None,
        "age_s": found.age_s,
        "problems": [{"error": one.slug, "message": str(one)} for one in found.troubles],
        "cluster": _cluster(found) if state else None,
        "sleep": {
            "state": found.sleep.state, "since": found.sleep.since, "as_of": found.sleep.as_of,
            "since_is_exact": found.sleep.since_exact, "capacity": found.sleep.capacity,
        },
        "series": [as_json(one) for one in found.series],
        "partial": [one.metric for one in found.series if one.partial],
        "pauses": [[one.start, one.end] for one in found.pauses],
        "events": [_event(one) for one in found.events],
        "alarms": list(found.alarms),
        "checks": context["asleep"].checks,
        "own_connections": len(context["asleep"].ours.connects),
        "own_wakes": context["asleep"].ours.wakes,
        "resumes": [{"at": one.resume.at, "cause": one.kind} for one in context["asleep"].causes],
        "cost": context["money"].as_json(),
    }  # fmt: skip


def _cluster(found: Picture) -> dict[str, Any]:
    state = found.state
    assert state is not None  # noqa: S101 (the caller looked)
    return {
        "id": state.cluster.id,
        "region": state.cluster.region,
        "engine_version": state.engine_version,
        "storage_type": state.storage_type,
        "min_acu": state.min_acu,
        "max_acu": state.max_acu,
        "auto_pause_s": state.auto_pause_s,
        "instances": [{"id": one.id, "is_writer": one.is_writer} for one in state.instances],
    }


def listing(found: Picture) -> Listing[Any]:
    """One line for each point."""
    fields = {
        "metric": lambda row: row[0].metric, "unit": lambda row: row[0].unit,
        "statistic": lambda row: row[0].statistic, "period": lambda row: row[0].period,
        "instance": lambda row: row[0].instance, "time": lambda row: row[1],
        "value": lambda row: row[2],
    }  # fmt: skip
    page: Page[Any] = Page([], None, None, None, None)
    return Listing("cluster", page, fields, lambda: _rows(found))


def _rows(found: Picture) -> Iterator[tuple[Series, Any, float]]:
    for series in found.series:
        for at, value in series.points:
            yield series, at, value
