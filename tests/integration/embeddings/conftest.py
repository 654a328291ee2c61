"""A real HTTP server in the place of an embedding endpoint."""

import threading
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.endpoint import KEY, Server


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    found = Server()
    threading.Thread(target=found.serve_forever, daemon=True).start()
    settings.INSPECTOR_EMBEDDING_BASE_URL = found.url
    settings.INSPECTOR_EMBEDDING_API_KEY = KEY
    yield found
    found.shutdown()
    found.server_close()
