"""Where Django looks for models: our own. Letta's are in agents_app/letta/models."""

from agents_app.accounts.models import AccessEvent
from agents_app.aws.models import AwsAnswer, ClusterEvent
from agents_app.work.models import BackgroundWork

__all__ = ["AccessEvent", "AwsAnswer", "BackgroundWork", "ClusterEvent"]
