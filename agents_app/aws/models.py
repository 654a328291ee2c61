"""What our own database keeps of AWS: the newest answers, so that all share them, and every event."""

from django.db import models


class AwsAnswer(models.Model):
    """The newest answer to one question of this console to AWS: numbers, ids and times.

    At most one process asks at a time (`leased_until`), and nobody before `again_at`. A failure is
    kept as its slug and the permission it names, beside the last good answer.
    """

    key = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=30)
    leased_until = models.DateTimeField(null=True)
    again_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=30, blank=True, default="")
    permission = models.CharField(max_length=60, blank=True, default="")
    asked = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["touched_at"], name="aws_answer_touched")]


class ClusterEvent(models.Model):
    """One event of a cluster or instance, as AWS told it; AWS forgets after 14 days, we do not."""

    region = models.CharField(max_length=30)
    cluster_id = models.CharField(max_length=80)
    source = models.CharField(max_length=80)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    message = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "cluster_id", "source", "at", "message"],
                name="cluster_event_once",
            )
        ]
        indexes = [
            models.Index(fields=["region", "cluster_id", "-at"], name="cluster_event_newest")
        ]
