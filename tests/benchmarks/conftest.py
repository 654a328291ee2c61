"""The server that may be frozen, for benchmarks too."""

from tests.integration.conftest import freeze, victim

__all__ = ["freeze", "victim"]
