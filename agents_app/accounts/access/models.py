"""What was opened or revealed for a reason, and what reviewers decided about it."""

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

MOST_IDLE: Final = timedelta(minutes=30)
MOST_OPEN: Final = timedelta(hours=4)
MOST_REVEALED: Final = timedelta(minutes=30)


class Category(models.TextChoices):
    """What somebody needs wider access for."""

    REQUEST = "request", "A customer's question"
    INCIDENT = "incident", "An incident"
    PRIVACY = "privacy", "An access or erasure request"
    AUDIT = "audit", "An audit or review"
    OTHER = "other", "Something else"


class Verdict(models.TextChoices):
    """What a reviewer says about an access."""

    APPROVED = "approved", "Approved"
    FLAGGED = "flagged", "Flagged"


class WithReason(models.Model):
    """An access that its user gave a reason for."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=12, choices=Category.choices)
    ticket = models.CharField(max_length=60, blank=True, db_default="")
    reason = models.CharField(max_length=400)

    class Meta:
        abstract = True

    @property
    def occasion(self) -> str:
        """Category and ticket in words."""
        label = Category(self.category).label
        return f"{label}, ticket {self.ticket}" if self.ticket else label


class Opening(WithReason):
    """An organization that a user opened on request.

    It is alive until it is closed, for 30 minutes after the last page and for 4 hours at most, by
    the database's clock. Once added, only `seen_at` and `closed_at` may change.
    """

    organization_id = models.CharField(max_length=120)
    opened_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-opened_at"])]

    @property
    def latest(self) -> datetime:
        """When it ends whatever its user does."""
        return self.opened_at + MOST_OPEN

    @property
    def until(self) -> datetime:
        """When it ends if its user opens no further page."""
        return min(self.seen_at + MOST_IDLE, self.latest)


class Reveal(WithReason):
    """An object that a user sees unmasked for 30 minutes, or until their sessions end.

    Once added, only `closed_at` may change.
    """

    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=120)
    revealed_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-revealed_at"])]

    @property
    def until(self) -> datetime:
        return self.revealed_at + MOST_REVEALED


class Review(models.Model):
    """One verdict about a row of the trail; never changed: a later verdict is a row of its own.

    `ordinal` counts the verdicts about one row from 1, so that of two people who decide at the same
    moment the second is told.
    """

    sequence = models.BigIntegerField()
    ordinal = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    note = models.CharField(max_length=500, blank=True, db_default="")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sequence", "ordinal"], name="review_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["verdict", "sequence"])]
