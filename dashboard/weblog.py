"""The web server's own log without what a request said: an address may hold a customer's key."""

import sys
from typing import Any

from gunicorn.glogging import Logger


class WebLog(Logger):
    """gunicorn writes the request line of refused and failed requests; this writes that, and why, without it.

    There is no access log: RequestLine (ui/middleware.py) writes one line for each request.
    """

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """A refused request is named without its words, which gunicorn has put into the message."""
        if str(msg).startswith("Invalid request"):
            msg, args = "A request that is no valid HTTP was refused.", ()
        super().warning(msg, *args, **kwargs)  # type: ignore[no-untyped-call]

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """The words before the first blank of the message's values, and the class of the fault; no trace."""
        fault = msg if isinstance(msg, BaseException) else sys.exception()
        words = "" if isinstance(msg, BaseException) else str(msg).partition("%")[0].strip()
        self.error_log.error("%s (%s)", words or "Failure", type(fault).__name__)

    def access(self, *arguments: Any, **options: Any) -> None:
        """Nothing, whatever gunicorn's settings say."""
