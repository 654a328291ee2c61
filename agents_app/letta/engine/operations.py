"""What Django asks of a backend about statements, answered without a connection."""

from typing import Any

from django.db.backends.postgresql import operations


class DatabaseOperations(operations.DatabaseOperations):
    """Django would merge parameters by a new cursor, which after a fault would connect again."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """The statement as the cursor sent it; only kept with DEBUG or in tests."""
        sent = getattr(cursor, "_query", None)
        return sent.query.decode() if sent else str(sql)
