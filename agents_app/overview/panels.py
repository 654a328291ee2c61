"""Which panels the overview has, what each needs, and which of them a role starts from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agents_app.accounts.roles import Right
from agents_app.overview import activity, outcomes, own, state


@dataclass(frozen=True)
class PanelKind:
    """`ask` answers; `asks_letta` is False for panels of our own database, which are there at once."""

    name: str
    title: str
    needs: Right
    ask: Callable[[], Any]
    asks_letta: bool = True

    @property
    def template(self) -> str:
        return f"overview/{self.name}.html"


PANELS = {
    panel.name: panel
    for panel in (
        PanelKind("letta", "Letta’s database", Right.METADATA, state.database),
        PanelKind("conversations", "Recent conversations", Right.METADATA, activity.conversations),
        PanelKind("agents", "Active agents", Right.METADATA, activity.agents),
        PanelKind("failed", "Failed runs", Right.METADATA, outcomes.failed),
        PanelKind("unfinished", "Unfinished runs", Right.METADATA, outcomes.unfinished),
        PanelKind("memory", "Memory changed lately", Right.METADATA, state.memory),
        PanelKind("accesses", "Who looked at what", Right.TRAIL, own.accesses, asks_letta=False),
        PanelKind(
            "accounts", "People who may sign in", Right.ACCOUNTS, own.accounts, asks_letta=False
        ),
    )
}

ORDER: dict[str | None, tuple[str, ...]] = {
    "support": ("letta", "conversations", "failed", "memory"),
    "auditor": ("letta", "accesses", "memory", "conversations"),
    "ops": ("letta", "failed", "unfinished", "agents"),
    "admin": ("accounts",),
    "superuser": (
        "letta",
        "conversations",
        "failed",
        "unfinished",
        "memory",
        "accesses",
        "accounts",
    ),
    None: (),
}
"""The panels of each role, most important first; a person without a role has none."""


def panels_of(role: str | None, rights: frozenset[Right]) -> list[PanelKind]:
    """Those of the role that its rights cover."""
    return [PANELS[name] for name in ORDER.get(role, ()) if PANELS[name].needs in rights]
