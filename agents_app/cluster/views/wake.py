"""The one button that lets this console connect to a paused cluster."""

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.aws import place
from agents_app.letta import asleep
from agents_app.letta.console import WakeRequest
from agents_app.ui.http import Request


class WakeForm(forms.Form):
    """Where to go on: a page of this console."""

    next = forms.CharField(required=False, max_length=4_000)


@require_POST
@requires(Right.METADATA)
def wake(request: Request) -> HttpResponse:
    """Notes the wish; the page it leads to connects, and shows the waking page until it is through."""
    form = WakeForm(request.POST)
    onward = form.cleaned_data["next"] if form.is_valid() else ""
    WakeRequest.objects.create(user=request.user)
    cluster = place.configured()
    record(request, "cluster.wake", kind="cluster", ids=[cluster.id] if cluster else [])
    asleep.forget()
    safe = url_has_allowed_host_and_scheme(
        onward, {request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(onward if safe and onward else reverse("overview:home"))
