"""What administrators assign to a person: organizations, identities, agents by tag."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from agents_app.accounts.audit import record
from agents_app.accounts.models import Assignment
from agents_app.accounts.reach import EVERY

_BEGINS = {Assignment.Kind.ORGANIZATION: "org-", Assignment.Kind.IDENTITY: "identity-"}
MOST_ASSIGNMENTS = 200  # of one person: they stand in every statement


class AssignmentForm(forms.ModelForm):  # type: ignore[type-arg]  # subscriptable for mypy only
    """One assignment more; the id of an organization may be `*` for every one."""

    class Meta:
        model = Assignment
        fields = ("kind", "value", "level")
        labels = {"kind": "Assign", "value": "Id, or the tag itself", "level": "Organization is"}
        help_texts = {"value": f"{EVERY} stands for every organization."}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["level"].required = False

    def clean(self) -> dict[str, Any]:
        """Only organizations have a level; ids begin as Letta's do, so that a name is not taken for one."""
        given: dict[str, Any] = super().clean() or {}
        begins = _BEGINS.get(given.get("kind", ""), "")
        if given.get("value", EVERY) != EVERY and not given["value"].startswith(begins):
            self.add_error("value", f"An id of this kind begins with {begins}.")
        if given.get("kind") == Assignment.Kind.ORGANIZATION:
            if not given.get("level"):
                self.add_error("level", "Say whether it is open or opens with a reason.")
        else:
            given["level"] = ""
        return given


def assign(request: HttpRequest, user: User, form: AssignmentForm) -> None:
    """Adds it, or changes the level of one that is there; on record."""
    if user.assignments.count() >= MOST_ASSIGNMENTS:
        form.add_error(
            None, f"A person may have {MOST_ASSIGNMENTS} assignments. Use a tag instead."
        )
        return
    given = form.cleaned_data
    _record(request, user, "assigned", Assignment(**given))
    Assignment.objects.update_or_create(
        user=user, kind=given["kind"], value=given["value"], defaults={"level": given["level"]}
    )


class Widens(Exception):
    """Without `assignment` nothing narrows the person's organizations any more."""

    def __init__(self, assignment: Assignment) -> None:
        super().__init__(assignment.value)
        self.assignment = assignment


def take_away(
    request: HttpRequest, user: User, assignment_id: str, *, may_widen: bool = False
) -> None:
    """Removes one of the person's, on record; another id changes nothing.

    The last identity or tag of somebody with organizations goes only where `may_widen` says so, else
    Widens: what narrows them never ends unnoticed. The rows are locked, so that two administrators
    do not take the last two at once.
    """
    with transaction.atomic():
        rows = list(Assignment.objects.select_for_update().filter(user=user).order_by("pk"))
        found = next((one for one in rows if str(one.pk) == assignment_id), None)
        if found is None:
            return
        widens = _widens(found, [one for one in rows if one != found])
        if widens and not may_widen:
            raise Widens(found)
        _record(request, user, "unassigned", found, "now whole organizations" if widens else "")
        found.delete()


def _widens(one: Assignment, others: list[Assignment]) -> bool:
    left = {other.kind for other in others}
    return one.kind != Assignment.Kind.ORGANIZATION and left == {Assignment.Kind.ORGANIZATION}


def _record(
    request: HttpRequest, user: User, word: str, one: Assignment, besides: str = ""
) -> None:
    said = ", ".join(filter(None, [f"{one.kind} {one.value} {one.level}".strip(), besides]))
    record(request, f"account.{word}", kind="account", ids=[str(user.pk)], reason=said)
