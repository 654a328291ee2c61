"""Pages that open an organization on request, close it, and reveal an object."""

import re
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agents_app.accounts.access import asking, fresh, openings, reveals
from agents_app.accounts.access.forms import OpenForm
from agents_app.accounts.access.models import Opening
from agents_app.accounts.access.occasion import OccasionForm, remember, remembered
from agents_app.accounts.access.places import given, next_path
from agents_app.accounts.access.refusals import refused_on_record
from agents_app.accounts.access.reveals import Shown
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.converters import LettaId
from agents_app.ui.http import Request, render_page

DRAFT = "inspector_reason"


def _organization(request: HttpRequest) -> Shown | None:
    asked = given(request).get("organization", "")
    return Shown("organization", asked, asked) if re.fullmatch(LettaId.regex, asked) else None


def _revealed(request: HttpRequest) -> Shown | None:
    try:
        return reveals.named(given(request).get("about", ""))
    except BadRequest:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@refused_on_record("organization.open", _organization)
@requires()
def open_one(request: Request) -> HttpResponse:
    """Opens an organization that is on request for this person; any other is refused like an absent one."""
    user, asked = request.user, _organization(request)
    if asked is not None and not asking.may_ask_for(user, asked.id):
        raise PermissionDenied("This organization is not on request for you.")
    choices = asking.labelled(user, [asked.id]) if asked is not None else asking.choices(user)
    if choices and not fresh.is_recent(request):
        return _confirm(request)
    form = OpenForm(_sent(request), choices=choices, initial=_initial(request))
    if not form.is_valid():
        context = {"form": form, "choices": choices, "next": next_path(request)}
        status = 422 if form.is_bound else 200
        return render_page(request, "accounts/access/open.html", context, status=status)
    occasion = form.occasion()
    remember(request, occasion)
    openings.open_organization(request, form.cleaned_data["organization"], occasion=occasion)
    return HttpResponseRedirect(next_path(request) or reverse("overview:home"))


def _sent(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _initial(request: Request) -> dict[str, str]:
    draft = {"reason": request.session.pop(DRAFT, "")} if request.method == "GET" else {}
    return remembered(request) | {"organization": request.GET.get("organization", "")} | draft


def _confirm(request: Request) -> HttpResponse:
    """Sends the person to confirm that it is them; what they have written waits for them."""
    if request.method == "POST":
        request.session[DRAFT] = request.POST.get("reason", "")[:400]
    asked = _organization(request)
    kept = {"organization": asked.id if asked else "", "next": next_path(request)}
    here = f"{request.path}?{urlencode({name: text for name, text in kept.items() if text})}"
    ways = get_adapter().get_reauthentication_methods(request.user)
    return HttpResponseRedirect(f"{ways[0]['url']}?{urlencode({'next': here})}")


@require_POST
@requires()
def close_one(request: Request) -> HttpResponse:
    """Closes what this person opened; the form is in the banner of every page."""
    key = request.POST.get("opening", "")
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0
    found = Opening.objects.filter(pk=number, user=request.user).first()
    if found is None:
        raise Http404
    openings.close(request, found)
    messages.info(request, f"{found.organization_id} is closed again.")
    return HttpResponseRedirect(reverse("overview:home"))


@require_http_methods(["GET", "HEAD", "POST"])
@refused_on_record("object.reveal", _revealed)
@requires(Right.REVEAL)
def reveal(request: Request) -> HttpResponse:
    """Shows one object unmasked to this person for 30 minutes, for a reason."""
    about = given(request).get("about", "")
    shown = reveals.named(about)
    form = OccasionForm(_sent(request), initial=remembered(request))
    if not form.is_valid():
        context = {"form": form, "shown": shown, "about": about, "next": next_path(request)}
        status = 422 if form.is_bound else 200
        return render_page(request, "accounts/access/reveal.html", context, status=status)
    occasion = form.occasion()
    remember(request, occasion)
    reveals.reveal(request, shown, occasion=occasion)
    return HttpResponseRedirect(next_path(request) or reverse("overview:home"))
