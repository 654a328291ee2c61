"""The trail of who looked at what: ids and counts, never the text itself."""

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

RESETS: Final = ("account.factor-reset", "account.password-reset")
FACTOR_RESET, PASSWORD_RESET = RESETS
"""What gives somebody else's account away: whoever did it could sign in under that name."""

EXPORTS: Final = models.Q(action__endswith=".export")
TO_REVIEW: Final = models.Q(outcome="success") & (
    models.Q(action__in=(*RESETS, "object.reveal", "organization.open")) | EXPORTS
)
"""The rows of accesses that a second person looks at; an index answers this condition."""


class Outcome(models.TextChoices):
    """How an attempt ended."""

    SUCCESS = "success", "Allowed"
    DENIED = "denied", "Denied"
    FAILED = "failed", "Failed"


class AccessEvent(models.Model):
    """One view, search, export, sign-in or denied attempt; rows are only ever added.

    The database itself numbers each row without gaps, dates it by its own clock and seals it: `hash`
    is SHA-256 over the row's text (accounts/trail/chain.py) and the hash of the row before.
    """

    sequence = models.BigIntegerField(unique=True, db_default=0, editable=False)
    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    user_name = models.CharField(max_length=150, blank=True, db_default="")
    action = models.CharField(max_length=60)
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.SUCCESS, db_default="success"
    )
    object_kind = models.CharField(max_length=40)
    object_ids = ArrayField(models.CharField(max_length=120))
    object_count = models.PositiveIntegerField()
    organization_id = models.CharField(max_length=120, blank=True)
    agent_id = models.CharField(max_length=120, blank=True, db_default="")
    reason = models.CharField(max_length=500, blank=True, db_default="")
    terms = models.CharField(max_length=64, blank=True, db_default="")
    request_id = models.CharField(max_length=32)
    address = models.GenericIPAddressField(null=True)
    previous_hash = models.CharField(max_length=64, db_default="", editable=False)
    hash = models.CharField(max_length=64, db_default="", editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-at"]),
            models.Index(fields=["user", "-sequence"]),
            models.Index(fields=["agent_id", "-sequence"]),
            GinIndex(fields=["object_ids"]),
            models.Index(fields=["sequence"], condition=TO_REVIEW, name="trail_to_review"),
            models.Index(
                fields=["request_id", "action", "sequence"], condition=EXPORTS, name="trail_exports"
            ),
        ]


class Assignment(models.Model):
    """What an administrator assigned to a person: an organization, an identity, or agents by tag."""

    class Kind(models.TextChoices):
        ORGANIZATION = "organization", "Organization"
        IDENTITY = "identity", "Identity"
        TAG = "tag", "Tag of agents"

    class Level(models.TextChoices):
        """For organizations alone; identities and tags only narrow."""

        OWN = "own", "Own: open"
        ON_REQUEST = "on request", "On request: opens with a reason"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    value = models.CharField(max_length=255)
    level = models.CharField(max_length=20, choices=Level.choices, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "value"], name="assigned_once")
        ]


class TrailHead(models.Model):
    """The number and hash of the newest row: one row, written by the sealing trigger alone."""

    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)


class TrailSegment(models.Model):
    """A stretch of the trail that was moved out into a signed file; the rest follows its last hash."""

    first_sequence = models.BigIntegerField()
    last_sequence = models.BigIntegerField(unique=True)
    last_hash = models.CharField(max_length=64)
    last_at = models.DateTimeField()
    file_sha256 = models.CharField(max_length=64)
    moved_at = models.DateTimeField(db_default=Now())
