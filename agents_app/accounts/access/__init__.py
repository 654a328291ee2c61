"""Access with a reason: organizations opened on request, objects revealed, and the review of both."""

from agents_app.accounts.access.openings import open_organizations
from agents_app.accounts.access.reveals import is_revealed

__all__ = ["is_revealed", "open_organizations"]
