"""What Django may expect of alias `letta`: PostgreSQL without savepoints or schema changes."""

from django.db.backends.postgresql import features


class DatabaseFeatures(features.DatabaseFeatures):
    """atomic() works and does nothing, so neither may rely on what it would do."""

    uses_savepoints = False
    can_rollback_ddl = False
