"""What administrators assign to a person: organizations, identities, agents by tag."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest

from agents_app.accounts.audit import record
from agents_app.accounts.models import Assignment
from agents_app.accounts.reach import EVERY

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
        self.fields["level"].initial = Assignment.Level.OWN

    def clean(self) -> dict[str, Any]:
        """Only organizations have a level."""
        given: dict[str, Any] = super().clean() or {}
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


def take_away(request: HttpRequest, user: User, assignment_id: str) -> None:
    """Removes one of the person's; another id changes nothing."""
    found = (
        Assignment.objects.filter(user=user, pk=assignment_id).first()
        if assignment_id.isdigit()
        else None
    )
    if found is not None:
        _record(request, user, "unassigned", found)
        found.delete()


def _record(request: HttpRequest, user: User, word: str, one: Assignment) -> None:
    said = f"{one.kind} {one.value} {one.level}".strip()
    record(request, f"account.{word}", kind="account", ids=[str(user.pk)], reason=said)
