"""The cluster page: capacity, cost, sleep and events of a stretch of time, out of AWS alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.aws import place
from agents_app.aws.errors import AwsNotConfigured
from agents_app.cluster.activity.waking import Cause, Resume, causes
from agents_app.cluster.charts import BY_NAME, charts, table
from agents_app.cluster.cost.usage import resumes
from agents_app.cluster.cost.whatif import Limits
from agents_app.cluster.filters import RangeForm
from agents_app.cluster.money import CAPACITY, limits_of, measured, money
from agents_app.cluster.ours import Ours, ours
from agents_app.cluster.picture import Picture, picture
from agents_app.cluster.sleeplist import Check, checklist
from agents_app.cluster.telling import listing, told
from agents_app.ui.http import Request, render_page, wants
from agents_app.ui.listing import csv_response

REFRESH_S = 60


class WhatIfForm(forms.Form):
    """Limits to try on the range's own activity."""

    min_acu = forms.FloatField(required=False, min_value=0, max_value=256, label="Minimum ACU")
    max_acu = forms.FloatField(required=False, min_value=1, max_value=256, label="Maximum ACU")
    pause_s = forms.IntegerField(
        required=False, min_value=300, max_value=86_400, label="Pause after (seconds)"
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        least, most = found.get("min_acu"), found.get("max_acu")
        if least is not None and most is not None and least > most:
            self.add_error("max_acu", "The maximum must not be below the minimum.")
        return found

    def limits(self, now: Limits | None) -> Limits | None:
        """What was typed, the rest as it is; None when nothing was, or something wrong."""
        if not self.is_valid() or not any(
            self.cleaned_data[name] is not None for name in self.fields
        ):
            return None
        given = self.cleaned_data
        least = _given(given["min_acu"], now.minimum if now else 0.5)
        most = _given(given["max_acu"], now.maximum if now else max(least, 1.0))
        pause = _given(given["pause_s"], (now.pause_after_s if now else None) or 300)
        return Limits(least, max(most, least), int(pause) if least == 0 else None)


def _given(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


@dataclass(frozen=True, kw_only=True)
class Asleep:
    """The sleep panel: checks, this console's part, and who woke the cluster."""

    checks: list[Check]
    ours: Ours
    causes: list[Cause]

    @property
    def blocked(self) -> int:
        return sum(check.level == "blocks" for check in self.checks)


@require_safe
@requires(Right.CLUSTER)
def home(request: Request) -> HttpResponseBase:
    """One question to AWS a minute for everybody; never one to Letta."""
    form = RangeForm(request.GET)
    try:
        found = picture(form.span())
    except AwsNotConfigured as error:
        return _unconfigured(request, str(error))
    if wants(request, "csv"):
        return csv_response(listing(found))
    asked = request.GET.get("table", "")
    if asked in BY_NAME and request.htmx.target == f"table-{asked}":
        return render_page(request, "cluster/_table.html", _table(found, asked))
    context = _context(request, form, found) | _table(found, asked)
    return render_page(
        request, "cluster/home.html", context, fragments=["now"],
        data=lambda: told(found, context),
    )  # fmt: skip


def _unconfigured(request: Request, message: str) -> HttpResponse:
    data = {"configured": False, "message": message, "database": reverse("cluster:database")}
    return render_page(
        request, "cluster/unconfigured.html", {"message": message}, data=lambda: data
    )


def _context(request: Request, form: RangeForm, found: Picture) -> dict[str, Any]:
    trial = WhatIfForm(request.GET)
    return {
        "form": form,
        "range": form.name,
        "picture": found,
        "charts": charts(found.series),
        "money": money(found, asked=trial.limits(limits_of(found))),
        "trial": trial,
        "asleep": asleep(found),
        "refresh_s": REFRESH_S,
    }


def _table(found: Picture, name: str) -> dict[str, Any]:
    """What the table of one chart needs; nothing for a name that no chart has."""
    if name not in BY_NAME:
        return {"table_of": ""}
    chart = next(one for one in charts(found.series) if one.kind.name == name)
    return {"table_of": name, "chart": chart, "table": table(chart)}


def asleep(found: Picture) -> Asleep:
    """Letta is not asked who woke the cluster: that is for the page of the agents' activity."""
    part = ours(found.span.start, found.span.end)
    return Asleep(
        checks=checklist(
            found.state,
            sessions=_sessions(found),
            paused=found.sleep.state == "paused",
            by_proxy=_by_proxy(),
        ),
        ours=part,
        causes=causes(
            resumes_of(found), console=part.connects, pieces=None, attempts=attempts_of(found)
        ),
    )


def _by_proxy() -> bool:
    host = place.letta_endpoint()
    return host is not None and host.kind == "proxy"


def _sessions(found: Picture) -> float | None:
    """The newest number of connections over all instances, where it is of the last quarter of an hour."""
    series = found.reading.of_instances("DatabaseConnections", "Maximum") if found.reading else []
    recent = found.span.end - timedelta(minutes=15)
    newest = [one.points[-1] for one in series if one.points]
    values = [value for at, value in newest if at >= recent]
    return sum(values) if values else None


def resumes_of(found: Picture) -> list[Resume]:
    """By events where AWS told them, else by the capacity's rise from 0."""
    told = _apart(event.at for event in found.events if event.kind == "resuming")
    cluster = found.reading.find(CAPACITY, "Maximum") if found.reading else None
    if cluster is None:
        return told
    period = timedelta(seconds=cluster.period)
    risen = [
        Resume(at, exact=False, period=period)
        for at in resumes(measured(cluster))
        if not any(abs(one.at - at) <= period + timedelta(minutes=3) for one in told)
    ]
    return sorted([*told, *risen], key=lambda one: one.at)


def _apart(times: Iterable[datetime]) -> list[Resume]:
    """A reader wakes with its writer: what is within two minutes is one resume."""
    found: list[Resume] = []
    for at in sorted(times):
        if not found or at - found[-1].at > timedelta(minutes=2):
            found.append(Resume(at, exact=True))
    return found


def attempts_of(found: Picture) -> list[Any]:
    series = found.reading.of_instances("ConnectionAttempts", "Sum") if found.reading else []
    return [point for one in series for point in one.points]
