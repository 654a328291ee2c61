"""Where Django looks for models: our own. Letta's are in agents_app/letta/models."""

from agents_app.accounts.models import AccessEvent, TrailHead, TrailSegment
from agents_app.embeddings.models import VectorFinding
from agents_app.work.models import BackgroundWork

__all__ = ["AccessEvent", "BackgroundWork", "TrailHead", "TrailSegment", "VectorFinding"]
