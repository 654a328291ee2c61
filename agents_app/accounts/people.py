"""The accounts of this console: who may sign in, in which role; kept by administrators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.utils.crypto import get_random_string

from agents_app.accounts.access.leaving import leave
from agents_app.accounts.roles import ROLES
from agents_app.ui.http import Request

MOST = 1_000
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105  (an alphabet)


@dataclass(frozen=True)
class Person:
    """One account as the list shows it."""

    id: int
    name: str
    role: str
    is_active: bool
    has_second_factor: bool
    last_login: datetime | None


def people() -> list[Person]:
    """All accounts by name, at most 1,000. Three queries."""
    with_factor = set(Authenticator.objects.values_list("user_id", flat=True))
    users = User.objects.prefetch_related("groups").order_by("username")[:MOST]
    return [
        Person(user.pk, user.username, role_name(user), user.is_active, user.pk in with_factor, user.last_login)
        for user in users
    ]  # fmt: skip


def role_name(user: User) -> str:
    """The role as the list shows it: superuser, one of ROLES, or nothing."""
    if user.is_superuser:
        return "superuser"
    names = {group.name for group in user.groups.all()}
    return next((name for name in ROLES if name in names), "")


class RoleField(forms.ChoiceField):
    """One of the roles, or none yet."""

    def __init__(self) -> None:
        super().__init__(
            required=False, choices=[("", "None yet"), *((role, role) for role in ROLES)]
        )


class NewPersonForm(forms.ModelForm):  # type: ignore[type-arg]  # subscriptable for mypy only
    """Name and role of a new account."""

    role = RoleField()

    class Meta:
        model = User
        fields = ("username",)


class PersonForm(forms.Form):
    """What an administrator changes about an account."""

    role = RoleField()
    is_active = forms.BooleanField(required=False, label="May sign in")


def add(form: NewPersonForm) -> tuple[User, str]:
    """Makes the account with a password that is shown once; the person changes it."""
    password = get_random_string(20, PASSWORD_LETTERS)
    user = form.save(commit=False)
    user.set_password(password)
    user.save()
    give_role(user, form.cleaned_data["role"])
    return user, password


def give_role(user: User, role: str) -> None:
    """The one role of a user; an empty name takes it away."""
    user.groups.set(Group.objects.filter(name=role) if role else [])


def new_password(request: Request, user: User) -> str:
    """Replaces the password and signs the person out everywhere."""
    password = get_random_string(20, PASSWORD_LETTERS)
    user.set_password(password)
    user.save()
    end_sessions(request, user)
    return password


def remove_second_factor(request: Request, user: User) -> None:
    """Lets the person set up another app or key; for a lost phone."""
    Authenticator.objects.filter(user=user).delete()
    end_sessions(request, user)


def end_sessions(request: Request, user: User) -> None:
    """Signs the person out everywhere, with all that they opened and revealed."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    leave(request, user, by=request.user)


def factors(user: User) -> int:
    """How many apps, keys and sets of recovery codes the person signs in with."""
    return Authenticator.objects.filter(user=user).count()


def sessions(user: User) -> int:
    """How many sessions the person is signed in with."""
    return UserSession.objects.filter(user=user).count()


def must_be_another(actor: Any, user: User) -> None:
    """Nobody changes their own account's rights, and only superusers touch superusers."""
    if actor.pk == user.pk:
        raise PermissionDenied("Another administrator has to change your account.")
    if user.is_superuser and not actor.is_superuser:
        raise PermissionDenied("Only a superuser changes a superuser's account.")
