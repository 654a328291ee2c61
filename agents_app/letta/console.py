"""What this console keeps of its own doings with Letta: connections, wishes to wake, names and figures.

Everything here is in our own database. It holds names of agents, ids, numbers and times; no content.
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class WakeRequest(models.Model):
    """A person pressed the button that lets this console connect to a paused cluster."""

    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["-at"])]


class ConsoleConnection(models.Model):
    """One attempt of this console to connect; `woke` where it had to wait as long as a cluster wakes.

    `user` is who asked for the page that opened it, as far as one person did.
    """

    at = models.DateTimeField()
    seconds = models.FloatField()
    succeeded = models.BooleanField()
    woke = models.BooleanField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["-at"])]


class KnownAgent(models.Model):
    """An agent's name as it was shown last; `database` tells databases apart (see access.database_key)."""

    database = models.CharField(max_length=64)
    agent_id = models.CharField(max_length=120)
    name = models.TextField(null=True)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["database", "agent_id"], name="known_agent_once")
        ]
        indexes = [models.Index(fields=["database", "-seen_at"])]


class KnownFigures(models.Model):
    """What the catalogue told last: release, schema, and the planner's rows of each table."""

    database = models.CharField(max_length=64, primary_key=True)
    taken_at = models.DateTimeField(db_default=Now())
    release = models.CharField(max_length=60)
    schema = models.CharField(max_length=63)
    rows = models.JSONField()
