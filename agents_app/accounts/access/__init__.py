"""Access with a reason: organizations opened on request, objects revealed, and the review of both."""
