"""Django's cursor wrappers for alias `letta`: LettaErrors only, and one silent retry for reads."""

from types import TracebackType
from typing import TYPE_CHECKING, Any

import psycopg
from django.db.backends.postgresql.base import CursorDebugWrapper
from django.db.backends.utils import CursorWrapper
from django.db.utils import DatabaseErrorWrapper

from agents_app.letta.engine import deadline
from agents_app.letta.errors import LettaError, classify

if TYPE_CHECKING:
    from agents_app.letta.engine.base import DatabaseWrapper

_RETRY_NEEDS_SECONDS = 0.2


class LettaErrorWrapper(DatabaseErrorWrapper):
    """Stands where Django makes its own exceptions of the driver's; every one becomes a LettaError."""

    wrapper: "DatabaseWrapper"

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(exc_value, psycopg.Error):
            error = classify(exc_value)
            self.wrapper.note(error)
            raise error.with_traceback(traceback) from exc_value
        if isinstance(exc_value, LettaError):
            self.wrapper.note(exc_value)


class _Retrying(CursorWrapper):
    """Repeats a read once on a fresh connection when the old one broke or a replica dropped it."""

    db: "DatabaseWrapper"

    def execute(self, sql: Any, params: Any = None) -> Any:
        breaker = self.db.serving.breaker
        breaker.admit()
        try:
            found = super().execute(sql, params)
        except LettaError as error:
            if not error.again or deadline.remaining() < _RETRY_NEEDS_SECONDS:
                raise
            form, self.cursor = self.cursor.format, self.db.fresh_cursor()
            self.cursor.format = form
            found = super().execute(sql, params)
        breaker.succeed()
        return found


class LettaCursorWrapper(_Retrying):
    """The plain one."""


class LettaCursorDebugWrapper(_Retrying, CursorDebugWrapper):
    """The one that keeps the statements, with DEBUG or in tests that count them."""
