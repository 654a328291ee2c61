"""Skeletons of histories, and what a search through all traces found: ids, numbers, times, hashes."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now


class BlockSkeleton(models.Model):
    """A block's whole history without its texts.

    `key` says what the history was rebuilt from (see `key.py`); one that differs is outdated.
    `writers` are ids of the agents whose messages were read, `renames` ids of the rows whose calls
    may have renamed the block. `searched` is how far stray traces were looked through, `search` the
    state of that search, or null where nothing is left for it to explain.
    """

    block_id = models.CharField(max_length=120, db_index=True)
    key = models.CharField(max_length=64)
    writers = models.JSONField(default=list)
    renames = models.JSONField(default=list)
    revisions = models.BigIntegerField(default=0)
    writes = models.BigIntegerField(null=True)
    explained = models.BigIntegerField(default=0)
    gaps = models.BigIntegerField(default=0)
    searched = models.CharField(max_length=8, default="index")
    search = models.BigIntegerField(null=True)
    complete = models.BooleanField(default=False)
    made_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(db_default=Now())


class SkeletonPart(models.Model):
    """Some revisions in a row, oldest first, as `packing.py` writes them."""

    skeleton = models.ForeignKey(BlockSkeleton, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    rows = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skeleton", "number"], name="skeleton_part_number")
        ]


class StrayTrace(models.Model):
    """A trace that no index reaches: its step has no message any more.

    `shows` has a hash of the value by a hash of the label, for each block that its prompt shows.
    """

    trace_id = models.CharField(max_length=120, primary_key=True)
    agent_id = models.CharField(max_length=120, blank=True)
    shows = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["agent_id", "trace_id"], name="stray_agent_trace"),
            GinIndex(fields=["shows"], name="stray_shows"),
        ]


class StraySearch(models.Model):
    """How far the search through all traces has come, by primary key; one row at most.

    `about` is how many traces there are about, as the database estimates it.
    """

    reached = models.CharField(max_length=120, blank=True)
    read = models.BigIntegerField(default=0)
    about = models.BigIntegerField(default=0)
    complete = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_default=Now())
