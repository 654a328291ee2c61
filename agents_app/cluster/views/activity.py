"""Who did it: asks Letta, because a person pressed the button."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.aws.errors import AwsNotConfigured
from agents_app.aws.sleep import Sleep
from agents_app.cluster.activity.waking import Cause, causes
from agents_app.cluster.activity.who import Who, who
from agents_app.cluster.filters import RangeForm
from agents_app.cluster.ours import ours
from agents_app.cluster.picture import Picture, picture
from agents_app.cluster.views.home import attempts_of, resumes_of
from agents_app.ui.http import Request, render_page

MOST_AGENTS = 100


@require_safe
@requires(Right.CLUSTER)
def activity(request: Request) -> HttpResponse:
    """The agents' work of the range; without AWS it has no cost and is shown alone."""
    form = RangeForm(request.GET)
    found = _picture(form)
    told = who(found)
    woken = causes(
        resumes_of(found),
        console=ours(found.span.start, found.span.end).connects,
        pieces=told.found.pieces,
        attempts=attempts_of(found),
    )
    context = {
        "form": form, "range": form.name, "picture": found, "who": told, "causes": woken,
        "agents": told.agents[:MOST_AGENTS], "names": {one.agent_id: one.name for one in told.agents},
        "more": max(0, len(told.agents) - MOST_AGENTS),
    }  # fmt: skip
    return render_page(
        request, "cluster/activity.html", context, fragments=["activity"],
        data=lambda: _data(found, told, woken),
    )  # fmt: skip


def _picture(form: RangeForm) -> Picture:
    """What AWS tells; nothing of it where CloudWatch is not connected."""
    try:
        return picture(form.span())
    except AwsNotConfigured as error:
        return Picture(
            span=form.span(), reading=None, state=None, events=(), alarms=(),
            sleep=Sleep("unknown"), troubles=[error],
        )  # fmt: skip


def _data(found: Picture, told: Who, woken: list[Cause]) -> dict[str, Any]:
    work = told.found
    return {
        "start": found.span.start, "end": found.span.end, "period": told.period_s,
        "looked_back_to": work.since, "is_cut": work.is_cut,
        "problems": [{"error": one.slug, "message": str(one)} for one in found.troubles],
        "messages_looked_back_to": work.messages_since,
        "runs": work.runs, "steps": work.steps, "unmeasured": work.unmeasured, "messages": work.messages,
        "currency": told.currency, "idle": told.shares.idle, "others": told.shares.others,
        "attributed": told.attributed, "unmatched_s": told.unmatched_s,
        "agents": [asdict(one) for one in told.agents],
        "organizations": [{"id": key, "name": name, "cost": cost} for key, name, cost in told.organizations],
        "identities": told.identities and [{"id": key, "cost": cost} for key, cost in told.identities],
        "series": told.drawn,
        "resumes": [{"at": one.resume.at, "cause": one.kind, "user": one.user, "agents": one.agents,
                     "connection_attempts": one.attempts} for one in woken],
    }  # fmt: skip
