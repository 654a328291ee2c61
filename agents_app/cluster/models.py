"""What the cluster pages keep in our own database: sizes seen before, and the prices that hold."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class DatabaseVisit(models.Model):
    """Sizes at one visit of the database page: `{table: [bytes with indexes, estimated rows]}`.

    `database` is access.database_key(), so that another database starts a history of its own.
    """

    at = models.DateTimeField(db_default=Now())
    database = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    tables = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["database", "-at"])]


class PriceList(models.Model):
    """Prices that an operator set, newest valid; see cost.prices.Prices for units."""

    set_at = models.DateTimeField(db_default=Now())
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acu_hour_standard = models.DecimalField(max_digits=12, decimal_places=6)
    acu_hour_io_optimized = models.DecimalField(max_digits=12, decimal_places=6)
    storage_standard = models.DecimalField(max_digits=12, decimal_places=6)
    storage_io_optimized = models.DecimalField(max_digits=12, decimal_places=6)
    io_million = models.DecimalField(max_digits=12, decimal_places=6)
    region = models.CharField(max_length=30)
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=200)
    dated = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["-set_at"])]
