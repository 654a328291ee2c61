"""Background work that a person asked for: its state, progress and result as ids and numbers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class State(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BackgroundWork(models.Model):
    """One piece of work. `arguments` are encrypted: a search term is content, and our database keeps none.

    `about` is the id of what it is about, where a page looks for work that is under way.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=120, blank=True)
    arguments = models.BinaryField()
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result = models.JSONField(default=dict)
    failure = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    watched_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"])]

    @property
    def is_over(self) -> bool:
        return self.state in {State.DONE, State.FAILED, State.CANCELLED}

    @property
    def percent(self) -> int | None:
        """0 to 100, or None while the amount is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None
