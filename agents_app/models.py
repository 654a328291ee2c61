"""Where Django looks for models: our own. Letta's are in agents_app/letta/models."""

from agents_app.accounts.access.models import Opening, Reveal, Review
from agents_app.accounts.models import AccessEvent, Assignment, TrailHead, TrailSegment
from agents_app.aws.models import AwsAnswer, ClusterEvent
from agents_app.cluster.models import DatabaseVisit, PriceList
from agents_app.embeddings.models import VectorFinding
from agents_app.letta.console import ConsoleConnection, KnownAgent, KnownFigures, WakeRequest
from agents_app.revisions.cache.models import (
    BlockSkeleton,
    SkeletonPart,
    StraySearch,
    StrayTrace,
)
from agents_app.work.models import BackgroundWork

__all__ = [
    "AccessEvent",
    "Assignment",
    "AwsAnswer",
    "BackgroundWork",
    "BlockSkeleton",
    "ClusterEvent",
    "ConsoleConnection",
    "DatabaseVisit",
    "KnownAgent",
    "KnownFigures",
    "Opening",
    "PriceList",
    "Reveal",
    "Review",
    "SkeletonPart",
    "StraySearch",
    "StrayTrace",
    "TrailHead",
    "TrailSegment",
    "VectorFinding",
    "WakeRequest",
]
