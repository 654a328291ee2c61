"""Access with a reason: organizations opened on request, objects revealed, and the review of both."""

from agents_app.accounts.access.models import Reveal
from agents_app.accounts.access.openings import open_organizations
from agents_app.accounts.access.reveals import revealed

__all__ = ["Reveal", "open_organizations", "revealed"]
