"""What was computed from vectors, kept in our own database: ids, numbers and hashes, never a text."""

from django.db import models
from django.db.models.functions import Now


class VectorFinding(models.Model):
    """A map or a scan of the vectors of one archive or agent.

    `fingerprint` stands for what it was computed from (see clouds.fingerprint): while it is the same,
    the finding holds. `body` is a compressed NumPy archive.
    """

    kind = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    scope = models.CharField(max_length=120)
    body = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "fingerprint"], name="one_finding_each")
        ]
        indexes = [models.Index(fields=["scope", "kind", "-made_at"])]
