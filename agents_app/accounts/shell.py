"""What every page's frame shows: the person, their rights, banners, and Letta's state as far as known."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import get_current_timezone_name

from agents_app.accounts.roles import Right, rights_in, role, role_of
from agents_app.accounts.trail import freshness
from agents_app.letta import access, catalogue


@dataclass(frozen=True)
class Banner:
    level: str
    text: str
    href: str | None = None


@dataclass(frozen=True)
class LettaState:
    """`state`: unconfigured, unused, ok, waking or down; release and schema once the catalogue was read."""

    state: str
    release: str
    schema: str
    text: str


def shell(request: HttpRequest) -> dict[str, Any]:
    """The template variable `shell`; asks nothing of Letta."""
    user = request.user if hasattr(request, "user") else None
    rights = rights_in(request) if user is not None else frozenset()
    return {
        "shell": {
            "signed_in": bool(user is not None and user.is_authenticated),
            "user_name": user.get_username() if user is not None else "",
            "role_label": (role_of(user) if user is not None else None) or "no role",
            "everywhere": user is not None and role(user).reach == "everywhere",
            "can": {right.value: right in rights for right in Right},
            "banners": [
                *banners(),
                *(trail_banners() if Right.TRAIL in rights else ()),
            ],
            "letta": letta_state(),
            "sign_on": settings.INSPECTOR_OIDC_NAME if settings.INSPECTOR_OIDC_URL else "",
            "times": getattr(request, "times", "reader"),
            "zone_name": get_current_timezone_name(),
            "request_id": getattr(request, "id", "-"),
            "version": settings.VERSION,
            "theme": {"light": "light", "dark": "dark"}.get(
                request.COOKIES.get("inspector_theme", ""), ""
            ),
        }
    }


def banners() -> list[Banner]:
    """Warnings that stay on every page while their cause does."""
    found = []
    if settings.INSPECTOR_ALLOW_POWERFUL_ROLE:
        found.append(
            Banner(
                "danger",
                "The Letta role may be able to write: INSPECTOR_ALLOW_POWERFUL_ROLE is set.",
            )
        )
    if access.status().weak_tls:
        found.append(
            Banner(
                "warn",
                "The connection to Letta is not verified: INSPECTOR_LETTA_ALLOW_WEAK_TLS is set.",
            )
        )
    if settings.DEBUG:
        found.append(Banner("info", "Debug mode: not for production."))
    return found


def trail_banners() -> list[Banner]:
    """For those who watch the trail: its newest signed checkpoint is missing or older than 26 hours."""
    found = freshness.newest()
    if found.state in {"unset", "fresh"}:
        return []
    text = "has never been signed" if found.at is None else "was last signed over 26 hours ago"
    return [Banner("warn", f"The trail {text}: manage.py checkpoint_trail has not run.")]


def letta_state() -> LettaState:
    """What this process knows of Letta's database without connecting."""
    status, known = access.status(), catalogue.known()
    if not status.configured:
        return LettaState("unconfigured", "", "", "No Letta database is configured.")
    words = {
        "unused": "not connected",
        "ok": "connected",
        "waking": "waking up",
        "down": "not answering",
    }
    return LettaState(
        status.state,
        known.release if known else "",
        known.schema if known else "",
        words.get(status.state, status.state),
    )
