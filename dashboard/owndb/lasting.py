"""Django's cache in our own database, but an entry ends by its time alone."""

from typing import Any, Final

from django.core.cache.backends.db import DatabaseCache
from django.db import connections

_ENDED: Final = "DELETE FROM {table} WHERE expires < %s"


class LastingCache(DatabaseCache):
    """For counters of failed sign-ins, and codes that were used.

    Where there are many entries Django's own removes live ones, by the order of their keys: whoever
    made enough of them by guessing at other names was let guess again.
    """

    def _cull(self, db: str, cursor: Any, now: Any, num: int) -> None:
        """Removes what has ended, whenever there are more than MAX_ENTRIES; all of it is by an index."""
        operations = connections[db].ops
        statement = _ENDED.format(
            table=operations.quote_name(self.cache_model_class._meta.db_table)
        )
        cursor.execute(statement, [operations.adapt_datetimefield_value(now)])
