"""Pages on which administrators keep the accounts of this console."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agents_app.accounts import assigning, people, reach
from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.models import FACTOR_RESET, PASSWORD_RESET, Assignment
from agents_app.accounts.roles import Right, role, role_of
from agents_app.ui.http import Request, render_page


@require_safe
@requires(Right.ACCOUNTS)
def listing(request: Request) -> HttpResponse:
    """Who may sign in, in which role, with which second factor."""
    found = people.people()
    return render_page(
        request, "accounts/people.html", {"people": found}, data=lambda: {"results": found}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.ACCOUNTS)
@never_cache
def add(request: Request) -> HttpResponse:
    """A new account; its first password is on the answer and nowhere else."""
    form = people.NewPersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render_page(request, "accounts/add.html", {"form": form})
    with transaction.atomic():
        user, password = people.add(form)
        given = f"role {form.cleaned_data['role'] or 'none'}"
        record(request, "account.added", kind="account", ids=[str(user.pk)], reason=given)
    return render_page(request, "accounts/password.html", {"person": user, "password": password})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Right.ACCOUNTS)
@never_cache
def person(request: Request, account_id: int) -> HttpResponse:
    """One account: role, reach, whether it may sign in, password, second factor, sessions."""
    user = get_object_or_404(User, pk=account_id)
    if request.method == "POST":
        people.must_be_another(request.user, user)
        with transaction.atomic():  # with its row in the trail, or not at all
            if request.POST.get("do") in {"assign", "unassign", "widen"}:
                return _assigned(request, user)
            return _changed(request, user)
    return _page(request, user, assigning.AssignmentForm())


def _page(
    request: Request,
    user: User,
    assignment: assigning.AssignmentForm,
    *,
    widens: Assignment | None = None,
) -> HttpResponse:
    """The account with what is assigned; Letta is asked for its organizations on request only.

    `widens` is an assignment that is taken away only when the question on the page is answered.
    """
    initial = {"role": people.role_name(user), "is_active": user.is_active}
    context = {
        "person": user,
        "form": people.PersonForm(initial=initial),
        "role": role(user),
        "assignments": user.assignments.order_by("kind", "value"),
        "reaches": user.assignments.filter(kind=Assignment.Kind.ORGANIZATION).exists(),
        "assignment_form": assignment,
        "widens": widens,
        "factors": people.factors(user),
        "sessions": people.sessions(user),
        "organizations": reach.organizations() if "organizations" in request.GET else None,
    }
    status = 422 if assignment.errors or widens else 200
    return render_page(request, "accounts/person.html", context, status=status)


def _assigned(request: Request, user: User) -> HttpResponse:
    """Adds or takes away one assignment; a form that does not fit is shown again."""
    if request.POST["do"] != "assign":
        return _taken_away(request, user)
    form = assigning.AssignmentForm(request.POST)
    if form.is_valid():
        assigning.assign(request, user, form)
    if form.errors:
        return _page(request, user, form)
    messages.info(request, "Assigned.")
    return HttpResponseRedirect(reverse("accounts:person", args=[user.pk]))


def _taken_away(request: Request, user: User) -> HttpResponse:
    """Takes one assignment away, or asks first where the person would see more without it."""
    widens = request.POST["do"] == "widen"
    try:
        assigning.take_away(request, user, request.POST.get("assignment", ""), may_widen=widens)
    except assigning.Widens as found:
        return _page(request, user, assigning.AssignmentForm(), widens=found.assignment)
    messages.info(request, "Taken away.")
    return HttpResponseRedirect(reverse("accounts:person", args=[user.pk]))


def _changed(request: Request, user: User) -> HttpResponse:
    """Carries out what the pressed button says, then puts it on record; unknown buttons change nothing."""
    action = request.POST.get("do", "")
    if action == "password":
        password = people.new_password(request, user)
        _record(request, PASSWORD_RESET, user)
        context = {"person": user, "password": password}
        return render_page(request, "accounts/password.html", context)
    if action == "factor":
        people.remove_second_factor(request, user)
        _record(request, FACTOR_RESET, user)
        messages.info(request, "The second factor is removed, and all sessions are ended.")
    elif action == "sessions":
        people.end_sessions(request, user)
        _record(request, "account.sessions-ended", user)
        messages.info(request, "All sessions are ended.")
    elif action == "save":
        _save(request, user)
    return HttpResponseRedirect(reverse("accounts:person", args=[user.pk]))


def _record(request: Request, action: str, user: User, *, reason: str = "") -> None:
    """Says whose account it is, as the name may change and a number tells reviewers nothing."""
    whose = f"account of {user.get_username()}, role {role_of(user) or 'none'}"
    record(request, action, kind="account", ids=[str(user.pk)], reason=reason or whose)


def _save(request: Request, user: User) -> None:
    form = people.PersonForm(request.POST)
    if not form.is_valid():
        return
    role, active = form.cleaned_data["role"], form.cleaned_data["is_active"]
    if not user.is_superuser:
        people.give_role(user, role)
    user.is_active = active
    user.save(update_fields=["is_active"])
    people.end_sessions(request, user)
    said = f"role {role or 'none'}, {'may' if active else 'may not'} sign in"
    _record(request, "account.changed", user, reason=said)
    messages.info(request, f"Saved: {said}. Sessions that were open are ended.")
