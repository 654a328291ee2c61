"""The record of who looked at what: ids and counts, never the text itself."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class AccessEvent(models.Model):
    """One view, search or export of stored content by a person; rows are only ever added."""

    at = models.DateTimeField(db_default=Now())
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_ids = ArrayField(models.CharField(max_length=120))
    object_count = models.PositiveIntegerField()
    organization_id = models.CharField(max_length=120, blank=True)
    request_id = models.CharField(max_length=32)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at"]),
            models.Index(fields=["user", "-at"]),
        ]
