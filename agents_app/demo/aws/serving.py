"""The handler and moto behind it, served on loopback by one process."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from wsgiref.types import WSGIApplication

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

HOST = "127.0.0.1"


def moto() -> WSGIApplication:
    """A moto server's application; its state is the process's."""
    application: WSGIApplication = DomainDispatcherApplication(create_backend_app)
    return application


def server(application: WSGIApplication, port: int = 0) -> BaseWSGIServer:
    """One that serves each request in a thread; port 0 takes a free one."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return make_server(HOST, port, application, threaded=True)


@contextmanager
def served(application: WSGIApplication) -> Iterator[str]:
    """Its URL while it is served by a thread."""
    running = server(application)
    threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://{HOST}:{running.server_port}"
    finally:
        running.shutdown()
        running.server_close()
